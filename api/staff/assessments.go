package staff

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/assess"
	"gongdi/service/assessment"
	"gongdi/service/fault"
)

func (h *handlers) assessments(a *api.API) {
	const tag = "考核"
	api.Handle(a, h.onPeriod(get("/assessments/{period}", tag, "the table of a month or a quarter; a unit reads its own line", model.ReadAssessments)), h.showAssessment)
	api.Handle(a, h.onPeriod(get("/assessments/{period}/bulletin.pdf", tag, "the frozen table as a circular", model.ConductAssessments)), h.assessmentBulletin)
	freeze := h.onPeriod(post("/assessments/{period}/freeze", tag, "keep the figures as they are; again with a reason, as another version", model.ConductAssessments))
	api.Handle(a, freeze, h.freezeAssessment)
	object := h.onPeriod(post("/assessments/{period}/objection", tag, "what a unit has against its line, once", model.ObjectAssessments))
	object.Status = http.StatusNoContent
	api.Handle(a, object, h.objectAssessment)
	answer := post("/assessments/{period}/objections/{objection_id}/answer", tag, "answer an objection, for good", model.ConductAssessments)
	answer.Status = http.StatusNoContent
	answer.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		p, err := h.Assessment.Period(param("period"))
		if err != nil {
			return nil, err
		}
		return h.Assessment.ObjectionOf(ctx, caller, p, param("objection_id"))
	}
	api.Handle(a, answer, h.answerObjection)
	api.Handle(a, h.onPeriod(get("/assessments/{period}/items", tag, "what was entered by hand, struck ones too", model.ConductAssessments)), h.listItems)
	item := h.onPeriod(post("/assessments/{period}/items", tag, "give or take points by hand, with the reason", model.ConductAssessments))
	item.Status = http.StatusCreated
	api.Handle(a, item, h.addItem)
	strike := post("/assessments/{period}/items/{item_id}/strike", tag, "take an item back", model.ConductAssessments)
	strike.Status = http.StatusNoContent
	strike.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		p, err := h.Assessment.Period(param("period"))
		if err != nil {
			return nil, err
		}
		return h.Assessment.ItemOf(ctx, caller, p, param("item_id"))
	}
	api.Handle(a, strike, h.strikeItem)
	api.Handle(a, get("/assessment-weights", tag, "what each indicator weighs, by date", model.ReadAssessments), h.listWeights)
	weigh := post("/assessment-weights", tag, "set what a kind of unit is measured by, from a day on", model.ConductAssessments)
	weigh.Status = http.StatusNoContent
	api.Handle(a, weigh, h.setWeights)
}

func (h *handlers) onPeriod(r api.Route) api.Route {
	r.Thing = func(_ context.Context, _ model.Caller, param func(string) string) (any, error) {
		return h.Assessment.Period(param("period"))
	}
	return r
}

// PeriodPath names a period.
type PeriodPath struct {
	Period string `path:"period" doc:"2026-11, 2026-Q4"`
}

// assessedUnit names a community or a department.
type assessedUnit struct {
	Kind string `json:"kind" enum:"community,department"`
	Code string `json:"code" minLength:"1" maxLength:"32"`
	Name string `json:"name,omitempty" readOnly:"true"`
}

func (b assessedUnit) unit() model.Assessed {
	return model.Assessed{UnitKind: assess.Kind(b.Kind), UnitCode: b.Code}
}

func unitOf(u model.Assessed, name string) assessedUnit {
	return assessedUnit{Kind: string(u.UnitKind), Code: u.UnitCode, Name: name}
}

type evidenceBody struct {
	Num      int64    `json:"numerator"`
	NumIs    string   `json:"numerator_is"`
	Den      int64    `json:"denominator"`
	DenIs    string   `json:"denominator_is"`
	NoData   bool     `json:"no_data" doc:"nothing was there to be judged; it scores nothing"`
	ShownBy  []string `json:"shown_by" doc:"calls that show what was counted"`
	Rounding string   `json:"rounding"`
}

type indicatorBody struct {
	Code     string          `json:"code"`
	Label    string          `json:"label"`
	Weight   int64           `json:"weight" doc:"points"`
	Value    *api.Hundredths `json:"value" doc:"per cent, rounded down; null without data"`
	Score    api.Hundredths  `json:"score" doc:"points, rounded half up"`
	Evidence evidenceBody    `json:"evidence"`
}

type handItemBody struct {
	Points api.Hundredths `json:"points"`
	Reason string         `json:"reason"`
}

type objectionOfUnit struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	At         time.Time  `json:"at"`
	Answer     string     `json:"answer,omitempty"`
	Upheld     bool       `json:"upheld"`
	AnsweredAt *time.Time `json:"answered_at"`
}

