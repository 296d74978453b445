package project

import (
	"fmt"
	"reflect"
	"testing"

	"gongdi/model/quantity"
)

// ready is a project that lacks nothing at any step.
func ready() Facts {
	done := map[Step]bool{}
	for _, step := range Steps {
		done[step] = true
	}
	return Facts{
		Today: "2026-06-30", Done: done, Verdict: Eligible, Willing: Passed, Scheme: Passed, ShownUntil: "2026-06-29", Works: 1, Total: 100, BySource: 100, Named: true,
		Reviewed: true, Tendered: true, AcceptanceReport: true, HandoverRecord: true, Contractor: "x", TenderOn: "2026-01-01", StartOn: "2026-01-02", DoneOn: "2026-01-03",
		WorksDone: AllDone, Qualified: true, AcceptedOn: "2026-01-04", ReportedOn: "2026-01-05", HandedOverOn: "2026-01-06", Satisfaction: true,
	}
}

func TestAGateSaysWhatIsMissing(t *testing.T) {
	for _, step := range Steps {
		if got := ready().Missing(step); len(got) > 0 {
			t.Errorf("%s lacks %v", step, got)
		}
	}
	for _, c := range []struct {
		name   string
		step   Step
		change func(*Facts)
		want   []string
	}{
		{"the step before is not completed", Design, func(f *Facts) { delete(f.Done, Survey) }, []string{"step_before"}},
		{"the first step has none before", Survey, func(f *Facts) { f.Done = nil }, nil},
		{"not eligible", Survey, func(f *Facts) { f.Verdict = NotEligible }, []string{"eligibility"}},
		{"nobody asked", Survey, func(f *Facts) { f.Willing = NoVote }, []string{"willingness"}},
		{"two thirds answered a survey", Survey, func(f *Facts) { f.Willing, f.Answered, f.Asked = NoVote, 2, 3 }, nil},
		{"one less than two thirds", Survey, func(f *Facts) { f.Willing, f.Answered, f.Asked = NoVote, 199, 300 }, []string{"willingness"}},
		{"a survey does not outweigh a motion that failed", Survey, func(f *Facts) { f.Willing, f.Answered, f.Asked = NotPassed, 3, 3 }, []string{"willingness"}},
		{"nor one that runs", Survey, func(f *Facts) { f.Willing, f.Answered, f.Asked = Pending, 3, 3 }, []string{"willingness"}},
		{"the vote on the scheme runs", Design, func(f *Facts) { f.Scheme = Pending }, []string{"scheme"}},
		{"the last day of the publicity period is today", Design, func(f *Facts) { f.ShownUntil = f.Today }, []string{"publicity"}},
		{"it was not shown", Design, func(f *Facts) { f.ShownUntil = "" }, []string{"publicity"}},
		{"an objection stands", Design, func(f *Facts) { f.Objections = 1 }, []string{"objections"}},
		{"the sources are a fen short", Design, func(f *Facts) { f.BySource-- }, []string{"budget"}},
		{"no list, no budget, nobody responsible", Design, func(f *Facts) { f.Works, f.Total, f.BySource, f.Named = 0, 0, 0, false }, []string{"works", "budget", "responsible"}},
		{"a tender without its paper", Construction, func(f *Facts) { f.Tendered = false }, []string{"tender"}},
		{"99.99 per cent", Construction, func(f *Facts) { f.WorksDone = AllDone - 1 }, []string{"works_done"}},
		{"a problem is open", Construction, func(f *Facts) { f.OpenProblems = 1 }, []string{"problems"}},
		{"to be rectified", Acceptance, func(f *Facts) { f.Qualified = false }, []string{"qualified"}},
		{"not reported to the county", Acceptance, func(f *Facts) { f.ReportedOn = "" }, []string{"reported"}},
		{"handed over without a record", Acceptance, func(f *Facts) { f.HandoverRecord = false }, []string{"handover"}},
		{"not handed over", Acceptance, func(f *Facts) { f.HandedOverOn = "" }, []string{"handover"}},
		{"nobody was asked how satisfied they are", Evaluation, func(f *Facts) { f.Satisfaction = false }, []string{"satisfaction"}},
		{"nobody keeps it", Evaluation, func(f *Facts) { f.Unmanaged = "还没有确定" }, []string{"management"}},
		{"no warranty without acceptance", Evaluation, func(f *Facts) { f.AcceptedOn = "" }, []string{"warranty"}},
	} {
		f := ready()
		c.change(&f)
		var codes []string
		for _, g := range f.Missing(c.step) {
			if g.Message == "" {
				t.Errorf("%s: %s says nothing", c.name, g.Code)
			}
			codes = append(codes, g.Code)
		}
		if !reflect.DeepEqual(codes, c.want) {
			t.Errorf("%s: %v, want %v", c.name, codes, c.want)
		}
	}
}

func TestWarrantyRunsFromAcceptance(t *testing.T) {
	for accepted, want := range map[quantity.Date]Warranty{
		"":           {},
		"2024-02-29": {Waterproofing: "2029-03-01", Equipment: "2026-03-01"},
		"2022-05-01": {Waterproofing: "2027-05-01", Equipment: "2024-05-01"},
	} {
		if got := WarrantyFrom(accepted); got != want {
			t.Errorf("from %q: %v, want %v", accepted, fmt.Sprint(got), want)
		}
	}
}
