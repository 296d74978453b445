package voting

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/roster"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
)

// Tally is a count at an instant (计票).
type Tally struct {
	Status    model.Status
	AsOf      time.Time
	Rule      vote.Rule
	Totals    vote.Totals
	Result    vote.Result
	Buildings []Part
	Units     []Part
	Channels  []Channel
	Reasons   []Reason
	Items     []ItemCount
	Proofs    []ProofCount
	Bases     []BasisCount   `json:",omitempty"`
	Silence   *SilentReading `json:",omitempty"`
	// Open is true when everything may be shown; before the seal a motion
	// that shows participation keeps the rest to itself.
	Open bool
}

// Part is the count of one building or unit. A voter with homes in several
// counts in the first one's.
type Part struct {
	Building, Unit string
	Totals         vote.Totals
}

// Channel is the count of one way of casting.
type Channel struct {
	Channel vote.Channel
	Totals  vote.Totals // without a roll
}

// Reason is how many papers were invalid for one reason.
type Reason struct {
	Reason model.InvalidReason
	Count  vote.Count
}

// ItemCount is how many voters ticked an item.
type ItemCount struct {
	model.Item
	Heads int64
}

type tallyRow struct {
	Building, Unit string
	Channel        vote.Channel
	Choice         vote.Choice
	InvalidReason  model.InvalidReason
	Count          vote.Count `gorm:"embedded"`
}

// One sum over the roll by a covering index: nothing is kept beside the roll
// that could drift from it.
const tallyRows = `SELECT building, unit, channel, choice, invalid_reason, COUNT(*) AS heads, SUM(area) AS area
FROM roll_voters WHERE motion_id = ?
GROUP BY building, unit, channel, choice, invalid_reason`

// count computes a motion's tally from its roll.
func count(tx *gorm.DB, m *model.Motion, now time.Time) (*Tally, error) {
	var rows []tallyRow
	if err := tx.Raw(tallyRows, m.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count motion %s: %w", m.ID, err)
	}
	t := &Tally{Status: m.StatusAt(now), AsOf: now, Rule: m.Rule()}
	for _, row := range rows {
		t.add(row)
	}
	slices.SortFunc(t.Buildings, inWalkingOrder)
	slices.SortFunc(t.Units, inWalkingOrder)
	t.Result = t.Rule.Decide(t.Totals)
	t.Open = m.LiveTally == model.LiveFull || t.Status == model.StatusClosed
	if !t.Open {
		return t, nil
	}
	var err error
	if t.Proofs, err = countProofs(tx, m); err != nil {
		return nil, err
	}
	if t.Bases, err = countBases(tx, m); err != nil {
		return nil, err
	}
	if t.Silence, err = readSilence(tx, m, t); err != nil {
		return nil, err
	}
	if len(m.Items) > 0 {
		t.Items, err = countItems(tx, m)
	}
	return t, err
}

func (t *Tally) add(row tallyRow) {
	addTo(&t.Totals, row)
	addTo(partIn(&t.Buildings, row.Building, ""), row)
	addTo(partIn(&t.Units, row.Building, row.Unit), row)
	if row.Channel != "" {
		totals := channelIn(&t.Channels, row.Channel)
		addTo(totals, row)
		totals.Roll = vote.Count{}
	}
	if row.Choice == vote.Invalid {
		for i := range t.Reasons {
			if t.Reasons[i].Reason == row.InvalidReason {
				t.Reasons[i].Count = t.Reasons[i].Count.Add(row.Count)
				return
			}
		}
		t.Reasons = append(t.Reasons, Reason{Reason: row.InvalidReason, Count: row.Count})
	}
}

// inWalkingOrder puts 2栋 before 10栋.
func inWalkingOrder(a, b Part) int {
	return cmp.Or(
		cmp.Compare(roster.SortKey(a.Building), roster.SortKey(b.Building)),
		cmp.Compare(roster.SortKey(a.Unit), roster.SortKey(b.Unit)),
	)
}

func addTo(t *vote.Totals, row tallyRow) {
	t.Roll = t.Roll.Add(row.Count)
	switch row.Choice {
	case vote.Agree:
		t.Agree = t.Agree.Add(row.Count)
	case vote.Oppose:
		t.Oppose = t.Oppose.Add(row.Count)
	case vote.Abstain:
		t.Abstain = t.Abstain.Add(row.Count)
	case vote.Invalid:
		t.Invalid = t.Invalid.Add(row.Count)
		if row.InvalidReason.Disputable() {
			t.Disputable = t.Disputable.Add(row.Count)
		}
	}
}

