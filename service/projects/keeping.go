package projects

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// What is refused of an estate's long-term management.
var (
	ErrNotHired    = fault.New(fault.Conflict, "manager_not_hired", "选聘物业公司须先经业主表决通过（民法典第二百七十八条第一款第四项）")
	ErrBodyMissing = fault.New(fault.Conflict, "body_missing", "居民自治须先登记业主委员会或者居民自治小组")
	ErrBodyEnded   = fault.New(fault.Conflict, "body_ended", "这个组织已经终止")
)

// BodyPapers is what the papers of a residents' body belong to.
func BodyPapers(id string) model.About { return model.About{Type: "resident_body", ID: id} }

// ManagementPapers is what the papers of a management belong to: the contract,
// the budget.
func ManagementPapers(estateID string) model.About {
	return model.About{Type: "estate_management", ID: estateID}
}

// Kept is how an estate is kept: nil while nothing is settled.
type Kept struct {
	Management *model.EstateManagement
	Files      []string
	Bodies     []Body
}

// Body is a residents' body with its papers.
type Body struct {
	model.ResidentBody
	Files []string `gorm:"-"`
}

// Keeping reads how an estate is kept.
func (s *Service) Keeping(ctx context.Context, estateID string) (*Kept, error) {
	return keeping(s.DB.Read(ctx), estateID)
}

func keeping(tx *gorm.DB, estateID string) (*Kept, error) {
	var rows []model.EstateManagement
	if err := tx.Raw("SELECT * FROM estate_managements WHERE estate_id = ?", estateID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read how estate %s is kept: %w", estateID, err)
	}
	k := &Kept{}
	if len(rows) > 0 {
		k.Management = &rows[0]
	}
	var err error
	if k.Files, err = fileIDs(tx, ManagementPapers(estateID)); err != nil {
		return nil, err
	}
	if err := tx.Raw("SELECT * FROM resident_bodies WHERE estate_id = ? ORDER BY set_up_on DESC, id DESC", estateID).Scan(&k.Bodies).Error; err != nil {
		return nil, fmt.Errorf("list the bodies of estate %s: %w", estateID, err)
	}
	for i := range k.Bodies {
		if k.Bodies[i].Files, err = fileIDs(tx, BodyPapers(k.Bodies[i].ID)); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func fileIDs(tx *gorm.DB, about model.About) ([]string, error) {
	of, err := files.Of(tx, about)
	ids := make([]string, 0, len(of))
	for _, f := range of {
		ids = append(ids, f.ID)
	}
	return ids, err
}

// SetUp records a residents' body with its papers (成立业委会、自治小组).
func (s *Service) SetUp(ctx context.Context, caller model.Caller, e *model.Estate, b model.ResidentBody, papers []string) (*Kept, error) {
	if today := quantity.DateOf(s.now()); b.SetUpOn > today || b.RecordedOn > today || b.RecordedOn != "" && b.RecordedOn < b.SetUpOn {
		return nil, fault.Unknown("body.set_up_on", "日期不能在将来，备案不能早于成立")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Kept, error) {
		b.ID, b.EstateID, b.AreaCode, b.StaffID, b.EnteredAt = store.NewID(), e.ID, e.AreaCode, caller.ID, s.now()
		if b.Kind == model.Committee {
			elected, err := voting.Passed(tx, e.ID, "committee", model.Ordinary)
			if err != nil {
				return nil, err
			}
			if elected.Outcome == vote.Passed {
				b.MotionID = elected.MotionID
			}
		}
		if err := tx.Create(&b).Error; err != nil {
			return nil, fmt.Errorf("record a body of estate %s: %w", e.ID, err)
		}
		if err := files.Attach(tx, caller, BodyPapers(b.ID), papers, "body.file_ids"); err != nil {
			return nil, err
		}
		if err := s.kept(ctx, tx, caller, e, "set_up", ""); err != nil {
			return nil, err
		}
		return keeping(tx, e.ID)
	})
}

// HasBody refuses with not found a body that is not of the estate.
func (s *Service) HasBody(ctx context.Context, estateID, id string) error {
	return s.part(ctx, "SELECT COUNT(*) FROM resident_bodies WHERE estate_id = ? AND id = ?", estateID, id)
}

// EndBody notes the day from which a body is no more.
func (s *Service) EndBody(ctx context.Context, caller model.Caller, e *model.Estate, id string, on quantity.Date, reason string) (*Kept, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Kept, error) {
		done := tx.Exec("UPDATE resident_bodies SET ended_on = ? WHERE id = ? AND estate_id = ? AND ended_on = '' AND set_up_on <= ?", on, id, e.ID, on)
		switch {
		case done.Error != nil:
			return nil, fmt.Errorf("end body %s: %w", id, done.Error)
		case done.RowsAffected == 0:
			return nil, ErrBodyEnded
		}
		if err := s.kept(ctx, tx, caller, e, "end_body", reason); err != nil {
			return nil, err
		}
		return keeping(tx, e.ID)
	})
}

