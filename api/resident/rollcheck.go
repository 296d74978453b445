package resident

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/voting"
)

func (h *handlers) rollChecks(a *api.API) {
	const tag = "名册核对"
	api.Handle(a, get("/me/roll-checks", tag, "how rolls under check will have one's own homes"), h.listChecks)
	report := route(http.MethodPost, "/motions/{id}/roll-reports", tag, "say what is wrong with one's own home on a roll under check")
	report.Status = http.StatusCreated
	report.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Voting.UnderCheck(ctx, caller, param("id"))
	}
	api.Handle(a, report, h.reportRoll)
}

type checkBody struct {
	MotionID     string         `json:"motion_id"`
	Title        string         `json:"title"`
	Until        time.Time      `json:"until"`
	PropertyID   string         `json:"property_id"`
	Label        string         `json:"label"`
	Use          string         `json:"use"`
	Area         *api.Area      `json:"area_m2"`
	AreaSource   string         `json:"area_source"`
	Incomplete   string         `json:"incomplete,omitempty"`
	OwnersMasked string         `json:"owners_masked"`
	With         []propertyBody `json:"counts_with" doc:"other homes of the same voter"`
	VoterArea    api.Area       `json:"voter_area_m2"`
	Reports      []reportBody   `json:"reports"`
}

type reportBody struct {
	ID     string    `json:"id"`
	Status string    `json:"status" enum:"open,mended,kept"`
	Answer string    `json:"answer,omitempty"`
	At     time.Time `json:"at"`
}

func (h *handlers) listChecks(ctx context.Context, _ *struct{}) (*api.Body[api.List[checkBody]], error) {
	rows, err := h.Voting.ChecksOf(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(e voting.RollEntry) checkBody {
		body := checkBody{
			MotionID: e.MotionID, Title: e.Title, Until: api.Time(e.Until), PropertyID: e.Home.PropertyID, Label: e.Home.Label,
			Use: string(e.Home.Use), Area: api.AreaOf(e.Home.Area), AreaSource: string(e.Home.AreaSource), Incomplete: e.Home.Incomplete,
			OwnersMasked: e.OwnersMasked, With: []propertyBody{}, VoterArea: api.Area(e.VoterArea), Reports: []reportBody{},
		}
		for _, p := range e.With {
			body.With = append(body.With, propertyBody{ID: p.PropertyID, Label: p.Label})
		}
		for _, r := range e.Reports {
			body.Reports = append(body.Reports, reportOf(&r))
		}
		return body
	})), nil
}

func reportOf(r *model.RollReport) reportBody {
	return reportBody{ID: r.ID, Status: string(r.Status), Answer: r.Answer, At: api.Time(r.At)}
}

func (h *handlers) reportRoll(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		PropertyID string   `json:"property_id" minLength:"1" maxLength:"64"`
		Words      string   `json:"words" minLength:"1" maxLength:"500"`
		Files      []string `json:"file_ids,omitempty" maxItems:"9"`
	}
}) (*api.Body[reportBody], error) {
	r, err := h.Voting.ReportRoll(ctx, api.Caller(ctx), in.ID, in.Body.PropertyID, in.Body.Words, in.Body.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(reportOf(r)), nil
}
