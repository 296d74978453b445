package funds

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// What is refused of pledges.
var (
	ErrVersionPast     = fault.New(fault.Conflict, "plan_outdated", "方案已有新版本，请阅读后再认缴")
	ErrSigned          = fault.New(fault.Conflict, "agreement_signed", "本户已签署费用分摊协议，认缴不能再撤回或更改")
	ErrPledgeOver      = fault.New(fault.Conflict, "pledge_over", "这笔认缴已经撤回、失效或退还")
	ErrMoneyCameIn     = fault.New(fault.Conflict, "money_came_in", "这笔认缴已有到账登记，请与社区联系办理")
	ErrPledgeConfirmed = fault.New(fault.Conflict, "pledge_confirmed", "这笔认缴已经确认")
)

// Draft is what somebody pledges.
type Draft struct {
	Purpose     model.Purpose
	Version     int // of the plan that was read
	Contributor model.Contributor
	PropertyID  string
	Name        string
	Parts       []model.PledgePart
	Most        *quantity.Fen
	LeastHomes  *int
	DueOn       quantity.Date
	Ground      model.FiscalGround
}

// Pledged is a pledge with where it stands.
type Pledged struct {
	model.Pledge
	Parts    []model.PledgePart
	Standing Standing
	Called   string // of a contributor without a home, readable
}

// author is who pledges: a resident, or a member of staff for somebody.
type author struct {
	resident, staff, slot string
	relation              model.Relation
}

// PledgeLift keeps what a home pledges on a variant's present version; until
// the cost agreement is signed it may be replaced as often as one likes.
func (s *Service) PledgeLift(ctx context.Context, caller model.Caller, relation model.Relation, d Draft) (*Pledged, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Pledged, error) {
		p, err := purposeOf(tx, d.Purpose)
		switch {
		case err != nil:
			return nil, err
		case d.Version > p.Version:
			return nil, fault.Unknown("body.plan_version", "没有这个版本")
		case d.Version < p.Version:
			return nil, ErrVersionPast.Carrying("version", p.Version)
		}
		slot := fmt.Sprintf("%s|%d|%s", p.ID, p.Version, d.PropertyID)
		return s.keep(tx, p, d, author{resident: caller.ID, relation: relation, slot: slot})
	})
}

// PledgeEstate keeps what a home pledges towards its estate's works.
func (s *Service) PledgeEstate(ctx context.Context, caller model.Caller, t *Tie, d Draft) (*Pledged, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Pledged, error) {
		p, err := purposeOf(tx, d.Purpose)
		if err != nil {
			return nil, err
		}
		return s.keep(tx, p, d, author{resident: caller.ID, relation: t.Relation})
	})
}

// Enter keeps a pledge that the office was handed.
func (s *Service) Enter(ctx context.Context, caller model.Caller, p *Purpose, d Draft) (*Pledged, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Pledged, error) {
		out, err := s.keep(tx, p, d, author{staff: caller.ID, relation: model.RelationOwner})
		if err != nil {
			return nil, err
		}
		return out, s.record(ctx, tx, caller, "enter", aboutPledge(out.ID), out.AreaCode, "")
	})
}

func aboutPledge(id string) model.About { return model.About{Type: "pledge", ID: id} }

func (s *Service) keep(tx *gorm.DB, p *Purpose, d Draft, by author) (*Pledged, error) {
	if err := s.hold(tx, p.Purpose); err != nil {
		return nil, err
	}
	row := s.begin(p, d, by)
	state, err := s.stateOf(tx, &row)
	if err != nil {
		return nil, err
	}
	if row.Label, err = labelOf(tx, p, d.PropertyID); err != nil {
		return nil, err
	}
	before, err := replaced(tx, &row, state)
	if err != nil {
		return nil, err
	}
	out := &Pledged{Pledge: row, Parts: joined(d.Parts), Called: d.Name}
	if err := s.limits(tx, out, state, by.relation); err != nil {
		return nil, err
	}
	if err := write(tx, out, before); err != nil {
		return nil, err
	}
	got, err := sumsOf(tx, []string{out.ID})
	if err != nil {
		return nil, err
	}
	out.Standing = standing(&out.Pledge, out.Parts, state, got[out.ID])
	return out, nil
}

