package staff

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/registry"
	"gongdi/service/roster"
)

// largestList is the largest file of a list: some 200,000 homes.
const largestList = 20 << 20

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type reportBody struct {
	ID         string        `json:"id" doc:"empty when nothing was stored"`
	Rows       int           `json:"rows"`
	Valid      int           `json:"valid"`
	Incomplete int           `json:"incomplete"`
	Errors     []findingBody `json:"errors"`
	Warnings   []findingBody `json:"warnings"`
	Estates    []figuresBody `json:"estates"`
	Changes    changesBody   `json:"changes"`
	Applied    bool          `json:"applied"`
}

type findingBody struct {
	Sheet   string `json:"sheet"`
	Row     int    `json:"row"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type figuresBody struct {
	ID         string      `json:"id" doc:"empty while the estate is only in the list"`
	Name       string      `json:"name"`
	Community  string      `json:"community"`
	Properties int         `json:"properties"`
	Area       api.Area    `json:"area_m2"`
	Heads      int         `json:"heads"`
	Incomplete int         `json:"incomplete"`
	Changes    changesBody `json:"changes"`
}

type changesBody struct {
	Created     int `json:"created"`
	Updated     int `json:"updated"`
	Unchanged   int `json:"unchanged"`
	Missing     int `json:"missing" doc:"stored and not in the list; they are kept"`
	Buildings   int `json:"buildings" doc:"new ones, as the three below"`
	Units       int `json:"units"`
	Estates     int `json:"estates"`
	Communities int `json:"communities"`
}

// importBody is one import in the list of them.
type importBody struct {
	ID         string      `json:"id"`
	StaffID    string      `json:"staff_id"`
	At         time.Time   `json:"at"`
	Rows       int         `json:"rows"`
	Valid      int         `json:"valid"`
	Incomplete int         `json:"incomplete"`
	Errors     int         `json:"errors"`
	Changes    changesBody `json:"changes"`
}

type importAnswer struct {
	Status int
	Body   reportBody
}

func (h *handlers) imports(a *api.API) {
	const tag = "名册导入"
	load := post("/roster-imports", tag, "read a list of owners; 200 for a dry run", model.ImportRoster)
	load.Status, load.MaxBody = http.StatusCreated, largestList
	api.Handle(a, load, h.importRoster)
	marked := post("/roster-imports/marked", tag, "a copy of a list with its findings marked; nothing is stored", model.ImportRoster)
	marked.MaxBody = largestList
	api.Handle(a, marked, h.markRoster)
	api.Handle(a, get("/roster-imports/template", tag, "an empty list to fill in", model.ImportRoster), h.template)
	api.Handle(a, get("/roster-imports", tag, "the imports of one's area, the latest first", model.ImportRoster), h.listImports)
	show := get("/roster-imports/{id}", tag, "the report of an import", model.ImportRoster)
	show.Thing = api.Named(h.Registry.ImportOf)
	api.Handle(a, show, h.showImport)
}

func (h *handlers) importRoster(ctx context.Context, in *struct {
	api.Upload
	DryRun      bool `query:"dry_run" doc:"report, and store nothing"`
	AcceptValid bool `query:"accept_valid" doc:"store faulty rows that name a home as incomplete"`
}) (*importAnswer, error) {
	content, size, name, err := in.Content()
	if err != nil {
		return nil, err
	}
	report, err := h.Registry.ImportRoster(ctx, api.Caller(ctx), content, size, registry.ImportOptions{
		DryRun: in.DryRun, AcceptValid: in.AcceptValid, FileName: name,
	})
	if errors.Is(err, registry.ErrRosterHasErrors) {
		return nil, registry.ErrRosterHasErrors.Carrying("report", reportOf(report))
	}
	if err != nil {
		return nil, err
	}
	answer := &importAnswer{Status: http.StatusCreated, Body: reportOf(report)}
	if in.DryRun {
		answer.Status = http.StatusOK
	}
	return answer, nil
}

func (h *handlers) markRoster(ctx context.Context, in *struct{ api.Upload }) (*api.File, error) {
	content, size, name, err := in.Content()
	if err != nil {
		return nil, err
	}
	return api.Save(sheetType, "roster-marked.xlsx", func(w io.Writer) error {
		return h.Registry.Mark(ctx, content, size, registry.ImportOptions{FileName: name}, w)
	})
}

func (h *handlers) template(context.Context, *struct{}) (*api.File, error) {
	return api.Save(sheetType, "roster-template.xlsx", roster.Template)
}

func (h *handlers) listImports(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[importBody]], error) {
	imports, total, err := h.Registry.ImportsOf(ctx, api.Caller(ctx), registry.Page{Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(imports, total, func(i registry.Import) importBody {
		return importBody{
			ID: i.ID, StaffID: i.StaffID, At: api.Time(i.At), Rows: i.Rows, Valid: i.Valid, Incomplete: i.Incomplete,
			Errors: len(i.Errors), Changes: changesBody(i.Changes),
		}
	})), nil
}

func (h *handlers) showImport(ctx context.Context, _ *struct {
	ID string `path:"id"`
}) (*api.Body[reportBody], error) {
	return api.Answer(reportOf(api.Found[registry.Import](ctx).Report)), nil
}

func reportOf(r registry.Report) reportBody {
	body := reportBody{
		ID: r.ID, Rows: r.Rows, Valid: r.Valid, Incomplete: r.Incomplete, Errors: findings(r.Errors), Warnings: findings(r.Warnings),
		Estates: make([]figuresBody, 0, len(r.Estates)), Changes: changesBody(r.Changes), Applied: r.Applied,
	}
	for _, e := range r.Estates {
		body.Estates = append(body.Estates, figuresBody{
			ID: e.ID, Name: e.Name, Community: e.Community, Properties: e.Properties, Area: api.Area(e.Area),
			Heads: e.Heads, Incomplete: e.Incomplete, Changes: changesBody(e.Changes),
		})
	}
	return body
}

func findings(found []registry.Finding) []findingBody {
	bodies := make([]findingBody, 0, len(found))
	for _, f := range found {
		bodies = append(bodies, findingBody(f))
	}
	return bodies
}
