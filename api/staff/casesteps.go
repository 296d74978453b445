package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/service/complaints"
)

func (h *handlers) caseSteps(a *api.API) {
	const tag = "诉求"
	for step, name := range map[complaint.Step]string{
		complaint.Accept: "accept it, with the right category", complaint.Refuse: "refuse it, for a lawful reason", complaint.Assign: "assign it to its department and those who help",
		complaint.Take: "take it over", complaint.Return: "return it within a working day, with the clause", complaint.Contact: "the resident was contacted",
		complaint.Extend: "ask for an extension", complaint.DecideExtension: "grant an extension or not", complaint.Answer: "answer the resident",
		complaint.CallBack: "the result of a call-back", complaint.Merge: "merge it into another", complaint.Archive: "file it away",
	} {
		take := post("/complaints/{id}/"+string(step), tag, name, complaints.RightOf(step))
		take.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
			return h.Complaints.Ready(ctx, caller, param("id"), step)
		}
		api.Handle(a, take, h.step(step))
	}
	note := h.onComplaint(post("/complaints/{id}/notes", tag, "a supervision note", model.ConductCases))
	note.Status = http.StatusNoContent
	api.Handle(a, note, h.superviseCase)
	api.Handle(a, post("/complaint-assignments", tag, "assign several cases at once", model.ConductCases), h.assignAll)
}

// actBody is what comes with a step. Nothing in it is judged before the state
// of the case is.
type actBody struct {
	_          struct{} `additionalProperties:"true"`
	Text       string   `json:"text,omitempty" doc:"what is said with the step; needed, at most 2,000 characters"`
	Files      []string `json:"file_ids,omitempty"`
	Category   string   `json:"category,omitempty" doc:"accept, assign: the right one"`
	Department string   `json:"department,omitempty" doc:"assign: the lead, else the category's"`
	Co         []string `json:"co,omitempty" doc:"assign: who helps, else the category's"`
	Complex    bool     `json:"complex,omitempty" doc:"assign: the longer term"`
	Reason     string   `json:"reason,omitempty" doc:"refuse: litigation, arbitration, reconsideration, petition, secret, out_of_scope, repeated; else found from the text"`
	Clause     string   `json:"clause,omitempty" doc:"return: whose duty it is; else the department's own duties are cited"`
	Days       *int     `json:"working_days,omitempty" doc:"extend, decide-extension; else the most there is"`
	Granted    *bool    `json:"granted,omitempty" doc:"decide-extension; true when left out"`
	Result     string   `json:"result,omitempty" doc:"call-back: resolved, unresolved, unreached; resolved when left out"`
	Into       string   `json:"into,omitempty" doc:"merge: the id or number of the other case"`
}

func (b *actBody) act(step complaint.Step) complaints.Act {
	if b == nil {
		b = &actBody{}
	}
	return complaints.Act{
		Step: step, Words: b.Text, Files: b.Files, Category: b.Category, Department: b.Department, Co: b.Co, Complex: b.Complex, Reason: b.Reason,
		Clause: b.Clause, Days: b.Days, Granted: b.Granted, Result: model.CallBackResult(b.Result), Into: b.Into,
	}
}

type stepRequest struct {
	CasePath
	Body *actBody
}

func (h *handlers) step(step complaint.Step) func(context.Context, *stepRequest) (*api.Body[openedCase], error) {
	return func(ctx context.Context, in *stepRequest) (*api.Body[openedCase], error) {
		c, err := h.Complaints.Do(ctx, api.Caller(ctx), in.ID, in.Body.act(step))
		if err != nil {
			return nil, err
		}
		return h.openedCase(ctx, c)
	}
}

type bulkBody struct {
	ID     string `json:"id"`
	Status string `json:"status,omitempty"`
	Code   string `json:"code,omitempty" doc:"why it was not assigned"`
	Detail string `json:"detail,omitempty"`
}

func (h *handlers) assignAll(ctx context.Context, in *struct {
	Body struct {
		IDs        []string `json:"ids" minItems:"1" maxItems:"200" uniqueItems:"true"`
		Text       string   `json:"text" minLength:"1" maxLength:"2000"`
		Department string   `json:"department,omitempty" maxLength:"32"`
	}
}) (*api.Body[api.List[bulkBody]], error) {
	rows, err := h.Complaints.AssignAll(ctx, api.Caller(ctx), in.Body.IDs, complaints.Act{Step: complaint.Assign, Words: in.Body.Text, Department: in.Body.Department})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(r complaints.Assigned) bulkBody {
		if r.Refused != nil {
			return bulkBody{ID: r.ID, Code: r.Refused.Code, Detail: r.Refused.Detail}
		}
		return bulkBody{ID: r.ID, Status: string(r.Case.Status)}
	})), nil
}

func (h *handlers) superviseCase(ctx context.Context, in *struct {
	CasePath
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}) (*api.Nothing, error) {
	return nil, h.Complaints.Note(ctx, api.Caller(ctx), in.ID, in.Body.Text)
}
