package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/funds"
)

// largestBankList is the largest file of a bank: some 5,000 rows.
const largestBankList = 8 << 20

func (h *handlers) bankLists(a *api.API) {
	load := creating(post("/bank-lists", fundsTag, "read a bank's statement list (.xlsx) and propose to which pledges its rows belong; 200 for a dry run", model.KeepFunds))
	load.MaxBody = largestBankList
	api.Handle(a, load, h.loadBankList)
	api.Handle(a, h.onBankList(get("/bank-lists/{id}", fundsTag, "a bank's list as it stands now", model.KeepFunds)), h.showBankList)
	api.Handle(a, h.onBankList(post("/bank-lists/{id}/book", fundsTag, "enter rows of a bank's list as receipts; another person books them", model.KeepFunds)), h.bookBankList)
}

func (h *handlers) onBankList(r api.Route) api.Route {
	r.Thing = api.Named(h.Funds.BankListOf)
	return r
}

type bankListBody struct {
	ID       string        `json:"id,omitempty" doc:"none for a dry run"`
	Rows     int           `json:"rows" doc:"that hold a movement, readable or not"`
	Valid    int           `json:"valid" doc:"readable rows"`
	Known    int           `json:"known" doc:"that an earlier list named"`
	Outgoing int           `json:"outgoing" doc:"支出, shown and not matched"`
	Entered  int           `json:"entered" doc:"for which a receipt stands"`
	Errors   []findingBody `json:"errors" doc:"rows that are left out"`
	Warnings []findingBody `json:"warnings"`
	Items    []bankRowBody `json:"items"`
	Total    int           `json:"total"`
}

type bankRowBody struct {
	Sheet      string              `json:"sheet"`
	Row        int                 `json:"row" doc:"the spreadsheet's own number"`
	Status     string              `json:"status" enum:"open,entered,booked,outgoing"`
	Known      bool                `json:"known" doc:"an earlier list named it"`
	Direction  string              `json:"direction" enum:"in,out"`
	OnDate     string              `json:"on" format:"date"`
	Amount     int64               `json:"amount_fen"`
	Reference  string              `json:"reference,omitempty" doc:"the bank's own"`
	Payer      string              `json:"payer,omitempty"`
	Words      string              `json:"words,omitempty" doc:"摘要、附言、用途"`
	ReceiptID  string              `json:"receipt_id,omitempty"`
	Proposed   string              `json:"proposed_pledge_id,omitempty" doc:"the one pledge that is sure"`
	Candidates []bankCandidateBody `json:"candidates" doc:"the likeliest first"`
}

type bankCandidateBody struct {
	PledgeID    string              `json:"pledge_id"`
	Purpose     api.PurposeBody     `json:"purpose"`
	Contributor api.ContributorBody `json:"contributor"`
	Source      string              `json:"source,omitempty" doc:"the part that it would fill; none when it is to be said"`
	Left        int64               `json:"left_fen" doc:"still to come in"`
	Sure        string              `json:"sure" enum:"high,medium,low"`
	Reasons     []string            `json:"reasons" doc:"remit_code, home, name, estate, amount"`
}

type bankListAnswer struct {
	Status int
	Body   bankListBody
}

func (h *handlers) loadBankList(ctx context.Context, in *struct {
	api.Upload
	DryRun bool `query:"dry_run" doc:"report and propose, and keep nothing"`
}) (*bankListAnswer, error) {
	content, size, _, err := in.Content()
	if err != nil {
		return nil, err
	}
	list, err := h.Funds.ReadBank(ctx, api.Caller(ctx), content, size, in.DryRun)
	if err != nil {
		return nil, err
	}
	answer := &bankListAnswer{Status: http.StatusCreated, Body: bankListOf(list)}
	if in.DryRun {
		answer.Status = http.StatusOK
	}
	return answer, nil
}

