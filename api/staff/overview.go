package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/reporting"
)

// overview is the first page: the figures of an area.
func (h *handlers) overview(a *api.API) {
	const tag = "总览与报表"
	api.Handle(a, get("/overview", tag, "the figures of an area, as of now", model.ReadOverview), h.showOverview)
	api.Handle(a, get("/overview/days", tag, "the figures of an area at the end of each day", model.ReadOverview), h.listDays)
}

// AreaQuery names a part of the division; one's own when left out.
type AreaQuery struct {
	Area string `query:"area" maxLength:"12" doc:"the code of a county, street or community; one's own when left out"`
}

type overviewBody struct {
	Area overviewArea `json:"area"`
	AsOf time.Time    `json:"as_of"`
	SumsBody
	Funnels      []funnelBody       `json:"motions" doc:"those that are open, the nearest to the close first, then the latest sealed; at most 100"`
	Estates      []funnelBody       `json:"estates" doc:"those that are not there yet, the nearest to what they miss first"`
	Turnout      []turnoutBody      `json:"turnout" doc:"the last thirty days"`
	Satisfaction []satisfactionBody `json:"satisfaction" doc:"the latest rounds"`
}

type overviewArea struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Type string `json:"type" enum:"county,street,community"`
}

// SumsBody are the figures of an area that are kept day by day.
type SumsBody struct {
	Open   stageBody   `json:"open"`
	Sealed stageBody   `json:"sealed"`
	Cases  []casesBody `json:"cases" doc:"by department, the whole last; the figures of /complaint-statistics"`
	Money  moneyBody   `json:"money"`
	Done   doneBody    `json:"renovation"`
}

type stageBody struct {
	Motions int64                `json:"motions"`
	Passed  int64                `json:"passed"`
	Roll    api.Count            `json:"roll"`
	Reached api.Count            `json:"reached"`
	Part    api.Count            `json:"participating"`
	Agree   api.Maybe[api.Count] `json:"agree" doc:"null before the seal"`
}

type funnelBody struct {
	MotionID string               `json:"motion_id"`
	Title    string               `json:"title"`
	Scope    string               `json:"scope"`
	Kind     string               `json:"kind"`
	EstateID string               `json:"estate_id"`
	Estate   string               `json:"estate"`
	Status   string               `json:"status"`
	ClosesAt time.Time            `json:"closes_at"`
	Roll     api.Count            `json:"roll"`
	Reached  api.Count            `json:"reached"`
	Part     api.Count            `json:"participating"`
	Agree    api.Maybe[api.Count] `json:"agree" doc:"null before the seal"`
	Outcome  *string              `json:"outcome" nullable:"true" doc:"null before the seal"`
	Quorum   api.Count            `json:"missing_for_quorum"`
	ToPass   api.Maybe[api.Count] `json:"missing_to_pass" doc:"null before the seal"`
}

type turnoutBody struct {
	Day string `json:"day" format:"date"`
	api.Count
}

type casesBody struct {
	Department string `json:"department" doc:"empty for the whole"`
	Label      string `json:"label"`
	Received   int64  `json:"received"`
	InTime     int64  `json:"in_time"`
	Late       int64  `json:"late"`
	Open       int64  `json:"open"`
	Returned   int64  `json:"returned"`
	Reopened   int64  `json:"reopened"`
	Rated      int64  `json:"rated" doc:"the base of satisfied"`
	Satisfied  int64  `json:"satisfied"`
}

type moneyBody struct {
	Pledged  int64        `json:"pledged_fen" doc:"by pledges that stand"`
	Received int64        `json:"received_fen"`
	Spent    int64        `json:"spent_fen" doc:"and refunded"`
	Sources  []sourceBody `json:"sources"`
}

type sourceBody struct {
	Source   string `json:"source"`
	Pledged  int64  `json:"pledged_fen"`
	Received int64  `json:"received_fen"`
	Spent    int64  `json:"spent_fen"`
}

type doneBody struct {
	Estates        int64   `json:"estates" doc:"that should be renewed: not found ineligible or excluded; where nobody has looked, by the year of completion"`
	DoneEstates    int64   `json:"done_estates" doc:"of which a project has completed acceptance and handover"`
	Households     int64   `json:"households" doc:"应改造户数"`
	DoneHouseholds int64   `json:"done_households"`
	Percent        float64 `json:"done_percent" doc:"应改造户数累计完成率, rounded down to two decimals"`
}

type satisfactionBody struct {
	SurveyID  string           `json:"survey_id"`
	Title     string           `json:"title"`
	Audience  string           `json:"audience"`
	Round     int              `json:"round"`
	ClosesAt  time.Time        `json:"closes_at"`
	Base      int64            `json:"base"`
	Responses int64            `json:"responses"`
	Hidden    bool             `json:"hidden" doc:"too few answered"`
	Questions []api.FigureBody `json:"questions"`
}

func maybeCount(c *vote.Count) api.Maybe[api.Count] {
	if c == nil {
		return api.Maybe[api.Count]{}
	}
	return api.Some(api.CountOf(*c))
}

