package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// ErrObjectionStep says that an objection does not go from where it stands to
// where it is sent.
var ErrObjectionStep = fault.New(fault.Conflict, "objection_step", "异议目前的状态不能进行这一步")

const (
	objectionWords vault.Field = "objection.words"
	objectionName  vault.Field = "objection.name"
	stepWords      vault.Field = "objection_step.words"
)

// ObjectionPapers is what the papers of an objection belong to.
func ObjectionPapers(id string) model.About { return model.About{Type: "objection", ID: id} }

func (s *Service) step(tx *gorm.DB, o *model.Objection, staffID, words string) error {
	var last int
	if err := tx.Raw("SELECT COALESCE(MAX(number), 0) FROM objection_steps WHERE objection_id = ?", o.ID).Scan(&last).Error; err != nil {
		return fmt.Errorf("count the steps of objection %s: %w", o.ID, err)
	}
	row := model.ObjectionStep{
		ID: store.NewID(), ObjectionID: o.ID, Number: last + 1, Status: o.Status, Words: s.Vault.Seal(stepWords, words), StaffID: staffID, At: s.now(),
	}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("note a step of objection %s: %w", o.ID, err)
	}
	return nil
}

const objectionByID = "SELECT * FROM objections WHERE id = ?"

func (s *Service) advance(tx *gorm.DB, id, staffID string, to model.ObjectionStatus, words string) (*model.Objection, error) {
	var o model.Objection
	err := tx.Raw(s.DB.Locked(objectionByID), id).Take(&o).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("hold objection %s: %w", id, err)
	}
	if !slices.Contains(model.ObjectionSteps[o.Status], to) {
		return nil, ErrObjectionStep
	}
	o.Status = to
	if err := tx.Exec("UPDATE objections SET status = ? WHERE id = ?", to, id).Error; err != nil {
		return nil, fmt.Errorf("move objection %s: %w", id, err)
	}
	return &o, s.step(tx, &o, staffID, words)
}

// MoveObjection takes the next step with an objection, says why, and tells who
// raised it.
func (s *Service) MoveObjection(ctx context.Context, caller model.Caller, n *model.Notice, id string, to model.ObjectionStatus, words string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		o, err := s.advance(tx, id, caller.ID, to, words)
		if err != nil {
			return err
		}
		if o.ResidentID != "" {
			news := messages.News{Kind: "objection", AboutType: "notice", AboutID: n.ID, Text: "您对“" + n.Title + "”提出的异议：" + objectionWordsOf[to] + "。" + words, Hint: "您提出的异议有了新的答复"}
			if err := messages.Tell(tx, []string{o.ResidentID}, news, s.now()); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, caller, n, "objection_"+string(to), "")
	})
}

// WithdrawObjection is the objector's own end of it.
func (s *Service) WithdrawObjection(ctx context.Context, caller model.Caller, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		_, err := s.advance(tx, id, "", model.ObjectionWithdrawn, "")
		return err
	})
}

var objectionWordsOf = map[model.ObjectionStatus]string{
	model.ObjectionSubmitted: "已提交", model.ObjectionAccepted: "已受理", model.ObjectionNegotiating: "协商中", model.ObjectionMediating: "调解中",
	model.ObjectionSettled: "已解决", model.ObjectionWithdrawn: "已撤回", model.ObjectionUnsettled: "未能解决",
}

// HasObjection refuses, with not found, an objection to another notice, or of
// another resident where one is named.
func (s *Service) HasObjection(ctx context.Context, noticeID, residentID, id string) error {
	var n int
	err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM objections WHERE id = ? AND (? = '' OR notice_id = ?) AND (? = '' OR resident_id = ?)",
		id, noticeID, noticeID, residentID, residentID).Scan(&n).Error
	if err != nil {
		return fmt.Errorf("find objection %s: %w", id, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// Unsettled counts the written objections that stand against a version of a
// thing that notices are about; against any version where none is named. One
// that could not be settled still stands; one that was settled or taken back
// does not.
func Unsettled(tx *gorm.DB, about model.Matter) (int, error) {
	var n int
	err := tx.Raw(`SELECT COUNT(*) FROM objections o JOIN notices n ON n.id = o.notice_id
WHERE n.about_type = ? AND n.about_id = ? AND (? = 0 OR n.about_version = ?) AND o.status NOT IN ('settled', 'withdrawn')`,
		about.Type, about.ID, about.Version, about.Version).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count the objections to %s %s: %w", about.Type, about.ID, err)
	}
	return n, nil
}