func (h *handlers) showBankList(ctx context.Context, in *struct {
	PledgePath
	api.Page
}) (*api.Body[bankListBody], error) {
	list, err := h.Funds.BankList(ctx, api.Caller(ctx), api.Found[*model.BankList](ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(bankListOf(list)), nil
}

func bankListOf(l *funds.BankRead) bankListBody {
	b := bankListBody{
		ID: l.List.ID, Rows: l.Counts.Rows, Valid: l.Counts.Rows, Known: l.Counts.Known, Outgoing: l.Counts.Outgoing, Entered: l.Counts.Entered, Total: l.Counts.Rows,
		Errors: []findingBody{}, Warnings: []findingBody{}, Items: make([]bankRowBody, 0, len(l.Rows)),
	}
	for _, f := range l.Findings {
		body := findingBody{Sheet: f.Sheet, Row: f.Row, Column: f.Column, Code: f.Code, Message: f.Message}
		if f.Warning {
			b.Warnings = append(b.Warnings, body)
		} else {
			b.Errors, b.Rows = append(b.Errors, body), b.Rows+1
		}
	}
	for i := range l.Rows {
		b.Items = append(b.Items, bankRowOf(&l.Rows[i]))
	}
	return b
}

func bankRowOf(r *funds.BankRow) bankRowBody {
	m := &r.Movement
	b := bankRowBody{
		Sheet: r.Sheet, Row: r.Line, Status: "open", Known: r.Known, Direction: string(m.Direction), OnDate: string(m.OnDate), Amount: int64(m.Amount), Reference: m.Reference,
		Payer: r.Payer, Words: r.Words, ReceiptID: r.Receipt, Candidates: []bankCandidateBody{},
	}
	switch {
	case m.Direction == model.MoneyOut:
		b.Status = "outgoing"
	case r.Receipt != "":
		b.Status = string(r.Stage)
	}
	for _, c := range r.Proposed {
		p := c.Pledge
		body := bankCandidateBody{
			PledgeID: p.ID, Purpose: api.PurposeBody{Type: string(p.PurposeType), ID: p.PurposeID}, Source: string(c.Source), Left: int64(c.Left), Sure: string(c.Sure), Reasons: []string{},
			Contributor: api.ContributorBody{Type: string(p.Contributor), PropertyID: p.PropertyID, Label: p.Label, Name: p.Called},
		}
		for _, why := range c.Reasons {
			body.Reasons = append(body.Reasons, string(why))
		}
		if c.Sure == funds.SureHigh && b.Proposed == "" {
			b.Proposed = p.ID
		}
		b.Candidates = append(b.Candidates, body)
	}
	return b
}

type bankEnteredBody struct {
	Entered []bankOutcomeBody `json:"entered" doc:"receipts that wait for their check"`
	Refused []bankOutcomeBody `json:"refused"`
}

type bankOutcomeBody struct {
	Sheet     string `json:"sheet"`
	Row       int    `json:"row"`
	ReceiptID string `json:"receipt_id,omitempty"`
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
}

func (h *handlers) bookBankList(ctx context.Context, in *struct {
	PledgePath
	Body struct {
		Rows []struct {
			Sheet    string `json:"sheet,omitempty" maxLength:"100" doc:"needed where two sheets have the row"`
			Row      int    `json:"row" minimum:"1" maximum:"2000000"`
			PledgeID string `json:"pledge_id" minLength:"1" maxLength:"64"`
			Source   string `json:"source,omitempty" maxLength:"24" doc:"of a pledge from several sources"`
		} `json:"rows" minItems:"1" maxItems:"200"`
	}
}) (*api.Body[bankEnteredBody], error) {
	choices := make([]funds.BankChoice, 0, len(in.Body.Rows))
	for _, r := range in.Body.Rows {
		choices = append(choices, funds.BankChoice{Sheet: r.Sheet, Row: r.Row, PledgeID: r.PledgeID, Source: api.SourceOf(r.Source)})
	}
	out, err := h.Funds.EnterBank(ctx, api.Caller(ctx), api.Found[*model.BankList](ctx), choices)
	if err != nil {
		return nil, err
	}
	return api.Answer(bankEnteredBody{Entered: bankOutcomes(out.Entered), Refused: bankOutcomes(out.Refused)}), nil
}

func bankOutcomes(of []funds.BankOutcome) []bankOutcomeBody {
	out := make([]bankOutcomeBody, 0, len(of))
	for _, o := range of {
		out = append(out, bankOutcomeBody{Sheet: o.Sheet, Row: o.Row, ReceiptID: o.Receipt, Code: o.Code, Message: o.Message})
	}
	return out
}
