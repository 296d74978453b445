package api

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/share"
	"gongdi/service/fault"
	"gongdi/service/lifts"
)

// LiftTermsBody is all that a variant says.
type LiftTermsBody struct {
	Title        string              `json:"title" minLength:"1" maxLength:"100"`
	Cost         int64               `json:"cost_fen" minimum:"0" maximum:"1000000000000"`
	Items        []LiftItemBody      `json:"cost_items,omitempty" maxItems:"100" doc:"together cost_fen"`
	Compensation int64               `json:"compensation_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"to the floors below; added to what is shared"`
	Subsidy      *LiftSubsidyBody    `json:"subsidy,omitempty"`
	Other        int64               `json:"other_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"other money"`
	Sharing      LiftSharingBody     `json:"sharing"`
	Households   []LiftHouseholdBody `json:"households,omitempty" maxItems:"2000" doc:"what holds for single homes; others join as their floor does, parking spaces and storage rooms do not"`
	Running      *LiftRunningBody    `json:"running,omitempty" doc:"what the lift costs each year"`
}

// LiftItemBody is one line of the cost.
type LiftItemBody struct {
	Name string `json:"name" minLength:"1" maxLength:"100"`
	Fen  int64  `json:"amount_fen" minimum:"0" maximum:"1000000000000"`
}

// LiftSubsidyBody is how a subsidy is reckoned.
type LiftSubsidyBody struct {
	Mode        string `json:"mode" enum:"none,fixed,percent"`
	Amount      *int64 `json:"amount_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"of a fixed one, for each lift"`
	Percent     *int64 `json:"percent_bp,omitempty" minimum:"0" maximum:"1000000" doc:"basis points of cost_fen, rounded down"`
	Cap         *int64 `json:"cap_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"at most so much, of a percentage"`
	LeastFloors int    `json:"least_floors,omitempty" minimum:"0" maximum:"200" doc:"floors that the stairwell must have"`
}

// LiftSharingBody is how a cost is divided.
type LiftSharingBody struct {
	Mode         string           `json:"mode" enum:"coefficient,coefficient_area,percent_by_floor,area,equal,fixed"`
	Coefficients map[string]int64 `json:"coefficients,omitempty" doc:"hundredths, by the floor above the entrance"`
	Percents     map[string]int64 `json:"percent_bp,omitempty" doc:"each floor's part of the whole in basis points, 10000 together, shared equally by the homes that join on it"`
}

// LiftHouseholdBody is what holds for one home.
type LiftHouseholdBody struct {
	PropertyID   string `json:"property_id" minLength:"1" maxLength:"64"`
	Joins        *bool  `json:"joins,omitempty" doc:"true unless given"`
	Coefficient  *int64 `json:"coefficient,omitempty" minimum:"0" maximum:"100000" doc:"hundredths, in place of its floor's; 0 exempts it in every mode"`
	Fixed        int64  `json:"fixed_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"what it pays in mode fixed"`
	Compensation int64  `json:"compensation_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"what it is given; all together compensation_fen of the plan"`
	Occupied     bool   `json:"occupied,omitempty" doc:"its own part is occupied: it must consent for itself"`
}

// LiftRunningBody is the yearly cost.
type LiftRunningBody struct {
	Yearly  int64            `json:"yearly_fen" minimum:"0" maximum:"1000000000000"`
	Sharing *LiftSharingBody `json:"sharing,omitempty" doc:"as the cost of the lift unless given"`
}

// Most of a coefficient, in hundredths.
const mostCoefficient = 100_000

// Terms reads what a variant says.
func (b *LiftTermsBody) Terms() (model.LiftTerms, error) {
	t := model.LiftTerms{Bill: share.Bill{Cost: quantity.Fen(b.Cost), Compensation: quantity.Fen(b.Compensation), Other: quantity.Fen(b.Other)}}
	var err error
	if t.Bill.Subsidy, err = b.Subsidy.subsidy(); err != nil {
		return t, err
	}
	if t.Sharing, err = b.Sharing.Sharing("body.sharing"); err != nil {
		return t, err
	}
	for _, item := range b.Items {
		t.Items = append(t.Items, model.CostItem{Name: item.Name, Fen: quantity.Fen(item.Fen)})
	}
	for _, h := range b.Households {
		t.Households = append(t.Households, model.LiftHousehold{
			PropertyID: h.PropertyID, Out: h.Joins != nil && !*h.Joins, Coefficient: h.Coefficient, Fixed: quantity.Fen(h.Fixed),
			Compensation: quantity.Fen(h.Compensation), Occupied: h.Occupied,
		})
	}
	if b.Running == nil {
		return t, nil
	}
	t.Running.Yearly = quantity.Fen(b.Running.Yearly)
	if b.Running.Sharing != nil {
		t.Running.Sharing, err = b.Running.Sharing.Sharing("body.running.sharing")
	}
	return t, err
}

