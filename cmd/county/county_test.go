package county

import (
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/service/reporting"
)

// TestACountySaysWhatItWasMadeOf holds the overview of each part of a small
// county against the rows that were drawn, before and after its figures were
// reckoned anew.
func TestACountySaysWhatItWasMadeOf(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		evening := quantity.DateOf(h.Now()).AddDays(1).Start().Add(-30 * time.Minute)
		h.Wait((evening.Sub(h.Now()) + 24*time.Hour) % (24 * time.Hour)) // what falls due today has
		made := 0
		history, err := Fill(t.Context(), h.DB, Size{County: "520523", First: 2, Streets: 2, Estates: 12, Homes: 10, Until: h.Now(), Seed: 3}, func(n int) { made = n })
		apitest.Check(t, err)
		if made != 12 {
			t.Errorf("%d estates are made", made)
		}
		apitest.Check(t, h.Reporting.Rebuild(t.Context()))
		today, renewed, excluded := quantity.DateOf(h.Now()), int64(0), false
		for _, area := range append(history.Areas(), "520523002005") {
			caller := model.Caller{Kind: model.StaffSession, Role: model.RoleCounty, AreaCode: area}
			at, err := h.Reporting.Area(t.Context(), caller, area)
			apitest.Check(t, err)
			got, err := h.Reporting.Overview(t.Context(), at)
			apitest.Check(t, err)
			want := history.On(area, today)
			same(t, area, &got.Sums, want)
			history.satisfactionHolds(t, area, got.Satisfaction)
			renewed, excluded = max(renewed, got.Done.DoneEstates), excluded || got.Done.Estates < int64(len(history.within(area)))
		}
		if renewed == 0 || !excluded {
			t.Error("no estate was renewed, or none is out of scope")
		}
	})
}

func (h *History) within(area string) (out []*rows) {
	for _, r := range h.rows {
		if strings.HasPrefix(r.estate.AreaCode, area) {
			out = append(out, r)
		}
	}
	return out
}

func same(t *testing.T, area string, got, want *reporting.Sums) {
	t.Helper()
	for _, stage := range []struct{ got, want reporting.Stage }{{got.Open, want.Open}, {got.Sealed, want.Sealed}} {
		agree := (stage.got.Agree == nil) == (stage.want.Agree == nil) && (stage.got.Agree == nil || *stage.got.Agree == *stage.want.Agree)
		stage.got.Agree, stage.want.Agree = nil, nil
		if stage.got != stage.want || !agree {
			t.Errorf("%s: motions %+v, made %+v", area, stage.got, stage.want)
		}
	}
	if len(got.Cases) != len(want.Cases) || len(got.Money) != len(want.Money) {
		t.Fatalf("%s: %d departments and %d sources, made %d and %d", area, len(got.Cases), len(got.Money), len(want.Cases), len(want.Money))
	}
	for i := range got.Cases {
		if got.Cases[i] != want.Cases[i] {
			t.Errorf("%s: cases %+v, made %+v", area, got.Cases[i], want.Cases[i])
		}
	}
	for i := range got.Money {
		if got.Money[i] != want.Money[i] {
			t.Errorf("%s: money %+v, made %+v", area, got.Money[i], want.Money[i])
		}
	}
	if got.Done != want.Done {
		t.Errorf("%s: renewed %+v, made %+v", area, got.Done, want.Done)
	}
}

func (h *History) satisfactionHolds(t *testing.T, area string, shown []reporting.Satisfaction) {
	t.Helper()
	surveys, replies := map[string]map[string]int64{}, replies()
	for _, r := range h.within(area) {
		for _, v := range r.surveys {
			surveys[v.ID] = map[string]int64{}
		}
		for _, a := range r.answers {
			surveys[a.SurveyID][a.Answers]++
		}
	}
	if len(shown) != min(len(surveys), 6) {
		t.Errorf("%s: %d rounds of %d", area, len(shown), len(surveys))
	}
	for _, one := range shown {
		q, made := one.Questions[0], surveys[one.SurveyID]
		if second := strings.Contains(one.Title, "第2轮"); (one.Round == 2) != second || q.Unknown != made[replies[5]] || len(made) == 0 {
			t.Errorf("%s: %s is round %d, %d do not know; made %v", area, one.Title, one.Round, q.Unknown, made)
		}
		content := made[replies[0]] + made[replies[1]] + made[replies[2]]
		if q.Valid > 0 && *q.Rate != opinion.Percent(content, q.Valid) {
			t.Errorf("%s: %s satisfied %d, made %v", area, one.Title, *q.Rate, made)
		}
		for i, c := range q.Counts {
			if c.N != made[replies[i]] {
				t.Errorf("%s: %s %d %s, made %v", area, one.Title, c.N, c.Code, made)
			}
		}
	}
}
