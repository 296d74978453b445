package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/funds"
)

func (h *handlers) vouchers(a *api.API) {
	api.Handle(a, creating(post("/expenses", fundsTag, "enter what was paid; another person books it", model.KeepFunds)), h.enterExpense)
	api.Handle(a, get("/receipts", fundsTag, "vouchers that wait for their check", model.ReadFunds), h.waitingVouchers)
	api.Handle(a, h.onVoucher(get("/receipts/{id}", fundsTag, "a voucher", model.ReadFunds)), h.showVoucher)
	api.Handle(a, h.onVoucher(get("/receipts/{id}/files/{file_id}", fundsTag, "a picture of a voucher", model.ReadFunds)), h.voucherFile)
	api.Handle(a, h.onVoucher(post("/receipts/{id}/check", fundsTag, "book what another entered", model.CheckFunds)), func(ctx context.Context, _ *PledgePath) (*api.Body[voucherBody], error) {
		return voucher(h.Funds.Check(ctx, api.Caller(ctx), api.Found[*model.Voucher](ctx)))
	})
	for _, r := range []struct {
		verb, name string
		do         func(context.Context, model.Caller, *model.Voucher, string) (*model.Voucher, error)
	}{
		{"reject", "send back what does not agree with its paper", h.Funds.Reject},
		{"reverse", "enter the correction of a booked voucher; another person books it", h.Funds.Reverse},
	} {
		api.Handle(a, h.onVoucher(post("/receipts/{id}/"+r.verb, fundsTag, r.name, model.CheckFunds)), func(ctx context.Context, in *reasonRequest) (*api.Body[voucherBody], error) {
			return voucher(r.do(ctx, api.Caller(ctx), api.Found[*model.Voucher](ctx), in.Body.Reason))
		})
	}
}

type reasonRequest struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (h *handlers) onVoucher(r api.Route) api.Route {
	r.Thing = api.Named(h.Funds.VoucherOf)
	return r
}

type voucherBody struct {
	ID        string     `json:"id"`
	Status    string     `json:"status" enum:"entered,booked,rejected,reversed"`
	Kind      string     `json:"kind" enum:"receipt,refund,expense,reversal"`
	Source    string     `json:"source"`
	Amount    int64      `json:"amount_fen"`
	OnDate    string     `json:"received_on" format:"date" doc:"on which money moved"`
	Reference string     `json:"reference"`
	Note      string     `json:"note,omitempty"`
	PledgeID  string     `json:"pledge_id,omitempty"`
	MotionID  string     `json:"motion_id,omitempty" doc:"the passed vote that allows it"`
	Ground    string     `json:"ground,omitempty" doc:"why the policy lets the treasury pay"`
	Reverses  string     `json:"reverses,omitempty"`
	EnteredBy string     `json:"entered_by"`
	EnteredAt time.Time  `json:"entered_at"`
	CheckedBy string     `json:"checked_by,omitempty"`
	CheckedAt *time.Time `json:"checked_at,omitempty"`
}

func voucherOf(v model.Voucher) voucherBody {
	return voucherBody{
		ID: v.ID, Status: string(v.Stage), Kind: string(v.Kind), Source: string(v.Source), Amount: int64(v.Amount), OnDate: string(v.OnDate), Reference: v.Reference,
		Note: v.Note, PledgeID: v.PledgeID, MotionID: v.MotionID, Ground: string(v.Ground), Reverses: v.Reverses, EnteredBy: v.EnteredBy, EnteredAt: api.Time(v.EnteredAt),
		CheckedBy: v.CheckedBy, CheckedAt: api.TimeOf(v.CheckedAt),
	}
}

func voucher(v *model.Voucher, err error) (*api.Body[voucherBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(voucherOf(*v)), nil
}

type entryRequest struct {
	PledgePath
	Body struct {
		Source    string   `json:"source,omitempty" maxLength:"24" doc:"of a pledge from several sources"`
		Amount    int64    `json:"amount_fen" minimum:"1" maximum:"1000000000000"`
		OnDate    string   `json:"received_on" format:"date" doc:"on which money moved"`
		Reference string   `json:"reference" minLength:"1" maxLength:"64" doc:"of the bank's slip; the same one is entered once"`
		Note      string   `json:"note,omitempty" maxLength:"200"`
		Files     []string `json:"file_ids,omitempty" maxItems:"20"`
	}
}

func (in *entryRequest) entry() funds.Entry {
	b := in.Body
	return funds.Entry{
		Source: api.SourceOf(b.Source), Amount: quantity.Fen(b.Amount), OnDate: quantity.Date(b.OnDate), Reference: b.Reference, Note: b.Note, Files: b.Files,
	}
}

func (h *handlers) enterReceipt(ctx context.Context, in *entryRequest) (*api.Body[voucherBody], error) {
	return voucher(h.Funds.Receive(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx), in.entry()))
}

