package registry

import (
	"cmp"
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

const (
	unkeyed = "SELECT * FROM owners WHERE phone_end_index IS NULL AND id > ? ORDER BY id LIMIT ?"
	keyEnds = "UPDATE owners SET phone_end_index = ?, document_end_index = ? WHERE id = ? AND phone_end_index IS NULL AND phone = ? AND document = ?"
)

// KeyEnds keys the last four of numbers that were kept before anybody looked
// for them, some owners at a time. What is changed or sealed anew meanwhile is
// left to who does so, or to the next turn, as is what a stop leaves; several
// replicas may key at once. One that cannot be opened holds no other up.
func (s *Service) KeyEnds(ctx context.Context) (failed error) {
	for after := ""; ; {
		var owners []model.Owner
		if err := s.DB.Read(ctx).Raw(unkeyed, after, batch).Scan(&owners).Error; err != nil {
			return fmt.Errorf("find owners to key: %w", err)
		}
		if len(owners) == 0 {
			return failed
		}
		after = owners[len(owners)-1].ID
		some := make([]ended, len(owners))
		parallel(len(owners), func(i int) { some[i] = s.endsOf(owners[i]) })
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
			for i, o := range owners {
				if some[i].err != nil {
					continue
				}
				if err := tx.Exec(keyEnds, some[i].phone, some[i].document, o.ID, o.Phone, o.Document).Error; err != nil {
					return fmt.Errorf("key owner %s: %w", o.ID, err)
				}
			}
			return nil
		})
		for _, e := range some {
			failed = cmp.Or(failed, e.err)
		}
		if err != nil {
			return err
		}
	}
}

type ended struct {
	phone, document string
	err             error
}

func (s *Service) endsOf(o model.Owner) (e ended) {
	p, err := s.reveal(o)
	if err != nil {
		return ended{err: fmt.Errorf("read owner %s: %w", o.ID, err)}
	}
	e.phone, e.document = s.ends(p)
	return e
}
