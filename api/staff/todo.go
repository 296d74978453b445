package staff

import (
	"context"
	"io"
	"net/url"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/reporting"
)

// todo is what waits for whoever asks, and the same to take along.
func (h *handlers) todo(a *api.API) {
	const tag = "今日待办"
	api.Handle(a, get("/todo", tag, "what waits for the caller today, place by place", model.ReadTodo), h.listTodo)
	api.Handle(a, get("/todo.pdf", tag, "what waits in an estate or building, in walking order, A4", model.ReadTodo), h.printTodo)
}

type todoBody struct {
	AsOf  time.Time  `json:"as_of"`
	Items []todoItem `json:"items"`
}

type todoItem struct {
	Code    string      `json:"code" doc:"doors, papers, conflicts, bindings, representations, grants, disputes, roll_reports, roll_corrections, objections, revisions, data_requests, lift_papers, vouchers, cases, cases_due, cases_overdue, content_checks"`
	Label   string      `json:"label"`
	Count   int64       `json:"count"`
	Overdue int64       `json:"overdue"`
	List    string      `json:"list" doc:"the call that lists it"`
	Places  []todoPlace `json:"places"`
}

type todoPlace struct {
	MotionID string `json:"motion_id,omitempty"`
	Title    string `json:"title,omitempty"`
	EstateID string `json:"estate_id,omitempty"`
	Estate   string `json:"estate,omitempty"`
	Building string `json:"building,omitempty"`
	Count    int64  `json:"count"`
	Overdue  int64  `json:"overdue"`
	List     string `json:"list,omitempty" doc:"the call that lists what waits here"`
	Print    string `json:"print,omitempty" doc:"the call that prints what waits in this building"`
}

func (h *handlers) listTodo(ctx context.Context, _ *struct{}) (*api.Body[todoBody], error) {
	jobs, err := h.Reporting.Todo(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	body := todoBody{AsOf: api.Time(h.Reporting.Now()), Items: []todoItem{}}
	for _, j := range jobs {
		item := todoItem{Code: j.Code, Label: j.Label, Count: j.Count, Overdue: j.Overdue, List: j.List, Places: []todoPlace{}}
		for _, p := range j.Places {
			item.Places = append(item.Places, todoAt(p))
		}
		body.Items = append(body.Items, item)
	}
	return api.Answer(body), nil
}

func todoAt(p reporting.Waiting) todoPlace {
	out := todoPlace{
		MotionID: p.MotionID, Title: p.Title, EstateID: p.EstateID, Estate: p.Estate, Building: p.Building, Count: p.Count, Overdue: p.Overdue, List: p.List,
	}
	if p.EstateID != "" {
		out.Print = "/api/v1/staff/todo.pdf?estate_id=" + p.EstateID
		if p.Building != "" {
			out.Print += "&building=" + url.QueryEscape(p.Building)
		}
	}
	return out
}

func (h *handlers) printTodo(ctx context.Context, in *struct {
	EstateID string `query:"estate_id" required:"true" minLength:"1" maxLength:"64"`
	Building string `query:"building" maxLength:"64" doc:"all of the estate's when left out"`
}) (*api.File, error) {
	at, err := h.Reporting.Estate(ctx, api.Caller(ctx), in.EstateID)
	if err != nil {
		return nil, err
	}
	return api.Save("application/pdf", "todo.pdf", func(w io.Writer) error {
		return h.Reporting.TodoSheet(ctx, api.Caller(ctx), at, in.Building, w)
	})
}
