package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/projects"
)

func (h *handlers) managements(a *api.API) {
	const tag = "长效管理"
	api.Handle(a, h.onCandidate(get("/estates/{id}/management", tag, "how an estate is kept, and the bodies of its residents", model.ReadManagements)), h.showManagement)
	api.Handle(a, h.onCandidate(route(http.MethodPut, "/estates/{id}/management", tag, "settle how an estate is kept: by its residents, or by a company that the owners hired", model.SettleKeeping)), h.settleManagement)
	api.Handle(a, h.onCandidate(get("/estates/{id}/management/files/{file_id}", tag, "a paper of it", model.ReadManagements)), h.managementFile)
	api.Handle(a, h.onCandidate(creating(post("/estates/{id}/bodies", tag, "record a committee or a group of residents, with its papers", model.SettleKeeping))), h.setUpBody)
	api.Handle(a, h.onBody(post("/estates/{id}/bodies/{body_id}/end", tag, "note that a body is no more", model.SettleKeeping)), h.endBody)
	api.Handle(a, h.onBody(get("/estates/{id}/bodies/{body_id}/files/{file_id}", tag, "a paper of a body", model.ReadManagements)), h.bodyFile)
}

// onBody puts a route under a body of residents of the caller's area.
func (h *handlers) onBody(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		e, err := h.Projects.EstateOf(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		return e, h.Projects.HasBody(ctx, e.ID, param("body_id"))
	}
	return r
}

// ManagementTerms say how an estate is kept.
type ManagementTerms struct {
	Mode          string   `json:"mode" enum:"self,company"`
	FromResidents int64    `json:"from_residents_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"居民缴费, a year"`
	FromCommon    int64    `json:"from_common_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"公共收益, a year"`
	FeeMonthly    int64    `json:"fee_monthly_fen,omitempty" minimum:"0" maximum:"100000000" doc:"of a home, a month"`
	FeeArea       int64    `json:"fee_area_fen,omitempty" minimum:"0" maximum:"1000000" doc:"of a square metre, a month"`
	Services      []string `json:"services,omitempty" maxItems:"40" doc:"菜单式购买的服务; each at most 50 characters"`
	Company       string   `json:"company,omitempty" maxLength:"100"`
	BeginsOn      string   `json:"begins_on" format:"date"`
	EndsOn        string   `json:"ends_on,omitempty" format:"date"`
	Text          string   `json:"text,omitempty" maxLength:"2000"`
}

type managementBody struct {
	ManagementTerms
	MotionID  string    `json:"motion_id,omitempty" doc:"the owners' vote that hired the company"`
	UpdatedAt time.Time `json:"updated_at"`
}

type bodyBody struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind" enum:"committee,group"`
	Name       string   `json:"name"`
	Members    int      `json:"members"`
	SetUpOn    string   `json:"set_up_on" format:"date"`
	RecordedOn string   `json:"recorded_on,omitempty" format:"date" doc:"备案"`
	EndedOn    string   `json:"ended_on,omitempty" format:"date"`
	MotionID   string   `json:"motion_id,omitempty" doc:"the owners' vote that elected it"`
	Text       string   `json:"text,omitempty"`
	Files      []string `json:"file_ids"`
}

type keptBody struct {
	Management api.Maybe[managementBody] `json:"management" doc:"null while nothing is settled"`
	Files      []string                  `json:"file_ids"`
	Bodies     []bodyBody                `json:"bodies"`
}

func kept(k *projects.Kept, err error) (*api.Body[keptBody], error) {
	if err != nil {
		return nil, err
	}
	b := keptBody{Files: k.Files, Bodies: []bodyBody{}}
	if m := k.Management; m != nil {
		b.Management = api.Some(managementBody{ManagementTerms{
			string(m.Mode), int64(m.FromResidents), int64(m.FromCommon), int64(m.FeeMonthly), int64(m.FeeArea), append([]string{}, m.Services...), m.Company, string(m.BeginsOn), string(m.EndsOn), m.Words,
		}, m.MotionID, api.Time(m.UpdatedAt)})
	}
	for _, one := range k.Bodies {
		b.Bodies = append(b.Bodies, bodyBody{
			one.ID, string(one.Kind), one.Name, one.Members, string(one.SetUpOn), string(one.RecordedOn), string(one.EndedOn), one.MotionID, one.Words, one.Files,
		})
	}
	return api.Answer(b), nil
}

func (h *handlers) showManagement(ctx context.Context, in *ProjectPath) (*api.Body[keptBody], error) {
	return kept(h.Projects.Keeping(ctx, in.ID))
}

func (h *handlers) settleManagement(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		ManagementTerms
		Files []string `json:"file_ids,omitempty" maxItems:"20"`
	}
}) (*api.Body[keptBody], error) {
	b := in.Body
	for _, service := range b.Services {
		if n := len([]rune(service)); n == 0 || n > 50 {
			return nil, invalid("body.services", "每项服务 1 至 50 个字")
		}
	}
	return kept(h.Projects.Settle(ctx, api.Caller(ctx), api.Found[*model.Estate](ctx), model.EstateManagement{
		Mode: model.ManagementMode(b.Mode), FromResidents: quantity.Fen(b.FromResidents), FromCommon: quantity.Fen(b.FromCommon), FeeMonthly: quantity.Fen(b.FeeMonthly),
		FeeArea: quantity.Fen(b.FeeArea), Services: append([]string{}, b.Services...), Company: b.Company, BeginsOn: quantity.Date(b.BeginsOn), EndsOn: quantity.Date(b.EndsOn), Words: b.Text,
	}, b.Files))
}

func (h *handlers) managementFile(ctx context.Context, in *struct {
	ProjectPath
	FileID string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Content(ctx, projects.ManagementPapers(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) setUpBody(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		Kind       string   `json:"kind" enum:"committee,group"`
		Name       string   `json:"name" minLength:"1" maxLength:"100"`
		Members    int      `json:"members" minimum:"1" maximum:"100"`
		SetUpOn    string   `json:"set_up_on" format:"date"`
		RecordedOn string   `json:"recorded_on,omitempty" format:"date"`
		Text       string   `json:"text,omitempty" maxLength:"2000"`
		Files      []string `json:"file_ids" minItems:"1" maxItems:"20" doc:"election result, rules, record"`
	}
}) (*api.Body[keptBody], error) {
	b := in.Body
	return kept(h.Projects.SetUp(ctx, api.Caller(ctx), api.Found[*model.Estate](ctx), model.ResidentBody{
		Kind: model.BodyKind(b.Kind), Name: b.Name, Members: b.Members, SetUpOn: quantity.Date(b.SetUpOn), RecordedOn: quantity.Date(b.RecordedOn), Words: b.Text,
	}, b.Files))
}

func (h *handlers) endBody(ctx context.Context, in *struct {
	ProjectPath
	BodyID string `path:"body_id"`
	Body   struct {
		On     string `json:"on" format:"date"`
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[keptBody], error) {
	return kept(h.Projects.EndBody(ctx, api.Caller(ctx), api.Found[*model.Estate](ctx), in.BodyID, quantity.Date(in.Body.On), in.Body.Reason))
}

func (h *handlers) bodyFile(ctx context.Context, in *struct {
	ProjectPath
	BodyID string `path:"body_id"`
	FileID string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Content(ctx, projects.BodyPapers(in.BodyID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
