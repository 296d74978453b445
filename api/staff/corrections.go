package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/voting"
)

func (h *handlers) corrections(a *api.API) {
	const tag = "名册更正"
	propose := h.onMotion(post("/motions/{id}/roll-corrections", tag, "bring homes of a published roll to what the registry now says", model.ConductMotions))
	propose.Status = http.StatusCreated
	api.Handle(a, propose, h.proposeCorrection)
	api.Handle(a, h.onMotion(get("/motions/{id}/roll-corrections", tag, "corrections of a roll", model.ConductMotions)), h.listCorrections)
	api.Handle(a, h.onCorrection(post("/motions/{id}/roll-corrections/{correction_id}/apply", tag, "apply what somebody else proposed", model.ConductMotions)), h.applyCorrection)
	api.Handle(a, h.onCorrection(post("/motions/{id}/roll-corrections/{correction_id}/refuse", tag, "refuse or withdraw, with a reason", model.ConductMotions)), h.refuseCorrection)
	api.Handle(a, h.onCorrection(get("/motions/{id}/roll-corrections/{correction_id}/files/{file_id}", tag, "a paper of a correction", model.ConductMotions)), h.correctionPaper)
}

// onCorrection puts a route under a correction of a motion that the caller may see.
func (h *handlers) onCorrection(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		m, err := h.Voting.Of(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		return m, h.Voting.HasCorrection(ctx, m.ID, param("correction_id"))
	}
	return r
}

type homeChangeBody struct {
	PropertyID   string         `json:"property_id"`
	Label        string         `json:"label"`
	Kinds        []string       `json:"kinds" enum:"area,owners,add,remove,move"`
	AreaBefore   *quantity.Area `json:"area_before_m2"`
	AreaAfter    *quantity.Area `json:"area_after_m2"`
	OwnersBefore string         `json:"owners_before_masked"`
	OwnersAfter  string         `json:"owners_after_masked"`
	CountedWith  []string       `json:"counted_with" doc:"other homes of the same voter before"`
	CountsWith   []string       `json:"counts_with" doc:"other homes of the same voter afterwards"`
}

type rollCorrectionBody struct {
	ID           string           `json:"id"`
	Number       int              `json:"number,omitempty" doc:"among those applied"`
	Status       string           `json:"status" enum:"proposed,applied,refused"`
	Reason       string           `json:"reason"`
	Changes      []homeChangeBody `json:"changes"`
	LostBallots  *int             `json:"lost_ballots,omitempty" doc:"voters who have taken part and would be struck"`
	DigestBefore string           `json:"roll_digest_before,omitempty"`
	DigestAfter  string           `json:"roll_digest_after,omitempty"`
	Files        []string         `json:"file_ids"`
	Answer       string           `json:"answer,omitempty"`
	ProposedAt   time.Time        `json:"proposed_at"`
	DecidedAt    *time.Time       `json:"decided_at,omitempty"`
}

func correctionOf(c voting.Correcting) rollCorrectionBody {
	body := rollCorrectionBody{
		ID: c.ID, Number: c.Number, Status: string(c.Status), Reason: c.Reason, Changes: []homeChangeBody{},
		DigestBefore: c.DigestBefore, DigestAfter: c.DigestAfter, Files: append([]string{}, c.Files...), Answer: c.Answer,
		ProposedAt: api.Time(c.ProposedAt), DecidedAt: api.TimeOf(c.DecidedAt),
	}
	for _, change := range c.Changes {
		home := homeChangeBody{
			PropertyID: change.PropertyID, Label: change.Label, AreaBefore: change.AreaBefore, AreaAfter: change.AreaAfter,
			OwnersBefore: change.OwnersBefore, OwnersAfter: change.OwnersAfter,
			CountedWith: append([]string{}, change.CountedWith...), CountsWith: append([]string{}, change.CountsWith...),
		}
		for _, kind := range change.Kinds {
			home.Kinds = append(home.Kinds, string(kind))
		}
		body.Changes = append(body.Changes, home)
	}
	return body
}

func (h *handlers) proposeCorrection(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		Homes  []string `json:"property_ids" minItems:"1" maxItems:"20"`
		Reason string   `json:"reason" minLength:"1" maxLength:"200"`
		Files  []string `json:"file_ids,omitempty" maxItems:"9"`
	}
}) (*api.Body[rollCorrectionBody], error) {
	c, err := h.Voting.ProposeCorrection(ctx, api.Caller(ctx), in.ID, in.Body.Homes, in.Body.Reason, in.Body.Files)
	if err != nil {
		return nil, err
	}
	body := correctionOf(c)
	body.LostBallots = &c.LostBallots
	return api.Answer(body), nil
}

func (h *handlers) listCorrections(ctx context.Context, in *MotionPath) (*api.Body[api.List[rollCorrectionBody]], error) {
	rows, err := h.Voting.CorrectionsOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, correctionOf)), nil
}

// CorrectionPath names a correction of a motion's roll.
type CorrectionPath struct {
	MotionPath
	CorrectionID string `path:"correction_id"`
}

func (h *handlers) applyCorrection(ctx context.Context, in *CorrectionPath) (*api.Body[api.List[rollCorrectionBody]], error) {
	if err := h.Voting.ApplyCorrection(ctx, api.Caller(ctx), in.ID, in.CorrectionID); err != nil {
		return nil, err
	}
	return h.listCorrections(ctx, &in.MotionPath)
}

func (h *handlers) refuseCorrection(ctx context.Context, in *struct {
	CorrectionPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}) (*api.Body[api.List[rollCorrectionBody]], error) {
	if err := h.Voting.RefuseCorrection(ctx, api.Caller(ctx), in.ID, in.CorrectionID, in.Body.Reason); err != nil {
		return nil, err
	}
	return h.listCorrections(ctx, &in.MotionPath)
}

func (h *handlers) correctionPaper(ctx context.Context, in *struct {
	CorrectionPath
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, h.Voting.PapersOfCorrection(in.CorrectionID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
