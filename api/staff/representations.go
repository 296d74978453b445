package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/registry"
	"gongdi/service/voting"
)

// representations are those who vote in an owner's place, and who may never
// be an owner's agent.
func (h *handlers) representations(a *api.API) {
	const tag = "代表资格"
	enter := post("/representations", tag, "a guardian, representative, heir or lawful possessor, with papers; another person decides on it", model.DecideBindings)
	enter.Status = http.StatusCreated
	api.Handle(a, enter, h.enterRepresentation)
	api.Handle(a, get("/representations", tag, "who votes in an owner's place", model.DecideBindings), h.listRepresentations)
	api.Handle(a, h.onRepresentation(post("/representations/{id}/approve", tag, "approve what somebody else entered", model.DecideBindings)), h.approveRepresentation)
	api.Handle(a, h.onRepresentation(post("/representations/{id}/reject", tag, "refuse, with a reason", model.DecideBindings)), h.rejectRepresentation)
	api.Handle(a, h.onRepresentation(post("/representations/{id}/end", tag, "end one that runs, with a reason", model.DecideBindings)), h.endRepresentation)
	api.Handle(a, h.onRepresentation(get("/representations/{id}/files/{file_id}", tag, "a paper of a representation", model.DecideBindings)), h.representationPaper)

	bar := post("/barred-agents", tag, "somebody of the office or a property company, who may not be an agent", model.CheckPaper)
	bar.Status = http.StatusCreated
	api.Handle(a, bar, h.barAgent)
	api.Handle(a, get("/barred-agents", tag, "who may not be an agent", model.CheckPaper), h.listBarred)
	unbar := gone("/barred-agents/{id}", tag, "take off the list", model.CheckPaper)
	unbar.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Voting.HasBarred(ctx, caller, param("id"))
	}
	api.Handle(a, unbar, h.unbarAgent)
}

func (h *handlers) onRepresentation(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Registry.HasRepresentation(ctx, caller, param("id"))
	}
	return r
}

type representationBody struct {
	ID          string     `json:"id"`
	PropertyID  string     `json:"property_id"`
	Label       string     `json:"label"`
	OwnerID     string     `json:"owner_id,omitempty"`
	Basis       string     `json:"basis" enum:"guardian,organisation,public_unit,heir,possessor"`
	Name        string     `json:"name"`
	PhoneMasked string     `json:"phone_masked"`
	Words       string     `json:"words"`
	Status      string     `json:"status" enum:"pending,active,refused,ended"`
	OnPhone     bool       `json:"on_phone" doc:"votes on a phone; else on paper only"`
	Until       *time.Time `json:"until,omitempty"`
	Files       []string   `json:"file_ids"`
	Reason      string     `json:"reason,omitempty"`
}

func representationOf(r registry.Representative) representationBody {
	return representationBody{
		ID: r.ID, PropertyID: r.PropertyID, Label: r.Label, OwnerID: r.OwnerID, Basis: string(r.Basis), Name: r.FullName,
		PhoneMasked: r.PhoneMasked, Words: r.Explained, Status: string(r.Status), OnPhone: r.ResidentID != "",
		Until: api.TimeOf(r.UntilAt), Files: r.Papers, Reason: r.Reason,
	}
}

func representation(r registry.Representative, err error) (*api.Body[representationBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(representationOf(r)), nil
}

func (h *handlers) enterRepresentation(ctx context.Context, in *struct {
	Body struct {
		PropertyID string     `json:"property_id" minLength:"1" maxLength:"64"`
		OwnerID    string     `json:"owner_id,omitempty" maxLength:"64" doc:"who is represented; all owners of the home when left out"`
		Basis      string     `json:"basis" enum:"guardian,organisation,public_unit,heir,possessor"`
		Name       string     `json:"name" minLength:"1" maxLength:"100"`
		Phone      string     `json:"phone,omitempty" maxLength:"20" doc:"of who votes on a phone"`
		Words      string     `json:"words" minLength:"1" maxLength:"500" doc:"the basis, and which papers show it"`
		Until      *time.Time `json:"until,omitempty"`
		Files      []string   `json:"file_ids" minItems:"1" maxItems:"9"`
	}
}) (*api.Body[representationBody], error) {
	b := in.Body
	return representation(h.Registry.Represent(ctx, api.Caller(ctx), registry.NewRepresentation{
		PropertyID: b.PropertyID, OwnerID: b.OwnerID, Basis: model.Basis(b.Basis), Name: b.Name, Phone: b.Phone,
		Words: b.Words, Until: b.Until, Papers: b.Files,
	}))
}

func (h *handlers) listRepresentations(ctx context.Context, in *struct {
	api.Page
	Status string `query:"status" enum:"pending,active,refused,ended"`
}) (*api.Body[api.List[representationBody]], error) {
	rows, total, err := h.Registry.RepresentationsOf(ctx, api.Caller(ctx), registry.Representations{
		Status: model.RepresentationStatus(in.Status), Offset: in.Offset(), Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, representationOf)), nil
}

func (h *handlers) approveRepresentation(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[representationBody], error) {
	return representation(h.Registry.DecideRepresentation(ctx, api.Caller(ctx), in.ID, true, ""))
}

func (h *handlers) rejectRepresentation(ctx context.Context, in *reasonBody) (*api.Body[representationBody], error) {
	return representation(h.Registry.DecideRepresentation(ctx, api.Caller(ctx), in.ID, false, in.Body.Reason))
}

func (h *handlers) endRepresentation(ctx context.Context, in *reasonBody) (*api.Body[representationBody], error) {
	return representation(h.Registry.EndRepresentation(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}

func (h *handlers) representationPaper(ctx context.Context, in *struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, h.Registry.PapersOfRepresentation(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

type barredBody struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	PhoneMasked string    `json:"phone_masked"`
	Why         string    `json:"why" enum:"staff,property_company"`
	NamedAt     time.Time `json:"named_at"`
}

func barred(b voting.Barred) barredBody {
	return barredBody{ID: b.ID, Name: b.FullName, PhoneMasked: b.PhoneMasked, Why: b.Why, NamedAt: api.Time(b.NamedAt)}
}

func (h *handlers) barAgent(ctx context.Context, in *struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"50"`
		Phone string `json:"phone" minLength:"1" maxLength:"20"`
		Why   string `json:"why" enum:"staff,property_company"`
	}
}) (*api.Body[barredBody], error) {
	b, err := h.Voting.Bar(ctx, api.Caller(ctx), in.Body.Name, in.Body.Phone, in.Body.Why)
	if err != nil {
		return nil, err
	}
	return api.Answer(barred(b)), nil
}

func (h *handlers) listBarred(ctx context.Context, _ *struct{}) (*api.Body[api.List[barredBody]], error) {
	rows, err := h.Voting.BarredBy(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, barred)), nil
}

func (h *handlers) unbarAgent(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Voting.Unbar(ctx, api.Caller(ctx), in.ID)
}