type assessedBody struct {
	Unit       assessedUnit     `json:"unit"`
	Score      api.Hundredths   `json:"score"`
	Rank       *int             `json:"rank" doc:"equal scores share one; null without any data"`
	Measured   int64            `json:"measured_weight" doc:"of the indicators of which there is data"`
	Indicators []indicatorBody  `json:"indicators"`
	Items      []handItemBody   `json:"items" doc:"entered by hand"`
	Objection  *objectionOfUnit `json:"objection,omitempty"`
}

type assessmentBody struct {
	Period  string         `json:"period"`
	From    string         `json:"from" format:"date"`
	Until   string         `json:"until" format:"date"`
	Area    string         `json:"area"`
	Frozen  bool           `json:"frozen"`
	Version int            `json:"version" doc:"0 while it is not frozen"`
	Reason  string         `json:"reason,omitempty"`
	AsOf    time.Time      `json:"as_of"`
	Ranked  int            `json:"ranked"`
	Units   []assessedBody `json:"units"`
}

const rounding = "得分＝权重×分子÷分母，四舍五入到0.01分；百分率向下取到0.01%"

func assessed(l assessment.Line) assessedBody {
	b := assessedBody{Unit: unitOf(l.Assessed, l.UnitName), Score: api.Hundredths(l.Score), Measured: l.Measured, Indicators: []indicatorBody{}, Items: []handItemBody{}}
	if l.Place > 0 {
		b.Rank = &l.Place
	}
	for _, m := range l.Marks {
		if m.Indicator == "" {
			b.Items = append(b.Items, handItemBody{api.Hundredths(m.Score), m.Label})
			continue
		}
		share := assess.Share{Num: m.Num, Den: m.Den}
		one := indicatorBody{Code: m.Indicator, Label: m.Label, Weight: m.Weight, Score: api.Hundredths(m.Score), Evidence: evidenceBody{
			Num: m.Num, NumIs: m.NumLabel, Den: m.Den, DenIs: m.DenLabel, NoData: !share.Known(), ShownBy: []string{}, Rounding: rounding,
		}}
		if m.Routes != "" {
			one.Evidence.ShownBy = strings.Split(m.Routes, "\n")
		}
		if share.Known() {
			value := api.Hundredths(share.Percent())
			one.Value = &value
		}
		b.Indicators = append(b.Indicators, one)
	}
	if o := l.Objection; o != nil {
		b.Objection = &objectionOfUnit{ID: o.ID, Text: o.Said, At: api.Time(o.At), Answer: o.Reply, Upheld: o.Upheld, AnsweredAt: api.TimeOf(o.AnsweredAt)}
	}
	return b
}

func (h *handlers) showAssessment(ctx context.Context, in *struct {
	PeriodPath
	Version int `query:"version" minimum:"0" maximum:"10000" doc:"an earlier frozen one"`
}) (*api.Body[assessmentBody], error) {
	return h.assessmentOf(ctx, in.Version)
}

func (h *handlers) assessmentOf(ctx context.Context, version int) (*api.Body[assessmentBody], error) {
	t, err := h.Assessment.Table(ctx, api.Caller(ctx), api.Found[assess.Period](ctx), version)
	if err != nil {
		return nil, err
	}
	body := assessmentBody{
		Period: t.Period, From: string(t.Span.From), Until: string(t.Span.Until), Area: t.AreaCode, Frozen: t.Version > 0, Version: t.Version, Reason: t.Reason,
		AsOf: api.Time(t.AsOf), Ranked: t.Ranked, Units: make([]assessedBody, 0, len(t.Lines)),
	}
	for _, l := range t.Lines {
		body.Units = append(body.Units, assessed(l))
	}
	return api.Answer(body), nil
}

func (h *handlers) assessmentBulletin(ctx context.Context, in *struct {
	PeriodPath
	Version int `query:"version" minimum:"0" maximum:"10000"`
}) (*api.File, error) {
	p := api.Found[assess.Period](ctx)
	return api.Save("application/pdf", "assessment-"+p.Name+".pdf", func(w io.Writer) error {
		return h.Assessment.Bulletin(ctx, api.Caller(ctx), p, in.Version, w)
	})
}

