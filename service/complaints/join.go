package complaints

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// ErrJoinClosed says that a case is not open to «me too» any more.
var ErrJoinClosed = fault.New(fault.Conflict, "complaint_closed", "这件诉求已经办结，请另行提交")

// Near is a like case nearby, as other residents may see it: nothing that
// anybody wrote, and no more of the place than the block.
type Near struct {
	ID, Number, CategoryCode, Building string
	Status                             complaint.State
	Joined                             int64
}

// nearDays is how far back a like case is looked for.
const nearDays = 30

const near = `SELECT c.id, c.number, c.category_code, c.building, c.status, (SELECT COUNT(*) FROM complaint_joins j WHERE j.complaint_id = c.id) AS joined
FROM complaints c WHERE c.estate_id = ? AND (? = '' OR c.category_code = ?) AND (? = '' OR c.building = ?) AND c.status IN ? AND c.filed_at >= ?
AND c.kind IN ('complaint', 'help') AND c.category_code NOT IN ('dispute') ORDER BY c.filed_at DESC, c.id DESC LIMIT 20`

// Nearby lists the open cases of an estate that are like one to be filed. A
// quarrel of neighbours is nobody else's.
func (s *Service) Nearby(ctx context.Context, estateID, category, building string) ([]Near, error) {
	rows := []Near{}
	since := s.now().AddDate(0, 0, -nearDays)
	block := buildingIn(building)
	if err := s.DB.Read(ctx).Raw(near, estateID, category, category, block, block, openStates(), since).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("look for like cases: %w", err)
	}
	return rows, nil
}

// HasNear refuses, with not found, a case that is not shown to other residents.
func (s *Service) HasNear(ctx context.Context, id string) error {
	var n int64
	const shown = "SELECT COUNT(*) FROM complaints WHERE id = ? AND estate_id <> '' AND kind IN ('complaint', 'help') AND category_code NOT IN ('dispute')"
	if err := s.DB.Read(ctx).Raw(shown, id).Scan(&n).Error; err != nil {
		return fmt.Errorf("find case %s: %w", id, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// MeToo joins a like case: whoever joined is told of the answer.
func (s *Service) MeToo(ctx context.Context, caller model.Caller, id string) (joined int64, err error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (int64, error) {
		c, err := read(tx, s.DB.Locked(caseByID), id)
		if err != nil {
			return 0, err
		}
		if !c.Status.Open() {
			return 0, ErrJoinClosed
		}
		if err := s.join(tx, c, caller.ID); err != nil {
			return 0, err
		}
		var n int64
		if err := tx.Raw("SELECT COUNT(*) FROM complaint_joins WHERE complaint_id = ?", id).Scan(&n).Error; err != nil {
			return 0, fmt.Errorf("count who joined case %s: %w", id, err)
		}
		return n, nil
	})
}

// Note adds a supervision note (督办意见), which the resident does not read.
func (s *Service) Note(ctx context.Context, caller model.Caller, id, words string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		c, err := read(tx, s.DB.Locked(caseByID), id)
		if err != nil {
			return err
		}
		if err := said(words); err != nil {
			return err
		}
		if err := s.note(tx, c, &model.ComplaintStep{Step: model.StepNote, ActorKind: string(caller.Kind), ActorID: caller.ID}, words); err != nil {
			return err
		}
		if err := s.tellOffice(tx, c, model.StepNote, "", s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, model.ConductCases, c, "note", "")
	})
}

// Assigned is what became of one case of a bulk assignment.
type Assigned struct {
	ID      string
	Case    *model.Complaint
	Refused *fault.Error
}

// AssignAll assigns several cases, each in a transaction of its own: one that
// cannot be assigned does not hold up the rest.
func (s *Service) AssignAll(ctx context.Context, caller model.Caller, ids []string, act Act) ([]Assigned, error) {
	out := make([]Assigned, 0, len(ids))
	for _, id := range ids {
		one := Assigned{ID: id}
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) (err error) {
			one.Case, err = s.do(ctx, tx, caller, id, act)
			return err
		})
		if err != nil && !errors.As(err, &one.Refused) {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}
