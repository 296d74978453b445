package notices

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audience"
	"gongdi/service/calendar"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/safety"
	"gongdi/service/store"
)

// What is refused of objections when they come.
var (
	ErrNotPublicity = fault.New(fault.Conflict, "not_publicity", "只有公示可以提出异议")
	ErrOwnersObject = fault.New(fault.Forbidden, "objection_by_owner", "异议由产权人提出；承租人和家人可以提意见建议，或由产权人书面提出")
)

// answerDays is within how many working days an objection is answered unless
// the street sets another number.
const answerDays = 5

// Object takes an objection to what is publicised (异议), while the period
// runs: of an owner in the audience, or of a neighbour who is heard.
func (s *Service) Object(ctx context.Context, caller model.Caller, noticeID, words string, papers []string) (*model.Objection, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Objection, error) {
		n, homes, err := s.seen(tx, caller, noticeID)
		if err != nil {
			return nil, err
		}
		now := s.now()
		if err := objectable(n, now); err != nil {
			return nil, err
		}
		owned := slices.IndexFunc(homes, func(h home) bool { return h.Relation == model.RelationOwner })
		if owned < 0 {
			return nil, ErrOwnersObject
		}
		o := &model.Objection{ResidentID: caller.ID, PropertyID: homes[owned].PropertyID, Version: n.Version, At: now}
		if err := s.keepObjection(ctx, tx, caller, o, n.ID, words, papers); err != nil {
			return nil, err
		}
		return o, s.checkObjection(tx, caller, o, homes[owned].AreaCode, words, papers)
	})
}

// objectable judges whether an objection that came in at an instant is in time.
func objectable(n *model.Notice, at time.Time) error {
	switch {
	case n.Kind != model.Publicity:
		return ErrNotPublicity
	case n.StatusAt(at) == model.NoticeHasEnded:
		return ErrOver
	case n.StatusAt(at) != model.NoticeIsPublished:
		return ErrNotPublished
	}
	return nil
}

// PaperObjection is one that was handed in on paper.
type PaperObjection struct {
	Name, PropertyID, Words string
	ReceivedAt              *time.Time // now when nil; the period is judged at it
	Papers                  []string
}

// EnterObjection records an objection on paper: in time when it was received
// in time, whenever it is typed; it is to be answered from that day on.
func (s *Service) EnterObjection(ctx context.Context, caller model.Caller, noticeID string, p PaperObjection) (*model.Objection, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Objection, error) {
		n, err := notice(tx, noticeByID, noticeID)
		if err != nil {
			return nil, err
		}
		received, err := s.received(p.ReceivedAt)
		if err != nil {
			return nil, err
		}
		if err := objectable(n, received); err != nil {
			return nil, err
		}
		if err := inArea(tx, caller, p.PropertyID); err != nil {
			return nil, err
		}
		o := &model.Objection{Name: s.Vault.Seal(objectionName, p.Name), PropertyID: p.PropertyID, At: received}
		if o.Version, err = versionAt(tx, n, received); err != nil {
			return nil, err
		}
		if err := s.keepObjection(ctx, tx, caller, o, n.ID, p.Words, p.Papers); err != nil {
			return nil, err
		}
		if err := s.checkObjection(tx, caller, o, n.AreaCode, p.Words, p.Papers); err != nil {
			return nil, err
		}
		return o, s.record(ctx, tx, caller, n, "enter_objection", "")
	})
}

// checkObjection has it judged before its words stand in what is posted.
func (s *Service) checkObjection(tx *gorm.DB, caller model.Caller, o *model.Objection, areaCode, words string, papers []string) error {
	return s.Safety.Submit(tx, caller, safety.Item{About: ObjectionPapers(o.ID), AreaCode: areaCode, Words: words, Files: papers})
}

func (s *Service) received(at *time.Time) (time.Time, error) {
	now := s.now()
	if at == nil {
		return now, nil
	}
	if at.After(now) {
		return now, fault.Unknown("body.received_at", "收到时间不能在将来")
	}
	return at.UTC().Truncate(time.Millisecond), nil
}

// inArea refuses a home that is not in the caller's area; none at all is fine.
func inArea(tx *gorm.DB, caller model.Caller, propertyID string) error {
	if propertyID == "" {
		return nil
	}
	var area string
	err := tx.Raw("SELECT e.area_code "+audience.HomesJoined+"WHERE p.id = ?", propertyID).Row().Scan(&area)
	if err == nil && caller.Covers(area) {
		return nil
	}
	return fault.Unknown("body.property_id", "没有找到这套房屋，或者不在您的辖区之内")
}

// versionAt is the version that could be read at an instant.
func versionAt(tx *gorm.DB, n *model.Notice, at time.Time) (version int, err error) {
	const query = "SELECT COALESCE(MAX(version), ?) FROM notice_versions WHERE notice_id = ? AND published_at <= ?"
	if err := tx.Raw(query, n.Version, n.ID, at).Scan(&version).Error; err != nil {
		return 0, fmt.Errorf("find the version of notice %s: %w", n.ID, err)
	}
	return version, nil
}

func (s *Service) keepObjection(ctx context.Context, tx *gorm.DB, caller model.Caller, o *model.Objection, noticeID, words string, papers []string) error {
	c, err := calendar.Of(tx, quantity.DateOf(o.At))
	if err != nil {
		return err
	}
	o.ID, o.NoticeID, o.Status, o.DueDays = store.NewID(), noticeID, model.ObjectionSubmitted, cmp.Or(s.AnswerDays, answerDays)
	o.Words = s.Vault.Seal(objectionWords, words)
	due := c.WorkingDays(quantity.DateOf(o.At), o.DueDays)
	o.DueOn, o.DueProvisional = due.Date, due.Provisional
	if err := gorm.G[model.Objection](tx).Create(ctx, o); err != nil {
		return fmt.Errorf("keep an objection to notice %s: %w", noticeID, err)
	}
	staff := ""
	if caller.Kind == model.StaffSession {
		staff = caller.ID
	}
	if err := s.step(tx, o, staff, ""); err != nil {
		return err
	}
	return files.Attach(tx, caller, ObjectionPapers(o.ID), papers, "body.file_ids")
}
