package staff

import (
	"context"
	"io"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/document"
	"gongdi/service/lifts"
)

// liftPapers are what homes sign of a variant, and what is printed to sign.
func (h *handlers) liftPapers(a *api.API) {
	const tag = "加装电梯"
	api.Handle(a, h.onLift(get("/lift-plans/{id}/agreement", tag, "who has signed this version", model.ReadLifts)), h.agreementState)
	for _, paper := range []struct {
		kind model.LiftPaper
		name string
	}{{model.LiftAgreement, "the cost agreement"}, {model.LiftConsent, "the consent of whose own part is occupied"}} {
		kind, name := paper.kind, paper.name
		enter := h.onLiftHome(post("/lift-plans/{id}/"+string(kind)+"/{property_id}", tag, "enter "+name+" on paper, with its scan", model.SignLifts))
		enter.Status = http.StatusCreated
		api.Handle(a, enter, func(ctx context.Context, in *liftPaperRequest) (*api.Body[api.LiftSignatureBody], error) {
			return h.enterLiftPaper(ctx, kind, in)
		})
		confirm := h.onLiftHome(post("/lift-plans/{id}/"+string(kind)+"/{property_id}/confirm", tag, "confirm what another entered", model.SignLifts))
		api.Handle(a, confirm, func(ctx context.Context, in *LiftHomePath) (*api.Body[api.LiftSignatureBody], error) {
			return liftSignature(h.Lifts.Confirm(ctx, api.Caller(ctx), in.ID, in.PropertyID, kind))
		})
	}
	scan := h.onLift(get("/lift-plans/{id}/signatures/{signature_id}/scans/{file_id}", tag, "a scan of a signed paper", model.SignLifts))
	api.Handle(a, scan, h.liftScan)
	for _, sheet := range []struct {
		path  string
		print func(*lifts.State, io.Writer) error
	}{{"agreement.pdf", h.Lifts.PrintAgreement}, {"compensation.pdf", h.Lifts.PrintCompensation}, {"signatures.pdf", h.Lifts.PrintSignatures}} {
		api.Handle(a, h.onLift(get("/lift-plans/{id}/"+sheet.path, tag, "to print and sign, A4", model.ReadLifts)), func(ctx context.Context, _ *LiftPath) (*api.File, error) {
			state, err := h.Lifts.StateOf(ctx, api.Found[*model.LiftPlan](ctx), 0)
			if err != nil {
				return nil, err
			}
			return api.Save("application/pdf", sheet.path, func(w io.Writer) error { return sheet.print(state, w) })
		})
	}
	for _, table := range []struct {
		path, mediaType, name string
		write                 func(*lifts.State, document.Provenance, io.Writer) error
	}{
		{"shares.pdf", pdfType, "what each home pays, A4; logged", h.Lifts.PrintShares},
		{"shares.xlsx", workbookType, "what each home pays as a workbook; logged", h.Lifts.SharesBook},
	} {
		api.Handle(a, h.onLift(get("/lift-plans/{id}/"+table.path, tag, table.name, model.ReadLifts)), func(ctx context.Context, in *struct {
			LiftPath
			Version int `query:"version" minimum:"0" maximum:"100000" doc:"an earlier one; the present one unless given"`
		}) (*api.File, error) {
			p := api.Found[*model.LiftPlan](ctx)
			state, err := h.Lifts.StateOf(ctx, p, in.Version)
			if err != nil {
				return nil, err
			}
			from, err := h.Lifts.SharesLeave(ctx, api.Caller(ctx), p)
			if err != nil {
				return nil, err
			}
			return api.Save(table.mediaType, table.path, func(w io.Writer) error { return table.write(state, from, w) })
		})
	}
}

// onLiftHome puts a route under a home that a variant knows.
func (h *handlers) onLiftHome(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		p, err := h.Lifts.PlanOf(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		return p, h.Lifts.HasHome(ctx, p, param("property_id"))
	}
	return r
}

// LiftHomePath names a home of a variant.
type LiftHomePath struct {
	ID         string `path:"id"`
	PropertyID string `path:"property_id"`
}

type liftPaperRequest struct {
	LiftHomePath
	Body struct {
		Version  int      `json:"agreement_version" minimum:"1" maximum:"100000"`
		Accept   bool     `json:"accept" doc:"false takes an earlier signature back"`
		SignedOn string   `json:"signed_on" format:"date"`
		Scans    []string `json:"scan_file_ids" minItems:"1" maxItems:"20"`
	}
}

func (h *handlers) enterLiftPaper(ctx context.Context, kind model.LiftPaper, in *liftPaperRequest) (*api.Body[api.LiftSignatureBody], error) {
	return liftSignature(h.Lifts.Enter(ctx, api.Caller(ctx), in.ID, lifts.Declaration{
		PropertyID: in.PropertyID, Version: in.Body.Version, Kind: kind, Accept: in.Body.Accept, SignedOn: quantity.Date(in.Body.SignedOn), Scans: in.Body.Scans,
	}))
}

func liftSignature(row *model.LiftSignature, err error) (*api.Body[api.LiftSignatureBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(api.LiftSignature(row)), nil
}

func (h *handlers) liftScan(ctx context.Context, in *struct {
	ID          string `path:"id"`
	SignatureID string `path:"signature_id"`
	FileID      string `path:"file_id"`
}) (*api.File, error) {
	if err := h.Lifts.HasSignature(ctx, in.ID, in.SignatureID); err != nil {
		return nil, err
	}
	f, content, err := h.Files.Content(ctx, lifts.Scans(in.SignatureID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) agreementState(ctx context.Context, _ *LiftPath) (*api.Body[api.LiftStateBody], error) {
	state, err := h.Lifts.StateOf(ctx, api.Found[*model.LiftPlan](ctx), 0)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.LiftState(state)), nil
}
