package surveys

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	_ "embed" // the templates

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/service/document"
	"gongdi/service/identity"
	"gongdi/service/store"
)

//go:embed templates.json
var templateData []byte

// Template is a questionnaire to begin from.
type Template struct {
	Code, Title, Intro string
	Unit               model.SurveyUnit
	Questions          []opinion.Question
}

// Templates are the questionnaires that come with the program: wishes at the
// door (入户意愿调查表), satisfaction (改造满意度调查), management (长效管理模式意愿).
func Templates() ([]Template, error) {
	var out []Template
	if err := json.Unmarshal(templateData, &out); err != nil {
		return nil, fmt.Errorf("read the questionnaires: %w", err)
	}
	return out, nil
}

// printed puts results as they are printed, beside an earlier round if there is one.
func printed(r *Results, earlier *Comparison) document.SurveyReport {
	v := r.Survey
	out := document.SurveyReport{
		Title: v.Title, Audience: v.AudienceLabel, Base: r.Base, Responses: r.Responses, Rate: decimals(r.Rate) + "%", Few: r.Hidden,
		Period: periodOf(v),
		Unit:   map[model.SurveyUnit]string{model.PerHousehold: "一户一表", model.PerPerson: "按人"}[v.Unit],
		Rule:   "满意率＝（非常满意＋满意）÷有效回答；满意度得分按 100、80、60、40、20 加权平均",
	}
	if v.FairlyCounts {
		out.Rule = "满意率＝（非常满意＋满意＋基本满意）÷有效回答；满意度得分按 100、80、60、40、20 加权平均"
	}
	if v.Anonymous {
		out.Unit += "，匿名"
	}
	out.Earlier = earlierRound(earlier)
	for _, f := range r.Questions {
		q := document.SurveyQuestion{Code: f.Question.Code, Type: string(f.Question.Type), Label: f.Question.Label, Valid: f.Valid, Unknown: f.Unknown, Missing: f.Missing}
		for _, c := range f.Counts {
			q.Options = append(q.Options, document.SurveyOption{Code: c.Code, Label: c.Label, N: c.N, Share: int64(c.Share)})
		}
		for _, m := range []struct {
			name, unit string
			value      *opinion.Hundredths
		}{{"满意率", "%", f.Rate}, {"满意度得分", "", f.Score}, {"平均数", f.Question.Unit, f.Mean}, {"中位数", f.Question.Unit, f.Median}} {
			if m.value != nil {
				q.Marks = append(q.Marks, document.SurveyMark{Name: m.name, Value: decimals(*m.value) + m.unit})
			}
		}
		for i, p := range f.Places {
			if p.Named > 0 {
				q.Marks = append(q.Marks, document.SurveyMark{Name: fmt.Sprintf("排序第 %d", i+1), Value: fmt.Sprintf("%s（%d 分，首选 %d 次）", p.Label, p.Points, p.First)})
			}
		}
		if f.Question.ShowIf != nil {
			equals, err := f.Question.ShowIf.Equals.MarshalJSON()
			if err == nil {
				q.Condition = f.Question.ShowIf.Question + "=" + string(equals)
			}
		}
		out.Questions = append(out.Questions, q)
	}
	return out
}

// Printed is the report of results as somebody of the office takes it along
// now, beside an earlier round if there is one.
func (s *Service) Printed(ctx context.Context, caller model.Caller, r *Results, earlier *Comparison) (document.SurveyReport, error) {
	out, err := printed(r, earlier), error(nil)
	out.From, err = identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now())
	return out, err
}

// Report writes the figures of a survey as somebody of the office takes them
// along now: A4. They stand beside those of the earlier survey that compare
// names, without one beside those of the round before.
func (s *Service) Report(ctx context.Context, caller model.Caller, v *model.Survey, compare string, w io.Writer) error {
	r, err := s.Results(ctx, v, Unsliced)
	if err != nil {
		return err
	}
	earlier, err := s.Compare(ctx, caller, r, compare)
	if err != nil {
		return err
	}
	report, err := s.Printed(ctx, caller, r, earlier)
	if err != nil {
		return err
	}
	return document.SurveyPDF(w, report)
}

func earlierRound(c *Comparison) *document.SurveyRound {
	if c == nil {
		return nil
	}
	v := c.Earlier.Survey
	out := &document.SurveyRound{
		Title: v.Title, Period: periodOf(v), Base: c.Earlier.Base, Responses: c.Earlier.Responses, Rate: decimals(c.Earlier.Rate) + "%", Few: c.Hidden,
	}
	if !c.SameRule {
		out.Rule = "两轮对“基本满意”是否计入满意的口径不同，不比较满意率。"
	}
	for _, change := range c.Changes {
		for _, m := range []struct {
			name, unit string
			pair       *opinion.Pair
		}{{"满意率", "%", change.Rate}, {"满意度得分", "", change.Score}, {"平均数", change.Question.Unit, change.Mean}} {
			if m.pair != nil {
				out.Changes = append(out.Changes, changeOf(change, m.name, m.unit, *m.pair))
			}
		}
		for _, s := range change.Shares {
			out.Changes = append(out.Changes, changeOf(change, s.Label, "%", s.Pair))
		}
	}
	return out
}

