package funds

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/voting"
)

// What a pledge adds to a purpose when it stands. Whoever was given everything
// back is left out: money went out for their pledge, and what came in is that
// much.
const (
	standingPledges = `WHERE p.purpose_type = ? AND p.purpose_id = ? AND p.stage <> 'withdrawn' AND p.id NOT IN (` + refundedPledges + `)`

	sumOfPledges = `SELECT COUNT(*) AS pledges, COALESCE(SUM((SELECT SUM(t.amount) FROM pledge_parts t WHERE t.pledge_id = p.id)), 0) AS pledged FROM pledges p `
	bySource     = "SELECT t.source, SUM(t.amount) AS pledged FROM pledges p JOIN pledge_parts t ON t.pledge_id = p.id "

	refundedPledges = `SELECT l.pledge_id FROM ledger_lines l JOIN vouchers v ON v.id = l.voucher_id LEFT JOIN vouchers r ON r.id = v.reverses
WHERE l.account = 'assets' AND l.pledge_id IN (SELECT k.pledge_id FROM ledger_lines k
  WHERE k.purpose_type = ? AND k.purpose_id = ? AND k.account = 'assets' AND k.credit > 0 AND k.pledge_id <> '')
GROUP BY l.pledge_id
HAVING SUM(CASE WHEN v.kind = 'receipt' THEN l.debit WHEN r.kind = 'receipt' THEN -l.credit ELSE 0 END) > 0 AND SUM(l.debit) = SUM(l.credit)`

	// unlapsed is lapsed as a condition on the rows of one variant.
	unlapsed = ` AND p.plan_version = ? AND (p.least_homes IS NULL OR p.least_homes <= ?) AND (p.most IS NULL OR p.most >= COALESCE(
(SELECT s.fen FROM lift_shares s WHERE s.plan_id = p.purpose_id AND s.version = p.plan_version AND s.property_id = p.property_id), 0))`
)

// standing is the condition on pledges that stand, as standing says of each;
// none when no pledge to the purpose can.
func (s *Service) standing(db *gorm.DB, of model.Purpose) (where string, args []any, err error) {
	where, args = standingPledges, []any{of.Type, of.ID, of.Type, of.ID}
	if of.Type != model.ForLift {
		return where, args, nil
	}
	state, err := s.Lifts.StateIn(db, of.ID, 0)
	if err != nil {
		return "", nil, err
	}
	if state.Plan.Plan.Stage == model.LiftWithdrawn || state.Verdict == voting.VerdictNotPassed {
		return "", nil, nil
	}
	return where + unlapsed, append(args, state.Plan.As.Version, (&planState{state}).paying()), nil
}

func (s *Service) standingSum(db *gorm.DB, of model.Purpose) (*Overview, error) {
	var o Overview
	where, args, err := s.standing(db, of)
	if err != nil || where == "" {
		return &o, err
	}
	if err := db.Raw(sumOfPledges+where, args...).Row().Scan(&o.Pledges, &o.Pledged); err != nil {
		return nil, fmt.Errorf("add up the pledges to %s %s: %w", of.Type, of.ID, err)
	}
	return &o, nil
}

// PledgedTo adds up the pledges to a purpose that stand, by source.
func (s *Service) PledgedTo(ctx context.Context, of model.Purpose) (map[model.Source]quantity.Fen, error) {
	db := s.DB.Read(ctx)
	where, args, err := s.standing(db, of)
	if err != nil || where == "" {
		return nil, err
	}
	var rows []struct {
		Source  model.Source
		Pledged quantity.Fen
	}
	if err := db.Raw(bySource+where+" GROUP BY t.source", args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("add up the pledges to %s %s by source: %w", of.Type, of.ID, err)
	}
	out := make(map[model.Source]quantity.Fen, len(rows))
	for _, r := range rows {
		out[r.Source] = r.Pledged
	}
	return out, nil
}