func (s *Service) begin(p *Purpose, d Draft, by author) model.Pledge {
	now := s.now()
	row := model.Pledge{
		ID: store.NewID(), Slot: by.slot, PurposeType: p.Type, PurposeID: p.ID, EstateID: p.EstateID, AreaCode: p.AreaCode, PlanVersion: p.Version,
		Contributor: d.Contributor, PropertyID: d.PropertyID, ResidentID: by.resident, Most: d.Most, LeastHomes: d.LeastHomes, DueOn: d.DueOn, Ground: d.Ground,
		Stage: model.PledgeMade, CreatedBy: by.staff, CreatedAt: now, UpdatedAt: now,
	}
	if d.Name != "" {
		row.Name = s.Vault.Seal(pledgeName, d.Name)
	}
	if row.Slot == "" {
		row.Slot = row.ID
	}
	return row
}

// replaced finds the pledge in whose place a new one comes, and gives the new
// one its id.
func replaced(tx *gorm.DB, row *model.Pledge, state *planState) (before bool, err error) {
	if row.Slot == row.ID {
		return false, nil
	}
	var old model.Pledge
	err = tx.Raw("SELECT * FROM pledges WHERE slot = ?", row.Slot).Take(&old).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find the pledge of home %s: %w", row.PropertyID, err)
	}
	if state.signed(row.PropertyID) && old.Stage != model.PledgeWithdrawn {
		return false, ErrSigned
	}
	var n int
	if err := tx.Raw("SELECT COUNT(*) FROM vouchers WHERE pledge_id = ? AND stage IN ('entered', 'booked')", old.ID).Scan(&n).Error; err != nil {
		return false, fmt.Errorf("look for money of pledge %s: %w", old.ID, err)
	}
	if n > 0 {
		return false, ErrMoneyCameIn
	}
	row.ID, row.CreatedAt, row.DueOn = old.ID, old.CreatedAt, old.DueOn
	return true, nil
}

// joined adds up what was pledged twice from one source.
func joined(parts []model.PledgePart) []model.PledgePart {
	var out []model.PledgePart
	for _, p := range parts {
		at := slices.IndexFunc(out, func(o model.PledgePart) bool { return o.Source == p.Source })
		if at < 0 {
			out = append(out, p)
		} else {
			out[at].Amount += p.Amount
		}
	}
	return out
}

func write(tx *gorm.DB, p *Pledged, before bool) error {
	for i := range p.Parts {
		p.Parts[i].PledgeID = p.ID
	}
	if err := tx.Exec("DELETE FROM pledge_parts WHERE pledge_id = ?", p.ID).Error; err != nil {
		return fmt.Errorf("replace pledge %s: %w", p.ID, err)
	}
	keep := tx.Create
	if before {
		keep = tx.Save
	}
	if err := keep(&p.Pledge).Error; err != nil {
		return fmt.Errorf("keep a pledge: %w", err)
	}
	if err := tx.Create(&p.Parts).Error; err != nil {
		return fmt.Errorf("keep the parts of pledge %s: %w", p.ID, err)
	}
	return nil
}

// labelOf is what a household's home is called; it must be one that the
// purpose is for.
func labelOf(tx *gorm.DB, p *Purpose, propertyID string) (string, error) {
	if propertyID == "" {
		return "", nil
	}
	query, args := "SELECT label FROM properties WHERE id = ? AND estate_id = ?", []any{propertyID, p.EstateID}
	if p.Type == model.ForLift {
		query, args = "SELECT label FROM lift_shares WHERE property_id = ? AND plan_id = ? AND version = ?", []any{propertyID, p.ID, p.Version}
	}
	var labels []string
	if err := tx.Raw(query, args...).Scan(&labels).Error; err != nil {
		return "", fmt.Errorf("find home %s: %w", propertyID, err)
	}
	if len(labels) == 0 {
		return "", fault.Unknown("body.property_id", "这套房屋不属于这个项目")
	}
	return labels[0], nil
}