// Settle says how an estate is kept from now on. Residents who keep it
// themselves have a body on record; a company needs the owners' vote.
//
// Law: 金府办〔2021〕140号 二(五); Civil Code art. 278 (4).
func (s *Service) Settle(ctx context.Context, caller model.Caller, e *model.Estate, m model.EstateManagement, papers []string) (*Kept, error) {
	if err := soundManagement(&m); err != nil {
		return nil, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Kept, error) {
		m.EstateID, m.AreaCode, m.StaffID, m.UpdatedAt, m.MotionID = e.ID, e.AreaCode, caller.ID, s.now(), ""
		switch m.Mode {
		case model.SelfManaged:
			if there, err := hasBody(tx, e.ID); err != nil || !there {
				return nil, firstOf(err, ErrBodyMissing)
			}
		case model.CompanyManaged:
			hired, err := voting.Passed(tx, e.ID, "hire_manager", model.Ordinary)
			if err != nil {
				return nil, err
			}
			if hired.Outcome != vote.Passed {
				return nil, ErrNotHired
			}
			m.MotionID = hired.MotionID
		}
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&m).Error; err != nil {
			return nil, fmt.Errorf("settle how estate %s is kept: %w", e.ID, err)
		}
		if err := files.Attach(tx, caller, ManagementPapers(e.ID), papers, "body.file_ids"); err != nil {
			return nil, err
		}
		if err := s.kept(ctx, tx, caller, e, "settle", ""); err != nil {
			return nil, err
		}
		return keeping(tx, e.ID)
	})
}

func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func soundManagement(m *model.EstateManagement) error {
	switch {
	case m.Mode == model.SelfManaged && m.FromResidents+m.FromCommon == 0:
		return fault.Unknown("body.from_residents_fen", "自治管理须有经费：居民缴费或者公共收益")
	case m.Mode == model.CompanyManaged && m.Company == "":
		return fault.Unknown("body.company", "请写明物业公司")
	case m.Mode == model.CompanyManaged && m.FeeMonthly+m.FeeArea == 0:
		return fault.Unknown("body.fee_area_fen", "请写明物业服务费")
	case m.EndsOn != "" && m.EndsOn < m.BeginsOn:
		return fault.Unknown("body.ends_on", "不能早于开始")
	}
	return nil
}

func hasBody(tx *gorm.DB, estateID string) (bool, error) {
	var n int
	err := tx.Raw("SELECT COUNT(*) FROM resident_bodies WHERE estate_id = ? AND ended_on = ''", estateID).Scan(&n).Error
	return n > 0, wrapped(err, "count the bodies of estate "+estateID)
}

// unmanaged says why an estate's long-term management is not settled; nothing
// when it is.
func (s *Service) unmanaged(tx *gorm.DB, estateID string) (string, error) {
	k, err := keeping(tx, estateID)
	if err != nil {
		return "", err
	}
	switch {
	case k.Management == nil:
		return "还没有确定长效管理模式", nil
	case k.Management.EndsOn != "" && k.Management.EndsOn < quantity.DateOf(s.now()):
		return "长效管理到 " + string(k.Management.EndsOn) + " 已经期满", nil
	case k.Management.Mode == model.SelfManaged:
		there, err := hasBody(tx, estateID)
		if err != nil || there {
			return "", err
		}
		return "自治管理没有在册的业主委员会或者居民自治小组", nil
	}
	return "", nil
}

func (s *Service) kept(ctx context.Context, tx *gorm.DB, caller model.Caller, e *model.Estate, verb, reason string) error {
	return s.record(ctx, tx, audit.Entry{Actor: caller, Right: model.SettleKeeping, Verb: verb, ObjectType: "estate", ObjectID: e.ID, AreaCode: e.AreaCode, Reason: reason})
}
