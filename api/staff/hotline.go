package staff

import (
	"context"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/complaints"
)

// largestTickets is the largest file of tickets: some 5,000 rows.
const largestTickets = 8 << 20

func (h *handlers) hotline(a *api.API) {
	const tag = "诉求"
	load := post("/complaint-imports", tag, "file the tickets of the 12345 centre's workbook, each once; 200 for a dry run", model.ConductCases)
	load.Status, load.MaxBody = http.StatusCreated, largestTickets
	api.Handle(a, load, h.importTickets)
	api.Handle(a, get("/complaints.xlsx", tag, "the list as a workbook, with the 12345 centre's tickets and the answers", model.ConductCases), h.exportComplaints)
}

type ticketsBody struct {
	Rows     int           `json:"rows"`
	Filed    int           `json:"filed"`
	Known    int           `json:"known" doc:"were here already"`
	Errors   []findingBody `json:"errors" doc:"rows that were not filed"`
	Warnings []findingBody `json:"warnings" doc:"of rows that were filed"`
	Items    []ticketBody  `json:"items" doc:"the cases that were filed"`
}

type ticketBody struct {
	Row        int                `json:"row"`
	Ticket     string             `json:"ticket_12345"`
	ID         string             `json:"id,omitempty"`
	Number     string             `json:"number,omitempty"`
	Category   string             `json:"category"`
	Department api.DepartmentBody `json:"department"`
	DueAt      time.Time          `json:"due_at"`
}

type ticketsAnswer struct {
	Status int
	Body   ticketsBody
}

func (h *handlers) importTickets(ctx context.Context, in *struct {
	api.Upload
	DryRun bool `query:"dry_run" doc:"report, and file nothing"`
}) (*ticketsAnswer, error) {
	content, size, _, err := in.Content()
	if err != nil {
		return nil, err
	}
	came, err := h.Complaints.ImportTickets(ctx, api.Caller(ctx), content, size, in.DryRun)
	if err != nil {
		return nil, err
	}
	answer := &ticketsAnswer{Status: http.StatusCreated, Body: ticketsBody{
		Rows: came.Rows, Filed: len(came.Filed), Known: came.Known, Errors: ticketFindings(came.Errors), Warnings: ticketFindings(came.Warnings), Items: []ticketBody{},
	}}
	if in.DryRun {
		answer.Status = http.StatusOK
	}
	for _, f := range came.Filed {
		answer.Body.Items = append(answer.Body.Items, ticketBody{
			Row: f.Row, Ticket: f.Ticket, ID: f.Case.ID, Number: f.Case.Number, Category: f.Case.CategoryCode,
			Department: api.DepartmentBody{Code: f.Case.DepartmentCode, Name: f.Case.DepartmentName}, DueAt: api.Time(f.Case.DueAt),
		})
	}
	return answer, nil
}

func ticketFindings(rows []complaints.TicketFinding) []findingBody {
	out := make([]findingBody, 0, len(rows))
	for _, f := range rows {
		out = append(out, findingBody{Sheet: f.Sheet, Row: f.Row, Column: f.Column, Code: f.Code, Message: f.Message})
	}
	return out
}

func (h *handlers) exportComplaints(ctx context.Context, in *CaseFilter) (*api.File, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	return api.Save(sheetType, "complaints.xlsx", func(w io.Writer) error { return h.Complaints.Export(ctx, api.Caller(ctx), f, w, untold) })
}
