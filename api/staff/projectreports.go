package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/projects"
)

func (h *handlers) projectReports(a *api.API) {
	api.Handle(a, h.onProject(creating(post("/projects/{id}/reports", projectTag, "how far works have come on a day, with pictures", model.ReportProjects))), h.reportProject)
	api.Handle(a, h.onProject(get("/projects/{id}/reports", projectTag, "the reports, the latest day first", model.ReadProjects)), h.listWorksReports)
	api.Handle(a, h.onProjectPart(get("/projects/{id}/reports/{report_id}/files/{file_id}", projectTag, "a picture of a report", model.ReadProjects), "report_id", h.Projects.HasReport), h.worksReportPicture)
	api.Handle(a, h.onProject(creating(post("/projects/{id}/problems", projectTag, "note something to be put right, by whom and by when", model.ReportProjects))), h.raiseProblem)
	api.Handle(a, h.onProject(get("/projects/{id}/problems", projectTag, "what is to be put right, open ones first", model.ReadProjects)), h.listProblems)
	api.Handle(a, h.onProjectPart(post("/projects/{id}/problems/{problem_id}/close", projectTag, "close a problem", model.ReportProjects), "problem_id", h.Projects.HasProblem), h.closeProblem)
	api.Handle(a, h.onProject(creating(post("/projects/{id}/papers", projectTag, "file a paper", model.KeepProjects))), h.fileProjectPaper)
	api.Handle(a, h.onProject(get("/projects/{id}/papers", projectTag, "the papers", model.ReadProjects)), h.listProjectPapers)
	api.Handle(a, h.onProjectPart(get("/projects/{id}/papers/{paper_id}/files/{file_id}", projectTag, "a page of a paper", model.ReadProjects), "paper_id", h.Projects.HasPaper), h.projectPaperPage)
	api.Handle(a, h.onProject(creating(post("/projects/{id}/days", projectTag, "tell residents what is worked on a day, by stairwell; replaces what was said of the same day and place", model.ReportProjects))), h.announceDay)
	api.Handle(a, h.onProject(get("/projects/{id}/days", projectTag, "what is worked from today on", model.ReadProjects)), h.listWorksDays)
}

// onProjectPart puts a route under a part of a project that the caller may see.
func (h *handlers) onProjectPart(r api.Route, name string, has func(ctx context.Context, projectID, id string) error) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		p, err := h.Projects.Of(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		return p, has(ctx, p.ID, param(name))
	}
	return r
}

func worksReport(r projects.Reported) api.ReportBody {
	b := api.WorksReport(r)
	b.Paid = &r.Paid
	return b
}

func (h *handlers) reportProject(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		On        string   `json:"on" format:"date"`
		WorksDone int      `json:"works_done_bp" minimum:"0" maximum:"10000"`
		Paid      int      `json:"paid_bp" minimum:"0" maximum:"10000"`
		Text      string   `json:"text,omitempty" maxLength:"2000"`
		Files     []string `json:"file_ids,omitempty" maxItems:"20"`
	}
}) (*api.Body[api.ReportBody], error) {
	b := in.Body
	r, err := h.Projects.Report(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), model.ProjectReport{
		OnDate: quantity.Date(b.On), WorksDone: b.WorksDone, Paid: b.Paid, Words: b.Text,
	}, b.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(worksReport(projects.Reported{ProjectReport: *r, Files: b.Files})), nil
}

func (h *handlers) listWorksReports(ctx context.Context, in *struct {
	api.Page
	ProjectPath
}) (*api.Body[api.List[api.ReportBody]], error) {
	rows, total, err := h.Projects.Reports(ctx, in.ID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, worksReport)), nil
}