const pledgeByID = "SELECT * FROM pledges WHERE id = ?"

func pledge(tx *gorm.DB, query, id string) (*model.Pledge, error) {
	return store.One[model.Pledge](tx, "pledge "+id, query, id)
}

// PledgeOf is a pledge in the area of a member of staff.
func (s *Service) PledgeOf(ctx context.Context, caller model.Caller, id string) (*model.Pledge, error) {
	p, err := pledge(s.DB.Read(ctx), pledgeByID, id)
	if err == nil && !caller.Covers(p.AreaCode) {
		return nil, fault.ErrNotFound
	}
	return p, err
}

// OwnPledge is a pledge that a resident made, or one for a home that they own.
func (s *Service) OwnPledge(ctx context.Context, caller model.Caller, id string) (*model.Pledge, error) {
	p, err := pledge(s.DB.Read(ctx), pledgeByID, id)
	if err != nil || p.ResidentID == caller.ID {
		return p, err
	}
	var ties []Tie
	if err := s.DB.Read(ctx).Raw(tiesToHome+" AND b.relation = 'owner'", caller.ID, p.PropertyID, s.now()).Scan(&ties).Error; err != nil {
		return nil, fmt.Errorf("find who may see pledge %s: %w", id, err)
	}
	if len(ties) == 0 {
		return nil, fault.ErrNotFound
	}
	return p, nil
}

// Withdraw takes a pledge back, which is free until the home has signed the
// cost agreement. What has come in is then to be given back.
func (s *Service) Withdraw(ctx context.Context, caller model.Caller, of *model.Pledge) (*Pledged, error) {
	return s.move(ctx, caller, of, "withdraw", func(p *Pledged, state *planState) error {
		switch {
		case p.Standing.over():
			return ErrPledgeOver
		case p.PropertyID != "" && state.signed(p.PropertyID):
			return ErrSigned
		case p.PurposeType == model.ForEstate && p.Standing.Received > 0:
			return ErrMoneyCameIn
		}
		p.Stage = model.PledgeWithdrawn
		return nil
	})
}

// Confirm notes that the office has confirmed a pledge with who made it, and
// by when it is due.
func (s *Service) Confirm(ctx context.Context, caller model.Caller, of *model.Pledge, dueOn quantity.Date) (*Pledged, error) {
	return s.move(ctx, caller, of, "confirm", func(p *Pledged, _ *planState) error {
		switch {
		case p.Standing.over():
			return ErrPledgeOver
		case p.Stage == model.PledgeConfirmed:
			return ErrPledgeConfirmed
		}
		p.Stage = model.PledgeConfirmed
		if dueOn != "" {
			p.DueOn = dueOn
		}
		return nil
	})
}

// Ground notes why the policy lets the treasury pay.
func (s *Service) Ground(ctx context.Context, caller model.Caller, of *model.Pledge, ground model.FiscalGround) (*Pledged, error) {
	return s.move(ctx, caller, of, "ground", func(p *Pledged, _ *planState) error {
		p.Ground = ground
		return nil
	})
}

func (s *Service) move(ctx context.Context, caller model.Caller, of *model.Pledge, verb string, change func(*Pledged, *planState) error) (*Pledged, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Pledged, error) {
		if err := s.hold(tx, model.Purpose{Type: of.PurposeType, ID: of.PurposeID}); err != nil {
			return nil, err
		}
		row, err := pledge(tx, s.DB.Locked(pledgeByID), of.ID)
		if err != nil {
			return nil, err
		}
		p, state, err := s.stand(tx, row)
		if err != nil {
			return nil, err
		}
		if err := change(p, state); err != nil {
			return nil, err
		}
		p.UpdatedAt = s.now()
		if err := tx.Save(&p.Pledge).Error; err != nil {
			return nil, fmt.Errorf("%s pledge %s: %w", verb, p.ID, err)
		}
		if p, _, err = s.stand(tx, &p.Pledge); err != nil || caller.Kind != model.StaffSession {
			return p, err
		}
		return p, s.record(ctx, tx, caller, verb, aboutPledge(p.ID), p.AreaCode, "")
	})
}
