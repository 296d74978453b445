package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/voting"
)

// Tally is a count as residents and the office are shown it alike. What the
// motion keeps to itself until the seal is null.
type Tally struct {
	MotionID      string           `json:"motion_id"`
	Status        model.Status     `json:"status"`
	AsOf          time.Time        `json:"as_of"`
	Rule          Rule             `json:"rule"`
	Roll          Count            `json:"roll"`
	Participating Count            `json:"participating"`
	Agree         Maybe[Count]     `json:"agree"`
	Oppose        Maybe[Count]     `json:"oppose"`
	Abstain       Maybe[Count]     `json:"abstain"`
	Invalid       Maybe[Count]     `json:"invalid"`
	QuorumMet     bool             `json:"quorum_met"`
	Approved      *bool            `json:"approved" nullable:"true"`
	Passed        *bool            `json:"passed" nullable:"true"`
	Outcome       *vote.Outcome    `json:"outcome" nullable:"true" enum:"passed,not_passed,undetermined"`
	Shortfall     Maybe[Shortfall] `json:"shortfall"`
	ByBuilding    []PartTally      `json:"by_building" nullable:"true"`
	ByUnit        []PartTally      `json:"by_unit" nullable:"true"`
	ByChannel     []ChannelTally   `json:"by_channel" nullable:"true"`
	ByReason      []ReasonTally    `json:"invalid_by_reason" nullable:"true"`
	Items         []ItemTally      `json:"items" nullable:"true"`
	ByProof       []ProofTally     `json:"by_proof" nullable:"true"`
	Readings      Maybe[Readings]  `json:"readings"`
}

// ProofTally is who took part by how their identity was proven, withheld as
// PartTally is.
type ProofTally struct {
	Proof         model.Proof  `json:"proof" enum:"roster_phone,document,in_person,paper"`
	Withheld      bool         `json:"withheld,omitempty"`
	Participating Maybe[Count] `json:"participating"`
}

// Readings are the three ways in which the same papers could be read. The
// literal one decides; it is undetermined where counting disputable papers as
// taking part would turn it.
type Readings struct {
	Literal    bool           `json:"literal"`
	Disputable Count          `json:"disputable" doc:"invalid papers of entitled owners, and open disputes"`
	Silence    Maybe[Silence] `json:"silence" doc:"where the estate has a rule of its own; information only"`
}

// Silence is the reading in which the silent follow the majority.
type Silence struct {
	Rule      string `json:"rule"`
	Clause    string `json:"clause"`
	Silent    Count  `json:"silent" doc:"who was demonstrably given the ballot and did not answer"`
	Follows   bool   `json:"follows" doc:"false where neither side has more of both heads and area"`
	Agree     Count  `json:"agree"`
	Oppose    Count  `json:"oppose"`
	QuorumMet bool   `json:"quorum_met"`
	Passed    bool   `json:"passed"`
}

func readingsOf(t *voting.Tally) Readings {
	out := Readings{Literal: t.Result.Passed, Disputable: CountOf(t.Totals.Disputable)}
	if r := t.Silence; r != nil {
		out.Silence = Some(Silence{
			Rule: r.Rule.Rule, Clause: r.Rule.Clause, Silent: CountOf(r.Silent), Follows: r.Follows,
			Agree: CountOf(r.Totals.Agree), Oppose: CountOf(r.Totals.Oppose), Passed: r.Passed,
			QuorumMet: t.Rule.Decide(r.Totals).QuorumMet,
		})
	}
	return out
}

// Count is heads and area.
type Count struct {
	Heads int64 `json:"heads"`
	Area  Area  `json:"area_m2"`
}

// Rule is what decides: ratios as [numerator, denominator].
type Rule struct {
	Code     string   `json:"code"`
	Quorum   [2]int64 `json:"quorum"`
	Approval [2]int64 `json:"approval"`
	Strict   bool     `json:"approval_strict" doc:"more than, not at least"`
	Base     string   `json:"agree_base"`
	Citation string   `json:"citation"`
}