func (h *handlers) enterRefund(ctx context.Context, in *entryRequest) (*api.Body[voucherBody], error) {
	return voucher(h.Funds.Refund(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx), in.entry()))
}

func (h *handlers) enterExpense(ctx context.Context, in *struct {
	Body struct {
		Purpose   api.PurposeBody `json:"purpose"`
		Source    string          `json:"source" enum:"cash,hpf,housing_fund,maintenance_fund,common_income,donation,in_kind,labour,original_unit,social_capital,pipeline_company,fiscal"`
		Amount    int64           `json:"amount_fen" minimum:"1" maximum:"1000000000000"`
		OnDate    string          `json:"paid_on" format:"date"`
		Reference string          `json:"reference" minLength:"1" maxLength:"64" doc:"of the invoice or the bank's slip"`
		Note      string          `json:"note" minLength:"1" maxLength:"200" doc:"what for; it is published"`
		Payee     string          `json:"payee,omitempty" maxLength:"100"`
		Files     []string        `json:"file_ids,omitempty" maxItems:"20"`
	}
}) (*api.Body[voucherBody], error) {
	b := in.Body
	p, err := h.Funds.PurposeOf(ctx, api.Caller(ctx), b.Purpose.Purpose(), "body.purpose.id")
	if err != nil {
		return nil, err
	}
	return voucher(h.Funds.Spend(ctx, api.Caller(ctx), p, funds.Entry{
		Source: api.SourceOf(b.Source), Amount: quantity.Fen(b.Amount), OnDate: quantity.Date(b.OnDate), Reference: b.Reference, Note: b.Note, Payee: b.Payee, Files: b.Files,
	}))
}

func (h *handlers) showVoucher(ctx context.Context, _ *PledgePath) (*api.Body[voucherBody], error) {
	return voucher(api.Found[*model.Voucher](ctx), nil)
}

func (h *handlers) voucherFile(ctx context.Context, in *struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Content(ctx, funds.Scans(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) waitingVouchers(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[voucherBody]], error) {
	rows, total, err := h.Funds.Waiting(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, voucherOf)), nil
}

func (h *handlers) listVouchers(ctx context.Context, in *PledgePath) (*api.Body[api.List[voucherBody]], error) {
	rows, err := h.Funds.VouchersOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, voucherOf)), nil
}

func (h *handlers) ledger(a *api.API) {
	api.Handle(a, get("/ledger", fundsTag, "income and expenditure with vouchers", model.ReadFunds), h.showLedger)
	api.Handle(a, get("/ledger/totals", fundsTag, "totals by source, estate, lift or month", model.ReadFunds), h.ledgerTotals)
	api.Handle(a, post("/ledger/publish", fundsTag, "publish income and use as a notice", model.WriteNotices), h.publishLedger)
	api.Handle(a, post("/ledger/remind", fundsTag, "remind homes whose pledge is due", model.KeepFunds), h.remindPledges)
}

type ledgerBody struct {
	api.List[ledgerItem]
	Balances map[string]int64  `json:"balances" doc:"what is left, by source"`
	Overview *api.OverviewBody `json:"overview,omitempty" doc:"of one purpose: what is pledged and what came in, side by side"`
}

type ledgerItem struct {
	ID          string    `json:"id"`
	At          time.Time `json:"at" doc:"when it was booked"`
	OnDate      string    `json:"on" format:"date" doc:"on which money moved"`
	Kind        string    `json:"kind" enum:"receipt,refund,expense,reversal"`
	Source      string    `json:"source"`
	In          int64     `json:"in_fen"`
	Out         int64     `json:"out_fen"`
	Reference   string    `json:"reference"`
	Note        string    `json:"note,omitempty"`
	Payee       string    `json:"payee,omitempty"`
	PledgeID    string    `json:"pledge_id,omitempty"`
	Contributor string    `json:"contributor,omitempty"`
	Name        string    `json:"name,omitempty"`
	PropertyID  string    `json:"property_id,omitempty"`
	Label       string    `json:"label,omitempty"`
	MotionID    string    `json:"motion_id,omitempty"`
	Ground      string    `json:"ground,omitempty"`
	Reverses    string    `json:"reverses,omitempty"`
	Reversed    bool      `json:"reversed" doc:"a correction took it back"`
	EnteredBy   string    `json:"entered_by"`
	CheckedBy   string    `json:"checked_by"`
}

