package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/funds"
)

// fundPapers are what leaves of pledges and ledgers: to be printed, or as a
// workbook.
func (h *handlers) fundPapers(a *api.API) {
	api.Handle(a, h.onPledge(get("/pledges/{id}/certificate.pdf", fundsTag, "what a contributor has pledged and paid, with owners' names, A4; logged", model.PrintPapers)), h.certificate)
	api.Handle(a, get("/certificates.pdf", fundsTag, "the certificates of all who pledged to a purpose, with owners' names, A4; logged", model.PrintPapers), h.certificates)
	api.Handle(a, get("/pledges.pdf", fundsTag, "the pledges to a purpose, A4; logged", model.ReadFunds), h.pledgeList)
	api.Handle(a, get("/pledges.xlsx", fundsTag, "the pledges to a purpose as a workbook; logged", model.ReadFunds), h.pledgeBook)
	api.Handle(a, get("/ledger.pdf", fundsTag, "income and expenditure, A4; logged", model.ReadFunds), h.ledgerList)
	api.Handle(a, get("/ledger.xlsx", fundsTag, "income and expenditure as a workbook; logged", model.ReadFunds), h.ledgerBook)
}

const pdfType = "application/pdf"

// saved answers with what was gathered, written as a document.
func saved[T any](mediaType, name string, write func(io.Writer, T) error, of T, err error) (*api.File, error) {
	if err != nil {
		return nil, err
	}
	return api.Save(mediaType, name, func(w io.Writer) error { return write(w, of) })
}

func (h *handlers) certificate(ctx context.Context, in *PledgePath) (*api.File, error) {
	all, err := h.Funds.Certificate(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx))
	return saved(pdfType, "certificate-"+in.ID+".pdf", document.Certificates, all, err)
}

func (h *handlers) certificates(ctx context.Context, in *struct{ PurposeQuery }) (*api.File, error) {
	p, err := h.purpose(ctx, in.PurposeQuery)
	if err != nil {
		return nil, err
	}
	all, err := h.Funds.CertificatesFor(ctx, api.Caller(ctx), p)
	return saved(pdfType, "certificates-"+p.ID+".pdf", document.Certificates, all, err)
}

func (h *handlers) pledgeList(ctx context.Context, in *struct{ PurposeQuery }) (*api.File, error) {
	p, err := h.purpose(ctx, in.PurposeQuery)
	if err != nil {
		return nil, err
	}
	list, err := h.Funds.PledgePaper(ctx, api.Caller(ctx), p, funds.MostPrinted)
	return saved(pdfType, "pledges-"+p.ID+".pdf", document.Pledges, list, err)
}

func (h *handlers) pledgeBook(ctx context.Context, in *struct{ PurposeQuery }) (*api.File, error) {
	p, err := h.purpose(ctx, in.PurposeQuery)
	if err != nil {
		return nil, err
	}
	list, err := h.Funds.PledgePaper(ctx, api.Caller(ctx), p, funds.MostRows)
	return saved(workbookType, "pledges-"+p.ID+".xlsx", document.PledgeBook, list, err)
}

func (h *handlers) ledgerList(ctx context.Context, in *struct{ LedgerQuery }) (*api.File, error) {
	list, err := h.ledgerPaper(ctx, in.LedgerQuery, funds.MostPrinted)
	return saved(pdfType, "ledger.pdf", document.Ledger, list, err)
}

func (h *handlers) ledgerBook(ctx context.Context, in *struct{ LedgerQuery }) (*api.File, error) {
	list, err := h.ledgerPaper(ctx, in.LedgerQuery, funds.MostRows)
	return saved(workbookType, "ledger.xlsx", document.LedgerBook, list, err)
}

func (h *handlers) ledgerPaper(ctx context.Context, q LedgerQuery, most int) (document.LedgerList, error) {
	var p *funds.Purpose
	if q.Type != "" && q.ID != "" {
		var err error
		if p, err = h.purpose(ctx, PurposeQuery(q)); err != nil {
			return document.LedgerList{}, err
		}
	}
	return h.Funds.LedgerPaper(ctx, api.Caller(ctx), q.filter(ctx), p, most)
}