func (h *handlers) freezeAssessment(ctx context.Context, in *struct {
	PeriodPath
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"needed for another version"`
	}
}) (*api.Body[assessmentBody], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	if err := h.Assessment.Freeze(ctx, api.Caller(ctx), api.Found[assess.Period](ctx), reason); err != nil {
		return nil, err
	}
	return h.assessmentOf(ctx, 0)
}

func (h *handlers) objectAssessment(ctx context.Context, in *struct {
	PeriodPath
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}) (*api.Nothing, error) {
	return nil, h.Assessment.Object(ctx, api.Caller(ctx), api.Found[assess.Period](ctx), in.Body.Text)
}

func (h *handlers) answerObjection(ctx context.Context, in *struct {
	PeriodPath
	ObjectionID string `path:"objection_id"`
	Body        struct {
		Text   string `json:"text" minLength:"1" maxLength:"2000"`
		Upheld bool   `json:"upheld"`
	}
}) (*api.Nothing, error) {
	return nil, h.Assessment.Answer(ctx, api.Caller(ctx), api.Found[*assessment.Objection](ctx), in.Body.Text, in.Body.Upheld)
}

type enteredItem struct {
	ID           string         `json:"id"`
	Unit         assessedUnit   `json:"unit"`
	Points       api.Hundredths `json:"points"`
	Reason       string         `json:"reason"`
	At           time.Time      `json:"at"`
	StruckAt     *time.Time     `json:"struck_at"`
	StruckReason string         `json:"struck_reason,omitempty"`
}

func enteredItemOf(i model.AssessmentItem) enteredItem {
	return enteredItem{
		ID: i.ID, Unit: unitOf(i.Assessed, ""), Points: api.Hundredths(i.Points), Reason: i.Reason, At: api.Time(i.At), StruckAt: api.TimeOf(i.StruckAt), StruckReason: i.StruckReason,
	}
}

func (h *handlers) listItems(ctx context.Context, _ *PeriodPath) (*api.Body[api.List[enteredItem]], error) {
	rows, err := h.Assessment.Items(ctx, api.Caller(ctx), api.Found[assess.Period](ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, enteredItemOf)), nil
}

func (h *handlers) addItem(ctx context.Context, in *struct {
	PeriodPath
	Body struct {
		Unit   assessedUnit   `json:"unit"`
		Points api.Hundredths `json:"points" doc:"above or below 0, at most two decimals; at most 10 a unit and period in all"`
		Reason string         `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[enteredItem], error) {
	if strings.TrimSpace(in.Body.Reason) == "" {
		return nil, fault.ErrInvalid.At("body.reason", "请填写理由")
	}
	item, err := h.Assessment.AddItem(ctx, api.Caller(ctx), api.Found[assess.Period](ctx), model.AssessmentItem{
		Assessed: in.Body.Unit.unit(), Points: assess.Hundredths(in.Body.Points), Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(enteredItemOf(*item)), nil
}

func (h *handlers) strikeItem(ctx context.Context, in *struct {
	PeriodPath
	ItemID string `path:"item_id"`
	Body   struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Nothing, error) {
	return nil, h.Assessment.StrikeItem(ctx, api.Caller(ctx), api.Found[*model.AssessmentItem](ctx), in.Body.Reason)
}

type weightBody struct {
	Kind      string `json:"kind" enum:"community,department"`
	Indicator string `json:"indicator"`
	Label     string `json:"label"`
	Weight    int64  `json:"weight"`
	From      string `json:"from" format:"date"`
	Until     string `json:"until,omitempty" doc:"the last day; none while it holds"`
}

func (h *handlers) listWeights(ctx context.Context, _ *struct{}) (*api.Body[api.List[weightBody]], error) {
	rows, err := h.Assessment.Weights(ctx)
	if err != nil {
		return nil, err
	}
	labels := map[string]string{}
	for _, kind := range assess.Kinds {
		for _, i := range assess.Of(kind) {
			labels[i.Code] = i.Label
		}
	}
	return api.Answer(api.AllOf(rows, func(w model.AssessmentWeight) weightBody {
		return weightBody{Kind: string(w.UnitKind), Indicator: w.Indicator, Label: labels[w.Indicator], Weight: w.Weight, From: string(w.ValidFrom), Until: string(w.ValidUntil)}
	})), nil
}

func (h *handlers) setWeights(ctx context.Context, in *struct {
	Body struct {
		Kind    string           `json:"kind" enum:"community,department"`
		From    string           `json:"from" format:"date" doc:"of the periods that begin then or later; not before today"`
		Weights map[string]int64 `json:"weights" maxProperties:"40" doc:"of every indicator of the kind, together 100"`
	}
}) (*api.Nothing, error) {
	from, err := dayIn("body.from", in.Body.From)
	if err != nil {
		return nil, err
	}
	return nil, h.Assessment.SetWeights(ctx, api.Caller(ctx), assess.Kind(in.Body.Kind), from, in.Body.Weights)
}