// Shortfall is what is still missing.
type Shortfall struct {
	QuorumHeads   int64 `json:"quorum_heads"`
	QuorumArea    Area  `json:"quorum_area_m2"`
	ApprovalHeads int64 `json:"approval_heads"`
	ApprovalArea  Area  `json:"approval_area_m2"`
	ToPassHeads   int64 `json:"to_pass_heads"`
	ToPassArea    Area  `json:"to_pass_area_m2"`
	Reachable     bool  `json:"reachable"`
}

// PartTally is the count of one building or unit. Residents are not shown what
// fewer than five came to: withheld, and the figures are null.
type PartTally struct {
	Building      string       `json:"building"`
	Unit          string       `json:"unit,omitempty"`
	Roll          Count        `json:"roll"`
	Withheld      bool         `json:"withheld,omitempty"`
	Participating Maybe[Count] `json:"participating"`
	Agree         Maybe[Count] `json:"agree"`
	Oppose        Maybe[Count] `json:"oppose"`
	Abstain       Maybe[Count] `json:"abstain"`
	Invalid       Maybe[Count] `json:"invalid"`
}

// ChannelTally is the count of one way of casting, withheld as PartTally is.
type ChannelTally struct {
	Channel       vote.Channel `json:"channel" enum:"online,paper,proxy"`
	Withheld      bool         `json:"withheld,omitempty"`
	Participating Maybe[Count] `json:"participating"`
	Agree         Maybe[Count] `json:"agree"`
	Oppose        Maybe[Count] `json:"oppose"`
	Abstain       Maybe[Count] `json:"abstain"`
	Invalid       Maybe[Count] `json:"invalid"`
}

// ReasonTally is how many papers were invalid for one reason.
type ReasonTally struct {
	Reason model.InvalidReason `json:"reason"`
	Count
}

// ItemTally is how many voters ticked an item.
type ItemTally struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Heads int64  `json:"heads"`
}

// CountOf shapes a count.
func CountOf(c vote.Count) Count { return Count{Heads: c.Heads, Area: Area(c.Area)} }

// RuleOf shapes a rule.
func RuleOf(r vote.Rule) Rule {
	return Rule{
		Code: r.Code, Quorum: [2]int64{r.Quorum.Num, r.Quorum.Den}, Approval: [2]int64{r.Approval.Num, r.Approval.Den},
		Strict: r.Approval.Strict, Base: string(r.Base), Citation: r.Citation,
	}
}

// TallyOf shapes a tally, without what may not be shown yet.
func TallyOf(motionID string, t *voting.Tally) Tally {
	out := Tally{
		MotionID: motionID, Status: t.Status, AsOf: Time(t.AsOf), Rule: RuleOf(t.Rule),
		Roll: CountOf(t.Totals.Roll), Participating: CountOf(t.Totals.Participating()), QuorumMet: t.Result.QuorumMet,
	}
	if !t.Open {
		return out
	}
	out.Agree, out.Oppose = Some(CountOf(t.Totals.Agree)), Some(CountOf(t.Totals.Oppose))
	out.Abstain, out.Invalid = Some(CountOf(t.Totals.Abstain)), Some(CountOf(t.Totals.Invalid))
	result := t.Result
	out.Approved, out.Passed, out.Outcome = &result.Approved, &result.Passed, &result.Outcome
	out.Shortfall = Some(shortfallOf(t.Result.Shortfall))
	out.addParts(t)
	out.Readings, out.ByProof = Some(readingsOf(t)), []ProofTally{}
	for _, p := range t.Proofs {
		out.ByProof = append(out.ByProof, ProofTally{Proof: p.Proof, Participating: Some(CountOf(p.Count))})
	}
	return out
}

func (out *Tally) addParts(t *voting.Tally) {
	out.ByBuilding, out.ByUnit = partsOf(t.Buildings), partsOf(t.Units)
	out.ByChannel, out.ByReason, out.Items = []ChannelTally{}, []ReasonTally{}, []ItemTally{}
	for _, c := range t.Channels {
		out.ByChannel = append(out.ByChannel, ChannelTally{
			Channel: c.Channel, Participating: some(c.Totals.Participating()), Agree: some(c.Totals.Agree),
			Oppose: some(c.Totals.Oppose), Abstain: some(c.Totals.Abstain), Invalid: some(c.Totals.Invalid),
		})
	}
	for _, r := range t.Reasons {
		out.ByReason = append(out.ByReason, ReasonTally{Reason: r.Reason, Count: CountOf(r.Count)})
	}
	for _, i := range t.Items {
		out.Items = append(out.Items, ItemTally{Code: i.Code, Label: i.Label, Heads: i.Heads})
	}
}

