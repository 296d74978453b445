package schemes

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Content is an entry of the catalogue with its class.
type Content struct {
	model.SchemeContent
	ClassName string
	ComesLast bool
}

const allContents = `SELECT c.*, k.name AS class_name, k.comes_last FROM scheme_contents c JOIN scheme_classes k ON k.code = c.class_code
ORDER BY c.position, c.code`

func contents(db *gorm.DB) ([]Content, error) {
	var rows []Content
	if err := db.Raw(allContents).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return rows, nil
}

// Catalogue is what schemes may contain, and the classes of it.
func (s *Service) Catalogue(ctx context.Context) ([]model.SchemeClass, []Content, error) {
	var classes []model.SchemeClass
	db := s.DB.Read(ctx)
	if err := db.Raw("SELECT * FROM scheme_classes ORDER BY position, code").Scan(&classes).Error; err != nil {
		return nil, nil, fmt.Errorf("read the classes of the catalogue: %w", err)
	}
	rows, err := contents(db)
	return classes, rows, err
}

// SetClass adds a class of contents or changes it. Published versions keep the
// words that they were published with.
func (s *Service) SetClass(ctx context.Context, caller model.Caller, c model.SchemeClass) error {
	c.UpdatedBy, c.UpdatedAt = caller.ID, s.now()
	return s.set(ctx, caller, "scheme_class", c.Code, func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&c).Error
	})
}

// SetContent adds a content to the catalogue, changes or retires it. Versions
// that name it keep the words that they were written with.
func (s *Service) SetContent(ctx context.Context, caller model.Caller, c model.SchemeContent) error {
	c.UpdatedBy, c.UpdatedAt = caller.ID, s.now()
	return s.set(ctx, caller, "scheme_content", c.Code, func(tx *gorm.DB) error {
		var n int
		if err := tx.Raw("SELECT COUNT(*) FROM scheme_classes WHERE code = ?", c.ClassCode).Scan(&n).Error; err != nil {
			return err
		}
		if n == 0 {
			return fault.Unknown("body.class", "没有这个类别")
		}
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&c).Error
	})
}

func (s *Service) set(ctx context.Context, caller model.Caller, kind, code string, write func(tx *gorm.DB) error) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := write(tx); err != nil {
			return fmt.Errorf("set %s %s: %w", kind, code, err)
		}
		return s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.EditCatalogue, Verb: "set", ObjectType: kind, ObjectID: code, AreaCode: caller.AreaCode,
		})
	})
}
