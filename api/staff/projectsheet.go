package staff

import (
	"context"
	"io"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/projects"
)

// largestLedger is the largest file of a project ledger.
const largestLedger = 8 << 20

func (h *handlers) projectSheets(a *api.API) {
	load := post("/project-imports", projectTag, "read an existing ledger from Excel, each project by its number; 200 for a dry run", model.ImportProjects)
	load.Status, load.MaxBody = http.StatusCreated, largestLedger
	api.Handle(a, load, h.loadProjects)
	api.Handle(a, get("/projects.xlsx", projectTag, "the ledger as a workbook of the shape that an import reads", model.ExportProjects), h.exportProjects)
}

type loadedBody struct {
	Rows      int           `json:"rows"`
	Created   int           `json:"created"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Errors    []findingBody `json:"errors" doc:"rows that were left out"`
	Warnings  []findingBody `json:"warnings"`
}

type loadedAnswer struct {
	Status int
	Body   loadedBody
}

func (h *handlers) loadProjects(ctx context.Context, in *struct {
	api.Upload
	DryRun bool `query:"dry_run" doc:"report, and keep nothing"`
}) (*loadedAnswer, error) {
	content, size, _, err := in.Content()
	if err != nil {
		return nil, err
	}
	came, err := h.Projects.Load(ctx, api.Caller(ctx), content, size, in.DryRun)
	if err != nil {
		return nil, err
	}
	answer := &loadedAnswer{http.StatusCreated, loadedBody{
		Rows: came.Rows, Created: came.Created, Changed: came.Changed, Unchanged: came.Unchanged, Errors: ledgerFindings(came.Errors), Warnings: ledgerFindings(came.Warnings),
	}}
	if in.DryRun {
		answer.Status = http.StatusOK
	}
	return answer, nil
}

func ledgerFindings(rows []projects.Finding) []findingBody {
	out := make([]findingBody, 0, len(rows))
	for _, f := range rows {
		out = append(out, findingBody{Sheet: f.Sheet, Row: f.Row, Column: f.Column, Code: f.Code, Message: f.Message})
	}
	return out
}

func (h *handlers) exportProjects(ctx context.Context, in *LedgerFilter) (*api.File, error) {
	return api.Save(sheetType, "projects.xlsx", func(w io.Writer) error { return h.Projects.Export(ctx, api.Caller(ctx), in.filter(), w) })
}