func (h *handlers) worksReportPicture(ctx context.Context, in *struct {
	ProjectPath
	ReportID string `path:"report_id"`
	FileID   string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, projects.ReportPictures(in.ReportID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

type problemBody struct {
	ID       string     `json:"id"`
	Text     string     `json:"text"`
	Owner    string     `json:"owner"`
	DueOn    string     `json:"due_on" format:"date"`
	OpenedBy string     `json:"opened_by"`
	OpenedAt time.Time  `json:"opened_at"`
	Closed   string     `json:"closed_text,omitempty"`
	ClosedBy string     `json:"closed_by,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
}

func problemOf(q model.ProjectProblem) problemBody {
	return problemBody{q.ID, q.Words, q.Owner, string(q.DueOn), q.OpenedBy, api.Time(q.OpenedAt), q.ClosedWords, q.ClosedBy, api.TimeOf(q.ClosedAt)}
}

func problem(q *model.ProjectProblem, err error) (*api.Body[problemBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(problemOf(*q)), nil
}

func (h *handlers) raiseProblem(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		Text  string `json:"text" minLength:"1" maxLength:"2000"`
		Owner string `json:"owner" minLength:"1" maxLength:"100" doc:"the unit that is to put it right"`
		DueOn string `json:"due_on" format:"date"`
	}
}) (*api.Body[problemBody], error) {
	return problem(h.Projects.Raise(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), model.ProjectProblem{
		Words: in.Body.Text, Owner: in.Body.Owner, DueOn: quantity.Date(in.Body.DueOn),
	}))
}

func (h *handlers) listProblems(ctx context.Context, in *struct {
	api.Page
	ProjectPath
}) (*api.Body[api.List[problemBody]], error) {
	rows, total, err := h.Projects.Problems(ctx, in.ID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, problemOf)), nil
}

func (h *handlers) closeProblem(ctx context.Context, in *struct {
	ProjectPath
	ProblemID string `path:"problem_id"`
	Body      struct {
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"what was done about it"`
	}
}) (*api.Body[problemBody], error) {
	return problem(h.Projects.Solve(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), in.ProblemID, in.Body.Text))
}

type projectPaperBody struct {
	ID    string   `json:"id"`
	Kind  string   `json:"kind"`
	Title string   `json:"title"`
	On    string   `json:"on" format:"date"`
	Files []string `json:"file_ids"`
}

func projectPaper(p projects.Paper) projectPaperBody {
	return projectPaperBody{p.ID, string(p.Kind), p.Title, string(p.OnDate), append([]string{}, p.Files...)}
}

func (h *handlers) fileProjectPaper(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		Kind  string   `json:"kind" enum:"approval,budget_review,tender,contract,acceptance_report,handover_record,other"`
		Title string   `json:"title" minLength:"1" maxLength:"100"`
		On    string   `json:"on" format:"date"`
		Files []string `json:"file_ids" minItems:"1" maxItems:"20"`
	}
}) (*api.Body[projectPaperBody], error) {
	b := in.Body
	p, err := h.Projects.FilePaper(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), model.ProjectPaper{Kind: model.PaperKind(b.Kind), Title: b.Title, OnDate: quantity.Date(b.On)}, b.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(projectPaper(projects.Paper{ProjectPaper: *p, Files: b.Files})), nil
}

func (h *handlers) listProjectPapers(ctx context.Context, in *ProjectPath) (*api.Body[api.List[projectPaperBody]], error) {
	rows, err := h.Projects.Papers(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, projectPaper)), nil
}

func (h *handlers) projectPaperPage(ctx context.Context, in *struct {
	ProjectPath
	PaperID string `path:"paper_id"`
	FileID  string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Content(ctx, projects.PaperPages(in.PaperID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) announceDay(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		On         string `json:"on" format:"date"`
		BuildingID string `json:"building_id,omitempty" maxLength:"64" doc:"neither building nor unit is the whole estate"`
		UnitID     string `json:"unit_id,omitempty" maxLength:"64"`
		Text       string `json:"text" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[api.DayBody], error) {
	b := in.Body
	d, err := h.Projects.Announce(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), model.ProjectDay{
		OnDate: quantity.Date(b.On), BuildingID: b.BuildingID, UnitID: b.UnitID, Words: b.Text,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.WorksDay(projects.Day{ProjectDay: *d})), nil
}

func (h *handlers) listWorksDays(ctx context.Context, in *ProjectPath) (*api.Body[api.List[api.DayBody]], error) {
	rows, err := h.Projects.Days(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.WorksDay)), nil
}