func shortfallOf(s vote.Shortfall) Shortfall {
	return Shortfall{
		QuorumHeads: s.QuorumHeads, QuorumArea: Area(s.QuorumArea),
		ApprovalHeads: s.ApprovalHeads, ApprovalArea: Area(s.ApprovalArea),
		ToPassHeads: s.ToPassHeads, ToPassArea: Area(s.ToPassArea), Reachable: s.Reachable,
	}
}

func some(c vote.Count) Maybe[Count] { return Some(CountOf(c)) }

func partsOf(parts []voting.Part) []PartTally {
	out := make([]PartTally, 0, len(parts))
	for _, p := range parts {
		out = append(out, PartTally{
			Building: p.Building, Unit: p.Unit, Roll: CountOf(p.Totals.Roll), Participating: some(p.Totals.Participating()),
			Agree: some(p.Totals.Agree), Oppose: some(p.Totals.Oppose), Abstain: some(p.Totals.Abstain), Invalid: some(p.Totals.Invalid),
		})
	}
	return out
}

// withhold blanks what residents are not shown.
func (out *Tally) withhold(t *voting.Tally) {
	buildings, units := t.Withheld()
	for i, hidden := range buildings {
		if hidden {
			out.ByBuilding[i].withhold()
		}
	}
	for i, hidden := range units {
		if hidden {
			out.ByUnit[i].withhold()
		}
	}
	for i, hidden := range t.WithheldChannels() {
		if hidden {
			out.ByChannel[i] = ChannelTally{Channel: out.ByChannel[i].Channel, Withheld: true}
		}
	}
	for i, hidden := range t.WithheldProofs() {
		if hidden {
			out.ByProof[i] = ProofTally{Proof: out.ByProof[i].Proof, Withheld: true}
		}
	}
}

func (p *PartTally) withhold() {
	*p = PartTally{Building: p.Building, Unit: p.Unit, Roll: p.Roll, Withheld: true}
}

// TallyPages writes each tally once, for as long as the service keeps it.
type TallyPages struct {
	// ForResidents withholds the figures of small groups.
	ForResidents bool

	mu    sync.Mutex
	pages map[string]tallyPage
}

type tallyPage struct {
	tally *voting.Tally
	tag   string
	body  []byte
}

// TallyAnswer is a tally as it is sent, or nothing but a 304.
type TallyAnswer struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	ContentType  string `header:"Content-Type"`
	Body         []byte
}

// Answer gives a tally's page; unchanged when the caller has it already.
func (p *TallyPages) Answer(motionID string, t *voting.Tally, known string) (*TallyAnswer, error) {
	page, err := p.page(motionID, t)
	if err != nil {
		return nil, err
	}
	out := &TallyAnswer{Status: 200, ETag: page.tag, CacheControl: "private, no-cache", ContentType: "application/json", Body: page.body}
	if known == page.tag {
		out.Status, out.Body = 304, nil
	}
	return out, nil
}

const mostPages = 1000

func (p *TallyPages) page(motionID string, t *voting.Tally) (tallyPage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if page, ok := p.pages[motionID]; ok && page.tally == t {
		return page, nil
	}
	shaped := TallyOf(motionID, t)
	if p.ForResidents && t.Open {
		shaped.withhold(t)
	}
	body, err := json.Marshal(shaped)
	if err != nil {
		return tallyPage{}, fmt.Errorf("write tally: %w", err)
	}
	shaped.AsOf = time.Time{} // a later look at the same count is the same page
	same, err := json.Marshal(shaped)
	if err != nil {
		return tallyPage{}, fmt.Errorf("write tally: %w", err)
	}
	digest := sha256.Sum256(same)
	if p.pages == nil || len(p.pages) >= mostPages {
		p.pages = map[string]tallyPage{}
	}
	page := tallyPage{tally: t, tag: `"` + hex.EncodeToString(digest[:12]) + `"`, body: body}
	p.pages[motionID] = page
	return page, nil
}