func (b *LiftSubsidyBody) subsidy() (share.Subsidy, error) {
	if b == nil {
		return share.Subsidy{Grant: share.NoGrant}, nil
	}
	s := share.Subsidy{Grant: share.Grant(b.Mode), LeastFloors: b.LeastFloors}
	switch {
	case s.Grant == share.FixedGrant && b.Amount == nil:
		return s, fault.Unknown("body.subsidy.amount_fen", "请填写补贴金额")
	case s.Grant == share.PercentGrant && b.Percent == nil:
		return s, fault.Unknown("body.subsidy.percent_bp", "请填写补贴比例")
	}
	if b.Amount != nil {
		s.Amount = quantity.Fen(*b.Amount)
	}
	if b.Percent != nil {
		s.Percent = *b.Percent
	}
	s.Cap = (*quantity.Fen)(b.Cap)
	return s, nil
}

// Sharing reads how a cost is divided; at is its place in the body.
func (b *LiftSharingBody) Sharing(at string) (share.Sharing, error) {
	s := share.Sharing{Mode: share.Mode(b.Mode)}
	var err error
	if s.Coefficients, err = byFloor(b.Coefficients, mostCoefficient, at+".coefficients."); err != nil {
		return s, err
	}
	s.Percents, err = byFloor(b.Percents, 10_000, at+".percent_bp.")
	return s, err
}

func byFloor(in map[string]int64, most int64, at string) (map[int]int64, error) {
	if len(in) == 0 {
		return nil, nil
	}
	out := map[int]int64{}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		floor, err := strconv.Atoi(key)
		switch {
		case err != nil || strconv.Itoa(floor) != key || floor < -99 || floor > 999:
			return nil, fault.Unknown(at+clipKey(key), "楼层应为整数")
		case in[key] < 0 || in[key] > most:
			return nil, fault.Unknown(at+key, "数值应在 0 到 "+strconv.FormatInt(most, 10)+" 之间")
		}
		out[floor] = in[key]
	}
	return out, nil
}

func clipKey(key string) string {
	if runes := []rune(key); len(runes) > 20 {
		return string(runes[:20])
	}
	return key
}

// LiftPlanBody is a variant as it is shown.
type LiftPlanBody struct {
	ID      string `json:"id,omitempty" doc:"none of a preview"`
	UnitID  string `json:"unit_id"`
	Unit    string `json:"unit"`
	Version int    `json:"version"`
	Status  string `json:"status" enum:"open,withdrawn"`
	LiftTermsBody
	SubsidyFen int64           `json:"subsidy_fen" doc:"what the subsidy comes to"`
	ToShare    int64           `json:"to_share_fen" doc:"cost and compensation less subsidy and other money"`
	Shares     []LiftShareBody `json:"shares" doc:"every home of the unit: building, unit, floor, room"`
	MotionID   string          `json:"motion_id,omitempty" doc:"the owners' vote on this version"`
	Reason     string          `json:"reason,omitempty" doc:"why it replaced the version before"`
	Digest     string          `json:"digest,omitempty" doc:"SHA-256 of what is signed"`
	CreatedAt  time.Time       `json:"created_at"`
}

// LiftShareBody is one home's share.
type LiftShareBody struct {
	PropertyID   string `json:"property_id"`
	Label        string `json:"label"`
	Floor        int    `json:"floor" doc:"above the entrance; 0 when the registry does not know it, which a sharing by floor refuses"`
	Area         *Area  `json:"area_m2" nullable:"true"`
	Joins        bool   `json:"joins"`
	Weight       int64  `json:"weight" doc:"hundredths, times 0.01 m² where the area counts; shares are as weights"`
	Fen          int64  `json:"share_fen"`
	Yearly       int64  `json:"yearly_fen"`
	Compensation int64  `json:"compensation_fen"`
	Occupied     bool   `json:"occupied"`
}

// LiftPlan shows a variant.
func LiftPlan(p *lifts.Plan) LiftPlanBody {
	b := LiftPlanBody{
		ID: p.Plan.ID, UnitID: p.Plan.UnitID, Unit: p.Plan.UnitLabel, Version: p.As.Version, Status: string(p.Plan.Stage),
		LiftTermsBody: liftTerms(&p.As), SubsidyFen: int64(p.As.Subsidy), ToShare: int64(p.As.ToShare), Shares: make([]LiftShareBody, 0, len(p.Shares)),
		MotionID: p.As.MotionID, Reason: p.As.Reason, Digest: p.As.Digest, CreatedAt: Time(p.As.CreatedAt),
	}
	for _, s := range p.Shares {
		b.Shares = append(b.Shares, LiftShare(s))
	}
	return b
}