func partIn(parts *[]Part, building, unit string) *vote.Totals {
	for i := range *parts {
		if p := &(*parts)[i]; p.Building == building && p.Unit == unit {
			return &p.Totals
		}
	}
	*parts = append(*parts, Part{Building: building, Unit: unit})
	return &(*parts)[len(*parts)-1].Totals
}

func channelIn(channels *[]Channel, channel vote.Channel) *vote.Totals {
	for i := range *channels {
		if c := &(*channels)[i]; c.Channel == channel {
			return &c.Totals
		}
	}
	*channels = append(*channels, Channel{Channel: channel})
	return &(*channels)[len(*channels)-1].Totals
}

const standingItems = `SELECT b.items FROM roll_voters v
JOIN ballots b ON b.motion_id = v.motion_id AND b.voter_id = v.id AND b.version = v.current_version
WHERE v.motion_id = ? AND v.choice IN ('agree', 'oppose', 'abstain') AND b.items <> '[]'`

func countItems(tx *gorm.DB, m *model.Motion) ([]ItemCount, error) {
	var ballots []model.Ballot
	if err := tx.Raw(standingItems, m.ID).Scan(&ballots).Error; err != nil {
		return nil, fmt.Errorf("count the items of motion %s: %w", m.ID, err)
	}
	heads := map[string]int64{}
	for _, b := range ballots {
		for _, code := range b.Items {
			heads[code]++
		}
	}
	counts := make([]ItemCount, 0, len(m.Items))
	for _, item := range m.Items {
		counts = append(counts, ItemCount{Item: item, Heads: heads[item.Code]})
	}
	return counts, nil
}

// tallies keeps each motion's last count for a second, and no longer than the
// next ballot that this process takes.
type tallies struct {
	mu   sync.Mutex
	kept map[string]keptTally
	// turns counts what was forgotten, so that a count begun before a ballot
	// is not kept after it.
	turns uint64
}

type keptTally struct {
	tally *Tally
	until time.Time
}

const keepTally = time.Second

func (k *tallies) forget(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turns++
	delete(k.kept, id)
}

func (k *tallies) recall(id string, now time.Time) (*Tally, uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if kept, ok := k.kept[id]; ok && now.Before(kept.until) {
		return kept.tally, k.turns
	}
	return nil, k.turns
}

// mostKept bounds the memory; beyond it all are counted anew.
const mostKept = 1000

func (k *tallies) keep(id string, t *Tally, turn uint64, until time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil || len(k.kept) >= mostKept {
		k.kept = map[string]keptTally{}
	}
	if turn == k.turns {
		k.kept[id] = keptTally{tally: t, until: until}
	}
}

// Tally is how a published motion stands. A sealed one is answered as it was
// sealed; one whose time is over is sealed first.
func (s *Service) Tally(ctx context.Context, id string) (*Tally, error) {
	now := s.now()
	kept, turn := s.tallies.recall(id, now)
	if kept != nil {
		return kept, nil
	}
	m, err := motion(s.DB.Read(ctx), motionByID, id)
	if err != nil {
		return nil, err
	}
	if m.Stage == model.StageDraft {
		return nil, fault.ErrNotFound
	}
	if m.Stage == model.StagePublished && m.StatusAt(now) == model.StatusClosed {
		if m, err = s.sealed(ctx, id); err != nil {
			return nil, err
		}
	}
	var t *Tally
	if m.Stage == model.StageSealed {
		t, err = s.sealedTally(ctx, m)
	} else {
		t, err = count(s.DB.Read(ctx), m, now)
	}
	if err != nil {
		return nil, err
	}
	s.tallies.keep(id, t, turn, until(m, now))
	return t, nil
}

// Forget drops what is kept of a motion's tally, so that the next look counts.
func (s *Service) Forget(id string) { s.tallies.forget(id) }

// until is when a kept tally is over: after a second, or at the motion's next
// turn of the clock.
func until(m *model.Motion, now time.Time) time.Time {
	end := now.Add(keepTally)
	for _, turn := range []time.Time{m.OpensAt, m.ClosesAt, m.CountUntil} {
		if turn.After(now) && turn.Before(end) {
			end = turn
		}
	}
	return end
}
