package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/voting"
)

func (h *handlers) rollChecks(a *api.API) {
	const tag = "名册核对"
	api.Handle(a, h.onMotion(post("/motions/{id}/roll-check", tag, "let bound owners check a draft's roll", model.DraftMotions)), h.openCheck)
	api.Handle(a, h.onMotion(get("/motions/{id}/roll-reports", tag, "what owners reported", model.DraftMotions)), h.listReports)
	api.Handle(a, h.onReport(post("/motions/{id}/roll-reports/{report_id}/answer", tag, "mended, or kept with an explanation", model.DraftMotions)), h.answerReport)
	api.Handle(a, h.onReport(get("/motions/{id}/roll-reports/{report_id}/files/{file_id}", tag, "a picture of a report", model.DraftMotions)), h.reportPicture)
}

// onReport puts a route under a report on a motion that the caller may see.
func (h *handlers) onReport(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		m, err := h.Voting.Of(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		return m, h.Voting.HasReport(ctx, m.ID, param("report_id"))
	}
	return r
}

func (h *handlers) openCheck(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		Until time.Time `json:"until"`
	}
}) (*api.Body[MotionBody], error) {
	m, err := h.Voting.OpenCheck(ctx, api.Caller(ctx), in.ID, in.Body.Until)
	if err != nil {
		return nil, err
	}
	return api.Answer(h.motion(m)), nil
}

type reportedBody struct {
	ID         string     `json:"id"`
	PropertyID string     `json:"property_id"`
	Label      string     `json:"label"`
	Words      string     `json:"words"`
	Files      []string   `json:"file_ids"`
	Status     string     `json:"status" enum:"open,mended,kept"`
	Answer     string     `json:"answer,omitempty"`
	At         time.Time  `json:"at"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

func (h *handlers) listReports(ctx context.Context, in *MotionPath) (*api.Body[api.List[reportedBody]], error) {
	rows, err := h.Voting.ReportsOn(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(r voting.Reported) reportedBody {
		return reportedBody{
			ID: r.ID, PropertyID: r.PropertyID, Label: r.Label, Words: r.Words, Files: append([]string{}, r.Files...),
			Status: string(r.Status), Answer: r.Answer, At: api.Time(r.At), AnsweredAt: api.TimeOf(r.AnsweredAt),
		}
	})), nil
}

// ReportPath names a report on a motion's roll.
type ReportPath struct {
	MotionPath
	ReportID string `path:"report_id"`
}

func (h *handlers) answerReport(ctx context.Context, in *struct {
	ReportPath
	Body struct {
		Outcome string `json:"outcome" enum:"mended,kept"`
		Answer  string `json:"answer" minLength:"1" maxLength:"200"`
	}
}) (*api.Body[api.List[reportedBody]], error) {
	err := h.Voting.AnswerReport(ctx, api.Caller(ctx), api.Found[*model.Motion](ctx), in.ReportID, model.ReportStatus(in.Body.Outcome), in.Body.Answer)
	if err != nil {
		return nil, err
	}
	return h.listReports(ctx, &in.MotionPath)
}

func (h *handlers) reportPicture(ctx context.Context, in *struct {
	ReportPath
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, h.Voting.PictureOf(in.ReportID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
