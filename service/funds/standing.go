package funds

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/lifts"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// Status is where a pledge stands. It follows from what was said, from the
// owners' vote and the plan, and from the ledger; nothing has to be set.
type Status string

// The statuses.
const (
	StatusPledged      Status = "pledged"       // 认缴
	StatusConfirmed    Status = "confirmed"     // 确认
	StatusPartReceived Status = "part_received" // 部分到账
	StatusReceived     Status = "received"      // 到账
	StatusRefunded     Status = "refunded"      // 退还
	StatusWithdrawn    Status = "withdrawn"     // 撤回
	StatusLapsed       Status = "lapsed"        // 自动失效
)

// Lapse is what makes a pledge lapse by itself.
type Lapse string

// The causes.
const (
	LapseMotion    Lapse = "motion_not_passed" // the owners' vote failed
	LapseChanged   Lapse = "plan_changed"      // there is a later version
	LapseWithdrawn Lapse = "plan_withdrawn"
	LapseShare     Lapse = "share_above_max" // the own share is above what was said
	LapseHomes     Lapse = "too_few_homes"   // fewer homes pay than was asked for
)

// Standing is where a pledge stands, with what has come in and gone back.
type Standing struct {
	Status    Status
	Pledged   quantity.Fen
	Received  quantity.Fen // came in
	Refunded  quantity.Fen
	BySource  map[model.Source]quantity.Fen // came in, less what went back
	RefundDue quantity.Fen                  // of one that is withdrawn or has lapsed
	LapsesIf  []Lapse
	Because   Lapse // of one that has lapsed
}

func (s Standing) over() bool {
	return s.Status == StatusWithdrawn || s.Status == StatusLapsed || s.Status == StatusRefunded
}

// planState is what a lift's pledges hang on; nil of an estate's works.
type planState struct{ *lifts.State }

func (s *planState) signed(propertyID string) bool {
	if s == nil {
		return false
	}
	h := s.Home(propertyID)
	return h != nil && h.Signed()
}

func (s *planState) share(propertyID string) quantity.Fen {
	if s == nil {
		return 0
	}
	if h := s.Home(propertyID); h != nil {
		return h.Share.Fen
	}
	return 0
}

func (s *planState) paying() (n int) {
	for i := range s.Homes {
		if s.Homes[i].Share.Fen > 0 {
			n++
		}
	}
	return n
}

func (s *Service) stateOf(tx *gorm.DB, p *model.Pledge) (*planState, error) {
	if p.PurposeType != model.ForLift {
		return nil, nil
	}
	state, err := s.Lifts.StateIn(tx, p.PurposeID, 0)
	if err != nil {
		return nil, err
	}
	return &planState{state}, nil
}

func lapsesIf(p *model.Pledge) []Lapse {
	if p.PurposeType != model.ForLift {
		return []Lapse{}
	}
	out := []Lapse{LapseMotion, LapseChanged, LapseWithdrawn}
	if p.Most != nil {
		out = append(out, LapseShare)
	}
	if p.LeastHomes != nil {
		out = append(out, LapseHomes)
	}
	return out
}

// lapsed says why a pledge has lapsed; empty for one that has not. Shares and
// who pays are frozen with a version, so that a condition holds or fails with
// the version that the pledge is on, and a later version ends it anyway.
func lapsed(p *model.Pledge, state *planState) Lapse {
	switch {
	case state == nil:
		return ""
	case state.Plan.Plan.Stage == model.LiftWithdrawn:
		return LapseWithdrawn
	case p.PlanVersion != state.Plan.As.Version:
		return LapseChanged
	case state.Verdict == voting.VerdictNotPassed:
		return LapseMotion
	case p.Most != nil && state.share(p.PropertyID) > *p.Most:
		return LapseShare
	case p.LeastHomes != nil && state.paying() < *p.LeastHomes:
		return LapseHomes
	}
	return ""
}

// atOnce is how many ids go into one query: engines bound how many it takes.
const atOnce = 500

// sums is what the ledger has of one pledge.
type sums struct {
	in, back quantity.Fen
	net      map[model.Source]quantity.Fen
}

func standing(p *model.Pledge, parts []model.PledgePart, state *planState, got sums) Standing {
	st := Standing{Received: got.in, Refunded: got.back, BySource: got.net, LapsesIf: lapsesIf(p)}
	for _, part := range parts {
		st.Pledged += part.Amount
	}
	left, because := got.in-got.back, lapsed(p, state)
	switch {
	case got.in > 0 && left == 0:
		st.Status = StatusRefunded
	case p.Stage == model.PledgeWithdrawn:
		st.Status, st.RefundDue = StatusWithdrawn, left
	case because != "":
		st.Status, st.RefundDue, st.Because = StatusLapsed, left, because
	case left >= st.Pledged:
		st.Status = StatusReceived
	case left > 0:
		st.Status = StatusPartReceived
	case p.Stage == model.PledgeConfirmed || p.PropertyID != "" && state.signed(p.PropertyID):
		st.Status = StatusConfirmed
	default:
		st.Status = StatusPledged
	}
	return st
}

