package funds

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// What the law and the policy forbid.
var (
	ErrOwnersOnly     = fault.New(fault.Forbidden, "owners_only", "只有产权人可以用住房公积金、维修资金出资")
	ErrFundLiftOnly   = fault.New(fault.Conflict, "housing_fund_lift_only", "住房公积金用于对拥有产权的既有住宅加装电梯")
	ErrAboveShare     = fault.New(fault.Conflict, "above_own_share", "住房公积金出资不能超过本户扣除补贴后的分摊额")
	ErrAboveBalance   = fault.New(fault.Conflict, "above_maintenance_balance", "维修资金出资不能超过本户账面余额")
	ErrNoFundMotion   = fault.New(fault.Conflict, "fund_motion_needed", "使用维修资金须先经有关业主表决通过（一般事项：使用维修资金）")
	ErrFiscalGround   = fault.New(fault.Conflict, "fiscal_ground_needed", "财政资金须写明政策依据：公共基础设施、无产权单位管理、无力承担、无维修资金")
	ErrWrongContrib   = fault.New(fault.Conflict, "source_not_contributors", "这类资金不属于这个出资人")
	errNoBalance      = errors.New("no balance is recorded")
	householdsSources = map[model.Source]bool{
		model.Cash: true, model.HousingFund: true, model.MaintenanceFund: true, model.CommonIncome: true, model.Donation: true, model.InKind: true,
	}
)

// limits refuses what a source may not be used for.
//
// Law: 金府办〔2021〕140号 二(四); 《住宅专项维修资金管理办法》: each home's account
// is its own; 住房公积金 by owners for lifts, at most the own share.
func (s *Service) limits(tx *gorm.DB, p *Pledged, state *planState, relation model.Relation) error {
	for i, part := range p.Parts {
		at := fmt.Sprintf("body.sources[%d].source", i)
		switch owned := part.Source == model.HousingFund || part.Source == model.MaintenanceFund; {
		case p.Contributor == model.Household && !householdsSources[part.Source],
			p.Contributor != model.Household && owned,
			part.Source == model.Fiscal && p.Contributor != model.Treasury,
			p.Contributor == model.Treasury && part.Source != model.Fiscal:
			return ErrWrongContrib.At(at, "请核对资金来源")
		case owned && relation != model.RelationOwner:
			return ErrOwnersOnly
		case part.Source == model.HousingFund && p.PurposeType != model.ForLift:
			return ErrFundLiftOnly.At(at, "请选择其他资金来源")
		}
		switch part.Source {
		case model.HousingFund:
			others, err := pledgedFrom(tx, part.Source, p, "p.purpose_id = ? AND p.plan_version = ?", p.PurposeID, p.PlanVersion)
			if err != nil {
				return err
			}
			if share := state.share(p.PropertyID); others+part.Amount > share {
				return ErrAboveShare.Carrying("at_most_fen", int64(max(share-others, 0)))
			}
		case model.MaintenanceFund:
			if err := s.withinBalance(tx, p, part); err != nil {
				return err
			}
		default:
		}
	}
	return nil
}

const pledgedBySource = `SELECT COALESCE(SUM(t.amount), 0) FROM pledge_parts t JOIN pledges p ON p.id = t.pledge_id
WHERE p.property_id = ? AND t.source = ? AND p.stage <> 'withdrawn' AND p.id <> ? AND `

// pledgedFrom is what a home has pledged from a source elsewhere.
func pledgedFrom(tx *gorm.DB, source model.Source, p *Pledged, where string, args ...any) (quantity.Fen, error) {
	var sum quantity.Fen
	err := tx.Raw(pledgedBySource+where, append([]any{p.PropertyID, source, p.ID}, args...)...).Scan(&sum).Error
	if err != nil {
		return 0, fmt.Errorf("add up what home %s has pledged: %w", p.PropertyID, err)
	}
	return sum, nil
}

func (s *Service) withinBalance(tx *gorm.DB, p *Pledged, part model.PledgePart) error {
	balance, err := s.balance(tx, p.PropertyID)
	if err != nil && !errors.Is(err, errNoBalance) {
		return err
	}
	// A balance is drawn when money comes in; what is open of other pledges is not.
	others, err := s.openOf(tx, p)
	if err != nil {
		return err
	}
	if others+part.Amount > balance {
		return ErrAboveBalance.Carrying("at_most_fen", int64(max(balance-others, 0)))
	}
	return nil
}

