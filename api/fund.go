package api

import (
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/funds"
)

// PurposeBody is what money is for.
type PurposeBody struct {
	Type string `json:"type" enum:"lift,estate"`
	ID   string `json:"id" minLength:"1" maxLength:"64" doc:"of the variant, or of the estate"`
}

// Purpose reads it.
func (b PurposeBody) Purpose() model.Purpose {
	return model.Purpose{Type: model.PurposeType(b.Type), ID: b.ID}
}

// SourceBody is what a pledge takes from one source.
type SourceBody struct {
	Source string `json:"source" enum:"cash,hpf,housing_fund,maintenance_fund,common_income,donation,in_kind,labour,original_unit,social_capital,pipeline_company,fiscal"`
	Amount int64  `json:"amount_fen" minimum:"1" maximum:"1000000000000"`
}

// SourceOf reads a source; housing_fund is hpf, labour is in_kind.
func SourceOf(word string) model.Source {
	switch word {
	case "housing_fund":
		return model.HousingFund
	case "labour":
		return model.InKind
	}
	return model.Source(word)
}

// Parts reads what a pledge takes from which source.
func Parts(in []SourceBody) []model.PledgePart {
	out := make([]model.PledgePart, 0, len(in))
	for _, b := range in {
		out = append(out, model.PledgePart{Source: SourceOf(b.Source), Amount: quantity.Fen(b.Amount)})
	}
	return out
}

// OnlyIfBody is under which condition somebody pledges.
type OnlyIfBody struct {
	Most  *int64 `json:"max_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"the own share is at most so much"`
	Homes *int   `json:"min_homes,omitempty" minimum:"1" maximum:"10000" doc:"at least so many homes pay"`
}

// PledgeBody is a pledge with where it stands.
type PledgeBody struct {
	ID          string          `json:"id"`
	Status      string          `json:"status" enum:"pledged,confirmed,part_received,received,refunded,withdrawn,lapsed"`
	Purpose     PurposeBody     `json:"purpose"`
	Version     int             `json:"plan_version,omitempty"`
	Contributor ContributorBody `json:"contributor"`
	Sources     []PartBody      `json:"sources"`
	Amount      int64           `json:"amount_fen"`
	Received    int64           `json:"received_fen"`
	Refunded    int64           `json:"refunded_fen"`
	RefundDue   int64           `json:"refund_due_fen" doc:"of a pledge that is withdrawn or has lapsed"`
	OnlyIf      *OnlyIfBody     `json:"only_if,omitempty"`
	LapsesWhen  []string        `json:"lapses_when" doc:"motion_not_passed, plan_changed, plan_withdrawn, share_above_max, too_few_homes"`
	Because     string          `json:"lapsed_because,omitempty"`
	DueOn       string          `json:"due_on,omitempty" format:"date"`
	Ground      string          `json:"ground,omitempty"`
	RemitCode   string          `json:"remit_code" doc:"what whoever pays writes in the transfer, so that the bank's list leads back to this pledge"`
	Words       string          `json:"notice" doc:"what is printed on every pledge"`
	CreatedAt   time.Time       `json:"created_at"`
}

// ContributorBody is who contributes.
type ContributorBody struct {
	Type       string `json:"type" enum:"household,original_unit,pipeline_company,social_capital,treasury"`
	PropertyID string `json:"property_id,omitempty" maxLength:"64"`
	Label      string `json:"label,omitempty" readOnly:"true" doc:"of the home"`
	Name       string `json:"name,omitempty" maxLength:"100"`
}

// PartBody is what a pledge takes from one source, and what came in of it.
type PartBody struct {
	Source   string `json:"source"`
	Amount   int64  `json:"amount_fen"`
	Received int64  `json:"received_fen" doc:"less what went back"`
}

// Pledge shows a pledge.
func Pledge(p *funds.Pledged) PledgeBody {
	st := p.Standing
	b := PledgeBody{
		ID: p.ID, Status: string(st.Status), Purpose: PurposeBody{Type: string(p.PurposeType), ID: p.PurposeID}, Version: p.PlanVersion,
		Contributor: ContributorBody{Type: string(p.Contributor), PropertyID: p.PropertyID, Label: p.Label, Name: p.Called},
		Sources:     []PartBody{}, Amount: int64(st.Pledged), Received: int64(st.Received), Refunded: int64(st.Refunded), RefundDue: int64(st.RefundDue),
		LapsesWhen: []string{}, Because: string(st.Because), DueOn: string(p.DueOn), Ground: string(p.Ground), RemitCode: funds.RemitCode(p.ID), Words: funds.Words, CreatedAt: Time(p.CreatedAt),
	}
	for _, part := range p.Parts {
		b.Sources = append(b.Sources, PartBody{Source: string(part.Source), Amount: int64(part.Amount), Received: int64(st.BySource[part.Source])})
	}
	for _, l := range st.LapsesIf {
		b.LapsesWhen = append(b.LapsesWhen, string(l))
	}
	if p.Most != nil || p.LeastHomes != nil {
		b.OnlyIf = &OnlyIfBody{Most: (*int64)(p.Most), Homes: p.LeastHomes}
	}
	return b
}

// Pledges shows a page of pledges.
func Pledges(rows []funds.Pledged, total int64, err error) (*Body[List[PledgeBody]], error) {
	if err != nil {
		return nil, err
	}
	return Answer(ListOf(rows, total, func(p funds.Pledged) PledgeBody { return Pledge(&p) })), nil
}

// PledgeOr shows a pledge that a service gave.
func PledgeOr(p *funds.Pledged, err error) (*Body[PledgeBody], error) {
	if err != nil {
		return nil, err
	}
	return Answer(Pledge(p)), nil
}

// OverviewBody is what is pledged and what came in, side by side.
type OverviewBody struct {
	Pledged  int64            `json:"pledged_fen" doc:"by pledges that stand"`
	Pledges  int              `json:"pledges"`
	In       int64            `json:"in_fen"`
	Out      int64            `json:"out_fen"`
	Balances map[string]int64 `json:"balances" doc:"by source"`
}

// Overview shows a purpose's figures.
func Overview(o *funds.Overview) OverviewBody {
	b := OverviewBody{Pledged: int64(o.Pledged), Pledges: o.Pledges, Balances: Balances(o.Sources)}
	for _, t := range o.Sources {
		b.In, b.Out = b.In+int64(t.In), b.Out+int64(t.Out)
	}
	return b
}

// Balances is what is left by source.
func Balances(totals []funds.Total) map[string]int64 {
	out := map[string]int64{}
	for _, t := range totals {
		out[t.Key] = int64(t.Balance())
	}
	return out
}