// What came in for a pledge stands in the ledger as assets; a reversal takes
// away what the reversed voucher did, so that it counts as neither.
const sumsOfPledges = `SELECT l.pledge_id, l.source,
SUM(CASE WHEN v.kind = 'receipt' THEN l.debit WHEN r.kind = 'receipt' THEN -l.credit ELSE 0 END) AS came,
SUM(CASE WHEN v.kind = 'refund' THEN l.credit WHEN r.kind = 'refund' THEN -l.debit ELSE 0 END) AS back
FROM ledger_lines l JOIN vouchers v ON v.id = l.voucher_id LEFT JOIN vouchers r ON r.id = v.reverses
WHERE l.pledge_id IN ? AND l.account = 'assets' GROUP BY l.pledge_id, l.source`

func sumsOf(tx *gorm.DB, ids []string) (map[string]sums, error) {
	var rows []struct {
		PledgeID string
		Source   model.Source
		Came     quantity.Fen
		Back     quantity.Fen
	}
	out := map[string]sums{}
	for some := range slices.Chunk(ids, atOnce) {
		found := rows[:0:0]
		if err := tx.Raw(sumsOfPledges, some).Scan(&found).Error; err != nil {
			return nil, fmt.Errorf("add up what came in for pledges: %w", err)
		}
		rows = append(rows, found...)
	}
	for _, r := range rows {
		s := out[r.PledgeID]
		if s.net == nil {
			s.net = map[model.Source]quantity.Fen{}
		}
		s.in, s.back = s.in+r.Came, s.back+r.Back
		s.net[r.Source] += r.Came - r.Back
		out[r.PledgeID] = s
	}
	return out, nil
}

func partsOf(tx *gorm.DB, ids []string) (map[string][]model.PledgePart, error) {
	out := map[string][]model.PledgePart{}
	for some := range slices.Chunk(ids, atOnce) {
		var rows []model.PledgePart
		if err := tx.Raw("SELECT * FROM pledge_parts WHERE pledge_id IN ? ORDER BY pledge_id, source", some).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("read the parts of pledges: %w", err)
		}
		for _, r := range rows {
			out[r.PledgeID] = append(out[r.PledgeID], r)
		}
	}
	return out, nil
}

func (s *Service) stand(tx *gorm.DB, p *model.Pledge) (*Pledged, *planState, error) {
	state, err := s.stateOf(tx, p)
	if err != nil {
		return nil, nil, err
	}
	out, err := s.standAll(tx, []model.Pledge{*p}, map[string]*planState{p.PurposeID: state})
	if err != nil {
		return nil, nil, err
	}
	return &out[0], state, nil
}

// standAll says where pledges stand, asking each variant once.
func (s *Service) standAll(tx *gorm.DB, rows []model.Pledge, states map[string]*planState) ([]Pledged, error) {
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	parts, err := partsOf(tx, ids)
	if err != nil {
		return nil, err
	}
	got, err := sumsOf(tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Pledged, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if _, known := states[r.PurposeID]; !known {
			if states[r.PurposeID], err = s.stateOf(tx, r); err != nil {
				return nil, err
			}
		}
		p := Pledged{Pledge: *r, Parts: parts[r.ID], Standing: standing(r, parts[r.ID], states[r.PurposeID], got[r.ID])}
		if p.Called, err = s.Vault.Reveal(pledgeName, r.Name); err != nil {
			return nil, fmt.Errorf("read who made pledge %s: %w", r.ID, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// Stand is a pledge with where it stands.
func (s *Service) Stand(ctx context.Context, p *model.Pledge) (*Pledged, error) {
	out, _, err := s.stand(s.DB.Read(ctx), p)
	return out, err
}

const (
	pledgesTo    = "FROM pledges p WHERE p.purpose_type = ? AND p.purpose_id = ?"
	pledgesOwned = `FROM pledges p WHERE p.resident_id = ? OR p.property_id IN (SELECT b.property_id FROM bindings b
WHERE b.resident_id = ? AND b.relation = 'owner' AND b.status = 'verified' AND (b.until_at IS NULL OR b.until_at > ?))`
)

// PledgesTo lists what is pledged to a purpose, in the order in which it came.
func (s *Service) PledgesTo(ctx context.Context, of model.Purpose, offset, limit int) ([]Pledged, int64, error) {
	return s.pledges(ctx, pledgesTo, []any{of.Type, of.ID}, offset, limit)
}

// PledgesOfResident lists what a resident has pledged, and what is pledged for
// the homes that they own.
func (s *Service) PledgesOfResident(ctx context.Context, caller model.Caller, offset, limit int) ([]Pledged, int64, error) {
	return s.pledges(ctx, pledgesOwned, []any{caller.ID, caller.ID, s.now()}, offset, limit)
}

func (s *Service) pledges(ctx context.Context, from string, args []any, offset, limit int) ([]Pledged, int64, error) {
	db := s.DB.Read(ctx)
	rows, total, err := store.Page[model.Pledge](db, store.List{Of: "pledges", Columns: "p.*", From: from, Order: "p.created_at, p.id", Args: args}, offset, limit)
	if err != nil {
		return nil, 0, err
	}
	out, err := s.standAll(db, rows, map[string]*planState{})
	return out, total, err
}

// Words are printed on every pledge.
const Words = "认缴是意向，签署本版协议后生效；表决未通过、方案变更或条件未满足即自动失效。"