// openOf is what a home's other pledges that stand still mean to draw from the
// maintenance fund.
func (s *Service) openOf(tx *gorm.DB, p *Pledged) (quantity.Fen, error) {
	var rows []model.Pledge
	err := tx.Raw(`SELECT p.* FROM pledges p JOIN pledge_parts t ON t.pledge_id = p.id WHERE p.property_id = ? AND t.source = 'maintenance_fund'
AND p.stage <> 'withdrawn' AND p.id <> ?`, p.PropertyID, p.ID).Scan(&rows).Error
	if err != nil {
		return 0, fmt.Errorf("find what home %s draws on: %w", p.PropertyID, err)
	}
	all, err := s.standAll(tx, rows, map[string]*planState{})
	open := quantity.Fen(0)
	for _, other := range all {
		for _, part := range other.Parts {
			if part.Source == model.MaintenanceFund && !other.Standing.over() {
				open += max(part.Amount-other.Standing.BySource[part.Source], 0)
			}
		}
	}
	return open, err
}

func (s *Service) balance(tx *gorm.DB, propertyID string) (quantity.Fen, error) {
	var rows []quantity.Fen
	if err := tx.Raw(s.DB.Locked("SELECT balance FROM maintenance_balances WHERE property_id = ?"), propertyID).Scan(&rows).Error; err != nil {
		return 0, fmt.Errorf("read the maintenance fund of home %s: %w", propertyID, err)
	}
	if len(rows) == 0 {
		return 0, errNoBalance
	}
	return rows[0], nil
}

// RecordBalance notes what the maintenance fund's account of a home holds.
func (s *Service) RecordBalance(ctx context.Context, caller model.Caller, propertyID, areaCode string, b model.MaintenanceBalance) error {
	if b.AsOf > quantity.DateOf(s.now()) {
		return fault.Unknown("body.as_of", "日期不能在将来")
	}
	b.PropertyID, b.UpdatedBy, b.UpdatedAt = propertyID, caller.ID, s.now()
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&b).Error; err != nil {
			return fmt.Errorf("record the maintenance fund of home %s: %w", propertyID, err)
		}
		return s.record(ctx, tx, caller, "record_balance", model.About{Type: "property", ID: propertyID}, areaCode, "")
	})
}

// BalanceOf is what the maintenance fund's account of a home was recorded to
// hold; nil when nothing is recorded.
func (s *Service) BalanceOf(ctx context.Context, propertyID string) (*model.MaintenanceBalance, error) {
	var rows []model.MaintenanceBalance
	if err := s.DB.Read(ctx).Raw("SELECT * FROM maintenance_balances WHERE property_id = ?", propertyID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the maintenance fund of home %s: %w", propertyID, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// HomeArea is the area of a home that a member of staff covers.
func (s *Service) HomeArea(ctx context.Context, caller model.Caller, propertyID string) (string, error) {
	var areas []string
	err := s.DB.Read(ctx).Raw("SELECT e.area_code FROM properties p JOIN estates e ON e.id = p.estate_id WHERE p.id = ?", propertyID).Scan(&areas).Error
	if err != nil {
		return "", fmt.Errorf("find home %s: %w", propertyID, err)
	}
	if len(areas) == 0 || !caller.Covers(areas[0]) {
		return "", fault.ErrNotFound
	}
	return areas[0], nil
}

const fundMotions = `SELECT m.id FROM motions m JOIN properties p ON p.id = ? WHERE m.kind = ? AND m.subject = ? AND m.stage = 'sealed'
AND m.estate_id = p.estate_id AND (m.scope_type = 'estate' OR m.scope_type = 'building' AND m.scope_id = p.building_id OR m.scope_type = 'unit' AND m.scope_id = p.unit_id)
ORDER BY m.sealed_at DESC, m.id DESC`

// fundMotion is the passed vote that lets the maintenance fund of a home be
// used.
//
// Law: Civil Code art. 278 para. 1 (5), by the ordinary majority.
func fundMotion(tx *gorm.DB, propertyID string) (string, error) {
	return passedMotion(tx, propertyID, model.Ordinary, "fund_use", "", ErrNoFundMotion)
}

// passedMotion is the newest vote on a fund that passed among owners of whom a
// home's are some; only names one of them.
func passedMotion(tx *gorm.DB, propertyID string, kind model.MotionKind, subject, only string, refusal error) (string, error) {
	var ids []string
	if err := tx.Raw(fundMotions, propertyID, kind, subject).Scan(&ids).Error; err != nil {
		return "", fmt.Errorf("find the votes on %s of home %s: %w", subject, propertyID, err)
	}
	for _, id := range ids {
		if only != "" && id != only {
			continue
		}
		_, outcome, err := voting.Outcome(tx, id)
		if err != nil {
			return "", err
		}
		if outcome == vote.Passed {
			return id, nil
		}
	}
	return "", refusal
}