// LiftShare shows one home's share.
func LiftShare(s model.LiftShare) LiftShareBody {
	floor := 0
	if s.Floor != nil {
		floor = *s.Floor
	}
	return LiftShareBody{
		PropertyID: s.PropertyID, Label: s.Label, Floor: floor, Area: AreaOf(s.Area), Joins: s.Joins, Weight: s.Weight, Fen: int64(s.Fen),
		Yearly: int64(s.Yearly), Compensation: int64(s.Compensation), Occupied: s.Occupied,
	}
}

func liftTerms(v *model.LiftPlanVersion) LiftTermsBody {
	t := v.Terms
	b := LiftTermsBody{
		Title: v.Title, Cost: int64(t.Bill.Cost), Compensation: int64(t.Bill.Compensation), Other: int64(t.Bill.Other),
		Subsidy: subsidyOf(t.Bill.Subsidy), Sharing: SharingOf(t.Sharing),
	}
	for _, item := range t.Items {
		b.Items = append(b.Items, LiftItemBody{Name: item.Name, Fen: int64(item.Fen)})
	}
	for _, h := range t.Households {
		joins := !h.Out
		b.Households = append(b.Households, LiftHouseholdBody{
			PropertyID: h.PropertyID, Joins: &joins, Coefficient: h.Coefficient, Fixed: int64(h.Fixed), Compensation: int64(h.Compensation), Occupied: h.Occupied,
		})
	}
	if t.Running.Yearly > 0 {
		b.Running = &LiftRunningBody{Yearly: int64(t.Running.Yearly)}
		if t.Running.Sharing.Mode != "" {
			sharing := SharingOf(t.Running.Sharing)
			b.Running.Sharing = &sharing
		}
	}
	return b
}

func subsidyOf(s share.Subsidy) *LiftSubsidyBody {
	b := &LiftSubsidyBody{Mode: string(s.Grant), Cap: (*int64)(s.Cap), LeastFloors: s.LeastFloors}
	switch s.Grant {
	case share.FixedGrant:
		amount := int64(s.Amount)
		b.Amount = &amount
	case share.PercentGrant:
		b.Percent = &s.Percent
	case share.NoGrant:
	}
	return b
}

// SharingOf shows how a cost is divided.
func SharingOf(s share.Sharing) LiftSharingBody {
	words := func(in map[int]int64) map[string]int64 {
		out := map[string]int64{}
		for floor, n := range in {
			out[strconv.Itoa(floor)] = n
		}
		return out
	}
	return LiftSharingBody{Mode: string(s.Mode), Coefficients: words(s.Coefficients), Percents: words(s.Percents)}
}

// LiftCountsBody is how many households said what.
type LiftCountsBody struct {
	Stance   map[string]int `json:"stance"`
	WillPay  map[string]int `json:"will_pay"`
	Concerns map[string]int `json:"concerns"`
}

// LiftCounts shows the counts, each stance and concern with its number.
func LiftCounts(in *lifts.Intents) LiftCountsBody {
	b := LiftCountsBody{Stance: map[string]int{}, WillPay: map[string]int{}, Concerns: map[string]int{}}
	for _, s := range []model.Stance{model.StanceWant, model.StanceNeutral, model.StanceAgainst} {
		b.Stance[string(s)] = in.Stances[s]
	}
	for _, w := range []model.WillPay{model.WouldPay, model.WouldNotPay, model.UnsureToPay} {
		b.WillPay[string(w)] = in.WillPay[w]
	}
	for _, c := range model.Concerns {
		b.Concerns[string(c)] = in.Concerns[c]
	}
	return b
}

// LiftIntentBody is what one household said.
type LiftIntentBody struct {
	PropertyID string    `json:"property_id"`
	Label      string    `json:"label"`
	Floor      *int      `json:"floor" nullable:"true"`
	Stance     string    `json:"stance" enum:"want,neutral,against"`
	WillPay    string    `json:"will_pay" enum:"yes,no,unsure"`
	MaxFen     *int64    `json:"max_fen" nullable:"true"`
	Concerns   []string  `json:"concerns"`
	At         time.Time `json:"at"`
}

// LiftIntent shows what one household said.
func LiftIntent(s lifts.Said) LiftIntentBody {
	b := LiftIntentBody{
		PropertyID: s.PropertyID, Label: s.Label, Floor: s.Floor, Stance: string(s.Stance), WillPay: string(s.WillPay), MaxFen: (*int64)(s.MaxFen), Concerns: []string{}, At: Time(s.At),
	}
	for _, c := range s.Concerns {
		b.Concerns = append(b.Concerns, string(c))
	}
	return b
}