func ledgerItemOf(b funds.Booked) ledgerItem {
	return ledgerItem{
		ID: b.ID, At: api.Time(b.At), OnDate: string(b.OnDate), Kind: string(b.Kind), Source: string(b.Source), In: int64(b.In), Out: int64(b.Out), Reference: b.Reference,
		Note: b.Note, Payee: b.Payee, PledgeID: b.PledgeID, Contributor: string(b.Contrib), Name: b.CalledBy, PropertyID: b.PropertyID, Label: b.Label, MotionID: b.MotionID,
		Ground: string(b.Ground), Reverses: b.Reverses, Reversed: b.Stage == model.VoucherReversed, EnteredBy: b.EnteredBy, CheckedBy: b.CheckedBy,
	}
}

// LedgerQuery narrows the ledger.
type LedgerQuery struct {
	Type string `query:"purpose_type" enum:"lift,estate"`
	ID   string `query:"purpose_id" maxLength:"64"`
}

func (q LedgerQuery) filter(ctx context.Context) funds.Filter {
	return funds.Filter{Area: api.Caller(ctx).AreaCode, Purpose: model.Purpose{Type: model.PurposeType(q.Type), ID: q.ID}}
}

// named refuses a purpose outside the caller's area.
func (h *handlers) named(ctx context.Context, q LedgerQuery) (funds.Filter, error) {
	f := q.filter(ctx)
	if q.Type == "" || q.ID == "" {
		return f, nil
	}
	_, err := h.purpose(ctx, PurposeQuery(q))
	return f, err
}

func (h *handlers) showLedger(ctx context.Context, in *struct {
	api.Page
	LedgerQuery
}) (*api.Body[ledgerBody], error) {
	f, err := h.named(ctx, in.LedgerQuery)
	if err != nil {
		return nil, err
	}
	rows, total, err := h.Funds.Ledger(ctx, f, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	sources, err := h.Funds.Totals(ctx, f, funds.BySource)
	if err != nil {
		return nil, err
	}
	body := ledgerBody{List: api.ListOf(rows, total, ledgerItemOf), Balances: api.Balances(sources)}
	if in.Type != "" && in.ID != "" {
		o, err := h.Funds.OverviewOf(ctx, f.Purpose)
		if err != nil {
			return nil, err
		}
		view := api.Overview(o)
		body.Overview = &view
	}
	return api.Answer(body), nil
}

type totalBody struct {
	Key     string `json:"key"`
	In      int64  `json:"in_fen"`
	Out     int64  `json:"out_fen"`
	Balance int64  `json:"balance_fen"`
}

func (h *handlers) ledgerTotals(ctx context.Context, in *struct {
	LedgerQuery
	By string `query:"by" default:"source" enum:"source,estate,lift,month"`
}) (*api.Body[api.List[totalBody]], error) {
	f, err := h.named(ctx, in.LedgerQuery)
	if err != nil {
		return nil, err
	}
	rows, err := h.Funds.Totals(ctx, f, funds.By(in.By))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(t funds.Total) totalBody {
		return totalBody{Key: t.Key, In: int64(t.In), Out: int64(t.Out), Balance: int64(t.Balance())}
	})), nil
}

type purposeRequest struct {
	Body struct {
		Purpose api.PurposeBody `json:"purpose"`
	}
}

func (h *handlers) publishLedger(ctx context.Context, in *purposeRequest) (*api.Body[noticeRef], error) {
	p, err := h.Funds.PurposeOf(ctx, api.Caller(ctx), in.Body.Purpose.Purpose(), "body.purpose.id")
	if err != nil {
		return nil, err
	}
	n, err := h.Funds.Publish(ctx, api.Caller(ctx), h.Notices, p)
	if err != nil {
		return nil, err
	}
	return api.Answer(noticeRef{NoticeID: n.ID, Published: n.Stage == model.NoticePublished}), nil
}

type noticeRef struct {
	NoticeID  string `json:"notice_id"`
	Published bool   `json:"published" doc:"false while another person is to review it"`
}

type remindedBody struct {
	Reminded int `json:"reminded" doc:"pledges that somebody was told of"`
}

func (h *handlers) remindPledges(ctx context.Context, in *purposeRequest) (*api.Body[remindedBody], error) {
	p, err := h.Funds.PurposeOf(ctx, api.Caller(ctx), in.Body.Purpose.Purpose(), "body.purpose.id")
	if err != nil {
		return nil, err
	}
	n, err := h.Funds.Remind(ctx, api.Caller(ctx), p)
	if err != nil {
		return nil, err
	}
	return api.Answer(remindedBody{Reminded: n}), nil
}