func (h *handlers) showOverview(ctx context.Context, in *AreaQuery) (*api.Body[overviewBody], error) {
	area, err := h.Reporting.Area(ctx, api.Caller(ctx), in.Area)
	if err != nil {
		return nil, err
	}
	o, err := h.Reporting.Overview(ctx, area)
	if err != nil {
		return nil, err
	}
	body := overviewBody{
		Area: overviewArea{Code: area.Code, Name: area.Name, Type: string(area.Type)}, AsOf: api.Time(o.AsOf), SumsBody: sumsOf(&o.Sums),
		Funnels: []funnelBody{}, Estates: []funnelBody{}, Turnout: []turnoutBody{}, Satisfaction: []satisfactionBody{},
	}
	for i := range o.Funnels {
		body.Funnels = append(body.Funnels, funnelOf(&o.Funnels[i]))
	}
	for i := range o.Estates {
		body.Estates = append(body.Estates, funnelOf(&o.Estates[i]))
	}
	for _, d := range o.Turnout {
		body.Turnout = append(body.Turnout, turnoutBody{Day: string(d.Day), Count: api.CountOf(d.Count)})
	}
	for _, s := range o.Satisfaction {
		body.Satisfaction = append(body.Satisfaction, satisfactionBody{
			SurveyID: s.SurveyID, Title: s.Title, Audience: s.Audience, Round: s.Round, ClosesAt: api.Time(s.Results.Survey.ClosesAt),
			Base: s.Results.Base, Responses: s.Results.Responses, Hidden: s.Results.Hidden, Questions: api.Figures(s.Questions),
		})
	}
	return api.Answer(body), nil
}

func funnelOf(f *reporting.Funnel) funnelBody {
	b := funnelBody{
		MotionID: f.MotionID, Title: f.Title, Scope: f.ScopeLabel, Kind: string(f.Kind), EstateID: f.EstateID, Estate: f.Estate, Status: string(f.Status), ClosesAt: api.Time(f.ClosesAt),
		Roll: api.CountOf(f.Roll), Reached: api.CountOf(f.Reached), Part: api.CountOf(f.Part), Agree: maybeCount(f.Agree), Quorum: api.CountOf(f.Quorum), ToPass: maybeCount(f.ToPass),
	}
	if f.Outcome != "" {
		b.Outcome = &f.Outcome
	}
	return b
}

func stageOf(s reporting.Stage) stageBody {
	return stageBody{Motions: s.Motions, Passed: s.Passed, Roll: api.CountOf(s.Roll), Reached: api.CountOf(s.Reached), Part: api.CountOf(s.Part), Agree: maybeCount(s.Agree)}
}

func sumsOf(s *reporting.Sums) SumsBody {
	body := SumsBody{Open: stageOf(s.Open), Sealed: stageOf(s.Sealed), Cases: []casesBody{}, Money: moneyBody{Sources: []sourceBody{}}}
	for _, c := range s.Cases {
		body.Cases = append(body.Cases, casesBody{
			Department: c.Department, Label: c.Label, Received: c.Received, InTime: c.InTime, Late: c.Late, Open: c.Pending, Returned: c.Returned,
			Reopened: c.Reopened, Rated: c.Rated, Satisfied: c.Satisfied,
		})
	}
	for _, m := range s.Money {
		if m.Source == "" { // the whole
			body.Money.Pledged, body.Money.Received, body.Money.Spent = int64(m.Pledged), int64(m.Received), int64(m.Spent)
			continue
		}
		body.Money.Sources = append(body.Money.Sources, sourceBody{string(m.Source), int64(m.Pledged), int64(m.Received), int64(m.Spent)})
	}
	body.Done = doneBody{Estates: s.Done.Estates, DoneEstates: s.Done.DoneEstates, Households: s.Done.Households, DoneHouseholds: s.Done.DoneHouseholds}
	if s.Done.Households > 0 {
		body.Done.Percent = float64(s.Done.DoneHouseholds*10_000/s.Done.Households) / 100
	}
	return body
}

type dayBody struct {
	Day string `json:"day" format:"date"`
	SumsBody
}

func (h *handlers) listDays(ctx context.Context, in *struct {
	AreaQuery
	From  string `query:"from" maxLength:"10" doc:"the first day; thirty days before the last when left out"`
	Until string `query:"until" maxLength:"10" doc:"the last day; today when left out"`
}) (*api.Body[api.List[dayBody]], error) {
	until := quantity.DateOf(h.Reporting.Now())
	if err := readDay(in.Until, "query.until", &until); err != nil {
		return nil, err
	}
	from := until.AddDays(-30)
	if err := readDay(in.From, "query.from", &from); err != nil {
		return nil, err
	}
	area, err := h.Reporting.Area(ctx, api.Caller(ctx), in.Area)
	if err != nil {
		return nil, err
	}
	days, err := h.Reporting.Days(ctx, area.Code, from, until)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(days, func(k reporting.Kept) dayBody {
		return dayBody{Day: string(k.Day), SumsBody: sumsOf(&k.Sums)}
	})), nil
}

// readDay reads a day of the calendar where one is given.
func readDay(text, location string, into *quantity.Date) error {
	if text == "" {
		return nil
	}
	day, err := quantity.ParseDate(text)
	if err != nil || day < "1970-01-01" || day > "9998-12-31" {
		return fault.ErrInvalid.At(location, "应为日期，如 2026-09-18")
	}
	*into = day
	return nil
}
