package voting

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/files"
)

// ProofCount is who took part by how their identity was proven.
type ProofCount struct {
	Proof model.Proof
	Count vote.Count `gorm:"embedded"`
}

const proofsOfMotion = `SELECT b.proof, COUNT(*) AS heads, SUM(v.area) AS area FROM roll_voters v
JOIN ballots b ON b.motion_id = v.motion_id AND b.voter_id = v.id AND b.version = v.current_version
WHERE v.motion_id = ? AND v.choice IN ('agree', 'oppose', 'abstain') GROUP BY b.proof ORDER BY b.proof`

func countProofs(tx *gorm.DB, m *model.Motion) ([]ProofCount, error) {
	var rows []ProofCount
	if err := tx.Raw(proofsOfMotion, m.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count the proofs of motion %s: %w", m.ID, err)
	}
	return rows, nil
}

// SilentReading is the result as the estate's own rule on silence would read it
// (从多数). It stands beside the result, and never decides.
type SilentReading struct {
	Rule   model.Silence
	Silent vote.Count // who was demonstrably given the ballot and did not answer
	// Follows is false where neither side has more of both heads and area, so
	// that nobody can follow.
	Follows bool
	Totals  vote.Totals
	Passed  bool
}

// Given, and able to be shown: opened on the phone, or with a signature or a
// picture, before the close.
const silentVoters = `SELECT COUNT(*) AS heads, COALESCE(SUM(v.area), 0) AS area FROM roll_voters v
WHERE v.motion_id = ? AND v.choice = '' AND EXISTS (SELECT 1 FROM deliveries d
  WHERE d.motion_id = v.motion_id AND d.voter_id = v.id AND d.proven = ? AND d.at < ?)`

func readSilence(tx *gorm.DB, m *model.Motion, t *Tally) (*SilentReading, error) {
	if m.Silence == nil || !m.OwnersVote() {
		return nil, nil
	}
	r := &SilentReading{Rule: *m.Silence}
	if err := tx.Raw(silentVoters, m.ID, true, m.ClosesAt).Scan(&r.Silent).Error; err != nil {
		return nil, fmt.Errorf("count the silent voters of motion %s: %w", m.ID, err)
	}
	r.Totals, r.Follows = vote.FollowMajority(t.Totals, r.Silent)
	r.Passed = t.Rule.Decide(r.Totals).Passed
	return r, nil
}

// ErrSilenceLate refuses a rule that was made for the vote at hand.
var ErrSilenceLate = fault.New(fault.Invalid, "silence_rule_late", "从多数的规则须在表决发布之前已由业主共同决定")

// SetSilence notes the estate's own rule on silence, with the paper that shows
// it, until the vote closes.
func (s *Service) SetSilence(ctx context.Context, caller model.Caller, id string, rule model.Silence, papers []string) (*model.Motion, error) {
	if len(papers) == 0 {
		return nil, fault.Unknown("body.file_ids", "请上传管理规约或议事规则的照片或扫描件")
	}
	return s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		switch now := s.now(); {
		case !m.OwnersVote():
			return fault.Unknown("body.rule", "意愿调查不适用从多数")
		case m.Stage != model.StageDraft && m.StatusAt(now) != model.StatusScheduled && m.StatusAt(now) != model.StatusOpen:
			return ErrMotionClosed
		case rule.AdoptedOn >= quantity.DateOf(now), m.PublishedAt != nil && rule.AdoptedOn >= quantity.DateOf(*m.PublishedAt):
			return ErrSilenceLate.At("body.adopted_on", "应早于表决发布")
		}
		if err := files.Attach(tx, caller, model.About{Type: "silence", ID: m.ID}, papers, "body.file_ids"); err != nil {
			return err
		}
		m.Silence, m.UpdatedAt = &rule, s.now()
		if err := save(tx, m); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, model.ConductMotions, "set_silence", rule.Clause)
	})
}

// Withheld says which of a tally's buildings and units residents are not shown:
// small groups, and what would give them away by subtraction. Buildings are
// weighed beside the whole, units beside their building; a hidden building's
// units are hidden with it.
func (t *Tally) Withheld() (buildings, units []bool) {
	buildings, units = beside(totalsOf(t.Buildings)), make([]bool, len(t.Units))
	hidden := map[string]bool{}
	for i, withheld := range buildings {
		hidden[t.Buildings[i].Building] = withheld
	}
	for first := 0; first < len(t.Units); {
		building, next := t.Units[first].Building, first+1
		for next < len(t.Units) && t.Units[next].Building == building {
			next++
		}
		for i, shown := range vote.Shown(totalsOf(t.Units[first:next])) {
			units[first+i] = !shown || hidden[building]
		}
		first = next
	}
	return buildings, units
}

// WithheldChannels says which of a tally's channels residents are not shown.
func (t *Tally) WithheldChannels() []bool {
	totals := make([]vote.Totals, 0, len(t.Channels))
	for _, c := range t.Channels {
		totals = append(totals, c.Totals)
	}
	return beside(totals)
}

// WithheldProofs says which levels of proof residents are not shown.
func (t *Tally) WithheldProofs() []bool {
	totals := make([]vote.Totals, 0, len(t.Proofs))
	for _, p := range t.Proofs {
		totals = append(totals, vote.Totals{Agree: p.Count}) // who took part; what they chose is not told
	}
	return beside(totals)
}

// beside says which parts may not be shown beside the whole; one alone is it.
func beside(parts []vote.Totals) []bool {
	hidden := make([]bool, len(parts))
	for i, shown := range vote.Shown(parts) {
		hidden[i] = !shown && len(parts) > 1
	}
	return hidden
}

func totalsOf(parts []Part) []vote.Totals {
	totals := make([]vote.Totals, 0, len(parts))
	for _, p := range parts {
		totals = append(totals, p.Totals)
	}
	return totals
}