func changeOf(c opinion.Change, name, unit string, p opinion.Pair) document.SurveyChange {
	return document.SurveyChange{
		Code: c.Question.Code, Label: c.Question.Label, Name: name, Valid: c.Valid, ValidBefore: c.ValidBefore,
		Now: decimals(p.Now) + unit, Before: decimals(p.Before) + unit, Change: int64(p.Change),
	}
}

func periodOf(v *model.Survey) string {
	const day = "2006年1月2日"
	if v.ClosedAt != nil && v.ClosedAt.Before(v.ClosesAt) {
		return v.OpensAt.In(quantity.Shanghai).Format(day) + "至" + v.ClosedAt.In(quantity.Shanghai).Format(day) + "（提前截止）"
	}
	return v.OpensAt.In(quantity.Shanghai).Format(day) + "至" + v.ClosesAt.In(quantity.Shanghai).Format(day)
}

func decimals(h opinion.Hundredths) string {
	sign := ""
	if h < 0 {
		sign, h = "-", -h
	}
	return fmt.Sprintf("%s%d.%02d", sign, h/100, h%100)
}

// Export gives the answers in codes, with words as they were written, and
// leaves a line in the log. Those of an anonymous survey are without estate and
// building, and none are given of fewer than five. Progress is told response by
// response.
func (s *Service) Export(ctx context.Context, caller model.Caller, v *model.Survey, progress func(done, total int64)) (*Results, document.Coded, error) {
	r, err := s.Results(ctx, v, Unsliced)
	if err != nil {
		return nil, document.Coded{}, err
	}
	questions, err := Questions(v)
	if err != nil {
		return nil, document.Coded{}, err
	}
	coded := document.Coded{}
	if !v.Anonymous {
		coded.Head = []string{"building", "unit", "floor_group", "relation", "channel"}
	}
	for _, q := range questions {
		coded.Head = append(coded.Head, q.Code)
	}
	names, err := s.names(ctx, v.ID)
	if err != nil {
		return nil, coded, err
	}
	if !r.Hidden {
		err = s.eachWhole(ctx, v, func(one reply) {
			coded.Rows = append(coded.Rows, codes(v, questions, names, one))
			progress(int64(len(coded.Rows)), max(int64(len(coded.Rows)), r.Counted))
		})
	}
	return r, coded, errors.Join(err, store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.record(ctx, tx, caller, v, model.ExportSurveys, "export")
	}))
}

// eachWhole reads every response with its words.
func (s *Service) eachWhole(ctx context.Context, v *model.Survey, fn func(reply)) error {
	return s.each(ctx, v, []opinion.Question{{Sensitive: true}}, fn)
}

const partNames = `SELECT DISTINCT h.building_id AS id, CONCAT(e.name, b.label) AS label FROM survey_homes h JOIN buildings b ON b.id = h.building_id
JOIN estates e ON e.id = h.estate_id WHERE h.survey_id = @id UNION SELECT DISTINCT u.id, u.label FROM survey_homes h JOIN units u ON u.id = h.unit_id WHERE h.survey_id = @id`

func (s *Service) names(ctx context.Context, surveyID string) (map[string]string, error) {
	var rows []struct{ ID, Label string }
	if err := s.DB.Read(ctx).Raw(partNames, map[string]any{"id": surveyID}).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("name the parts of survey %s: %w", surveyID, err)
	}
	names := make(map[string]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Label
	}
	return names, nil
}

func codes(v *model.Survey, questions []opinion.Question, names map[string]string, one reply) []string {
	var row []string
	if !v.Anonymous {
		row = append(row, names[one.key(ByBuilding)], names[one.key(ByUnit)], one.key(ByFloorGroup), one.key(ByRelation), one.key(ByChannel))
	}
	shown := opinion.Shown(questions, one.answers)
	for i, q := range questions {
		value, given := one.answers[q.Code]
		switch {
		case !shown[i]:
			row = append(row, "NA")
		case !given:
			row = append(row, "")
		case value.Kind == opinion.List:
			row = append(row, strings.Join(value.Codes, "|"))
		case value.Kind == opinion.Numeral:
			row = append(row, value.Number.String())
		case value.Kind == opinion.Flag:
			row = append(row, fmt.Sprint(value.Yes))
		default:
			row = append(row, value.Text)
		}
	}
	return row
}

// Said is an answer in words.
type Said struct{ Question, Building, Text string }

// Texts finds answers in words that hold a text; residents never see them.
func (s *Service) Texts(ctx context.Context, v *model.Survey, question, holds string) ([]Said, error) {
	questions, err := Questions(v)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	r, err := s.Results(ctx, v, Unsliced)
	if err != nil || r.Hidden {
		return nil, err
	}
	out := []Said{}
	err = s.eachWhole(ctx, v, func(one reply) {
		for _, q := range questions {
			value, given := one.answers[q.Code]
			if q.Type != opinion.Text || !given || question != "" && q.Code != question || !strings.Contains(value.Text, holds) {
				continue
			}
			said := Said{Question: q.Code, Text: value.Text}
			if !v.Anonymous {
				said.Building = cmp.Or(names[one.key(ByBuilding)], "")
			}
			out = append(out, said)
		}
	})
	return out, err
}
