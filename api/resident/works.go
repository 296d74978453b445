package resident

import (
	"context"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/project"
	"gongdi/service/projects"
)

func (h *handlers) works(a *api.API) {
	const tag = "改造项目"
	api.Handle(a, h.onHomeEstate(get("/estates/{id}/works", tag, "the renewal of one's estate, and what is worked from today on at one's stairwell")), h.showWorks)
	api.Handle(a, h.onHomeEstate(get("/estates/{id}/works/files/{file_id}", tag, "a picture of the works")), h.worksPicture)
}

// onHomeEstate puts a route under an estate in which the caller has a home.
func (h *handlers) onHomeEstate(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Projects.Lives(ctx, caller, param("id"))
	}
	return r
}

type worksBody struct {
	Project api.Maybe[worksProjectBody] `json:"project" doc:"null while there is none"`
	Days    []api.DayBody               `json:"days" doc:"from today on, of the own stairwells and the whole estate"`
	Reports []api.ReportBody            `json:"reports" doc:"the latest, with pictures"`
}

type worksProjectBody struct {
	Number     string                       `json:"number"`
	Name       string                       `json:"name"`
	Step       string                       `json:"step" doc:"the step that it is at; empty when all are completed"`
	StepName   string                       `json:"step_name"`
	Works      []api.WorkBody               `json:"works"`
	Dates      map[string]api.MilestoneBody `json:"dates"`
	WorksDone  int                          `json:"works_done_bp"`
	Total      int64                        `json:"total_fen"`
	Party      string                       `json:"party"`
	Contractor string                       `json:"contractor"`
	Supervisor string                       `json:"supervisor"`
	Warranty   *api.WarrantyBody            `json:"warranty,omitempty"`
}

func (h *handlers) showWorks(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[worksBody], error) {
	site, err := h.Projects.SiteOf(ctx, api.Caller(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	b := worksBody{Days: []api.DayBody{}, Reports: []api.ReportBody{}}
	for _, d := range site.Days {
		b.Days = append(b.Days, api.WorksDay(d))
	}
	for _, r := range site.Reports {
		b.Reports = append(b.Reports, api.WorksReport(r))
	}
	if site.View != nil {
		b.Project = api.Some(worksProject(site.View))
	}
	return api.Answer(b), nil
}

func worksProject(v *projects.View) worksProjectBody {
	return worksProjectBody{
		Number: v.Number, Name: v.Name, Step: string(v.At()), StepName: project.StepNames[v.At()], Works: api.Works(v.Works), Dates: api.Dates(v.Dates), WorksDone: v.WorksDone,
		Total: int64(v.Total), Party: v.PartyName, Contractor: v.Contractor, Supervisor: v.Supervisor, Warranty: api.Warranty(v),
	}
}

func (h *handlers) worksPicture(ctx context.Context, in *struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	about, err := h.Projects.PictureOf(ctx, in.ID, in.FileID)
	if err != nil {
		return nil, err
	}
	f, content, err := in.Show(ctx, h.Files, about, in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
