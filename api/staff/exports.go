package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/jobs"
)

func (h *handlers) exports(a *api.API) {
	const tag = "导出"
	ask := post("/exports", tag, "have a long list made as a file, apart from this request; logged", model.RunExports)
	ask.Status = http.StatusAccepted
	api.Handle(a, ask, h.askExport)
	api.Handle(a, get("/exports", tag, "one's own exports, the newest first", model.RunExports), h.listExports)
	mine := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Jobs.Of)
		return r
	}
	api.Handle(a, mine(get("/exports/{id}", tag, "how far one's export has come", model.RunExports)), h.showExport)
	api.Handle(a, mine(gone("/exports/{id}", tag, "cancel one's export, or remove its file", model.RunExports)), h.cancelExport)
	api.Handle(a, mine(get("/exports/{id}/file", tag, "what came of it; logged", model.RunExports)), h.exportFile)
}

// untold is the progress of a file that is made while somebody waits for it.
func untold(_, _ int64) {}

type exportBody struct {
	ID       string          `json:"id"`
	Kind     string          `json:"kind"`
	Status   string          `json:"status" enum:"waiting,running,done,failed,cancelled,expired"`
	Progress int64           `json:"progress" doc:"in per cent, rounded down"`
	Done     int64           `json:"done"`
	Total    int64           `json:"total" doc:"0 until it is known"`
	MadeAt   time.Time       `json:"made_at"`
	EndedAt  *time.Time      `json:"ended_at,omitempty"`
	Code     string          `json:"code,omitempty" doc:"why it failed"`
	Detail   string          `json:"detail,omitempty"`
	File     *exportFileBody `json:"file,omitempty"`
}

type exportFileBody struct {
	Name      string     `json:"name"`
	Size      int64      `json:"size"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

func export(j model.Job) exportBody {
	b := exportBody{
		ID: j.ID, Kind: j.Kind, Status: string(j.Stage), Done: j.Done, Total: j.Total, MadeAt: api.Time(j.MadeAt), EndedAt: api.TimeOf(j.EndedAt), Code: j.Code, Detail: j.Detail,
	}
	switch {
	case j.Stage == model.JobDone:
		b.Progress = 100
		b.File = &exportFileBody{Name: j.FileName, Size: j.FileSize, ExpiresAt: api.TimeOf(j.ExpiresAt)}
	case j.Total > 0:
		b.Progress = min(99, j.Done*100/j.Total)
	}
	return b
}

func (h *handlers) askExport(ctx context.Context, in *struct {
	Body struct {
		Kind    string            `json:"kind" minLength:"1" maxLength:"40" doc:"voters (of a motion), roster (of an estate), survey, complaints, ledger, estate_file (一小区一档, a zip with an index), and others that the office is given"`
		ID      string            `json:"id,omitempty" maxLength:"64" doc:"of the motion, estate, survey or purpose; of complaints an estate, or all"`
		Options map[string]string `json:"options,omitempty" doc:"voters: status, building, unit; roster: building, unit, incomplete; complaints: status, department, category, kind, from, until, q; ledger: purpose_type"`
	}
}) (*api.Body[exportBody], error) {
	j, err := h.Jobs.Ask(ctx, api.Caller(ctx), in.Body.Kind, jobs.Params{ID: in.Body.ID, Options: in.Body.Options})
	if err != nil {
		return nil, err
	}
	return api.Answer(export(*j)), nil
}

func (h *handlers) listExports(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[exportBody]], error) {
	rows, total, err := h.Jobs.Own(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, export)), nil
}

// ExportPath names an export.
type ExportPath struct {
	ID string `path:"id"`
}

func (h *handlers) showExport(ctx context.Context, _ *ExportPath) (*api.Body[exportBody], error) {
	return api.Answer(export(*api.Found[*model.Job](ctx))), nil
}

func (h *handlers) cancelExport(ctx context.Context, in *ExportPath) (*api.Nothing, error) {
	return nil, h.Jobs.Cancel(ctx, api.Caller(ctx), in.ID)
}

func (h *handlers) exportFile(ctx context.Context, _ *ExportPath) (*api.File, error) {
	row := api.Found[*model.Job](ctx)
	f, content, err := h.Jobs.File(ctx, api.Caller(ctx), row)
	if err != nil {
		return nil, err
	}
	return &api.File{ContentType: f.MediaType, ContentDisposition: `attachment; filename="` + row.FileName + `"`, Body: content}, nil
}
