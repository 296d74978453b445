package county

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/vote"
	"gongdi/service/reporting"
)

// History is what a county's overview would have said on earlier days.
type History struct {
	areas map[string]bool
	rows  []*rows
}

func (h *History) note(r *rows) {
	h.rows = append(h.rows, r)
	code := r.estate.AreaCode
	for _, n := range []int{6, 9, 12} {
		h.areas[code[:n]] = true
	}
}

// Areas lists the codes of the division that there is a history of.
func (h *History) Areas() []string { return slices.Sorted(maps.Keys(h.areas)) }

// On is what the overview of an area said at the end of a day.
func (h *History) On(area string, day quantity.Date) *reporting.Sums {
	var out reporting.Sums
	cases, money := map[string]*reporting.Cases{}, map[model.Source]*reporting.Money{}
	for _, r := range h.rows {
		if !strings.HasPrefix(r.estate.AreaCode, area) {
			continue
		}
		r.renewedOn(day, &out.Done)
		h.motionsOn(r, day, &out)
		casesOn(r, day, cases)
		moneyOn(r, day, money)
	}
	whole, all := reporting.Cases{Label: "合计"}, reporting.Money{}
	for _, c := range cases {
		out.Cases = append(out.Cases, *c)
		whole.Received, whole.InTime, whole.Late, whole.Pending = whole.Received+c.Received, whole.InTime+c.InTime, whole.Late+c.Late, whole.Pending+c.Pending
		whole.Rated, whole.Satisfied = whole.Rated+c.Rated, whole.Satisfied+c.Satisfied
	}
	for _, m := range money {
		out.Money = append(out.Money, *m)
		all.Pledged, all.Received = all.Pledged+m.Pledged, all.Received+m.Received
	}
	slices.SortFunc(out.Cases, func(a, b reporting.Cases) int {
		return cmp.Or(cmp.Compare(b.Received, a.Received), cmp.Compare(a.Department, b.Department))
	})
	slices.SortFunc(out.Money, func(a, b reporting.Money) int { return cmp.Compare(a.Source, b.Source) })
	out.Cases, out.Money = append(out.Cases, whole), append(out.Money, all)
	return &out
}

func (r *rows) renewedOn(day quantity.Date, out *reporting.Progress) {
	homes := int64(len(r.homes))
	if !r.due() {
		return
	}
	out.Estates, out.Households = out.Estates+1, out.Households+homes
	if r.estate.AcceptedOn != "" && r.estate.AcceptedOn <= day {
		out.DoneEstates, out.DoneHouseholds = out.DoneEstates+1, out.DoneHouseholds+homes
	}
}

func (h *History) motionsOn(r *rows, day quantity.Date, out *reporting.Sums) {
	for i := range r.motions {
		m := &r.motions[i]
		if quantity.DateOf(m.OpensAt) > day {
			continue
		}
		stage := &out.Open
		if sealed := m.SealedAt != nil && quantity.DateOf(*m.SealedAt) <= day; sealed {
			stage = &out.Sealed
			if stage.Agree == nil {
				stage.Agree = &vote.Count{}
			}
		}
		stage.Motions++
		stage.Roll = stage.Roll.Add(vote.Count{Heads: m.RollHeads, Area: m.RollArea})
		r.votersOn(day, m.ID, stage)
		if stage.Agree != nil && slices.ContainsFunc(r.results, func(x model.Result) bool {
			return x.MotionID == m.ID && strings.Contains(x.Tally, `"Outcome":"passed"`)
		}) {
			stage.Passed++
		}
	}
}

// votersOn adds who had been reached, had taken part and, once sealed, had
// agreed by the end of a day.
func (r *rows) votersOn(day quantity.Date, motionID string, stage *reporting.Stage) {
	reached, took := map[string]bool{}, map[string]bool{}
	for _, d := range r.deliveries {
		reached[d.VoterID] = true
	}
	for _, b := range r.ballots {
		took[b.VoterID] = took[b.VoterID] || quantity.DateOf(b.CastAt) <= day
	}
	for _, v := range r.voters {
		if v.MotionID != motionID {
			continue
		}
		one := vote.Count{Heads: 1, Area: v.Area}
		if took[v.ID] {
			stage.Part = stage.Part.Add(one)
		}
		if took[v.ID] || reached[v.ID] {
			stage.Reached = stage.Reached.Add(one)
		}
		if stage.Agree != nil && v.Choice == vote.Agree {
			*stage.Agree = stage.Agree.Add(one)
		}
	}
}

func casesOn(r *rows, day quantity.Date, cases map[string]*reporting.Cases) {
	end := day.AddDays(1).Start()
	for _, c := range r.cases {
		if !c.FiledAt.Before(end) {
			continue
		}
		if cases[c.DepartmentCode] == nil {
			cases[c.DepartmentCode] = &reporting.Cases{Department: c.DepartmentCode, Label: c.DepartmentName}
		}
		sum := cases[c.DepartmentCode]
		sum.Received++
		if c.Status == complaint.Archived && c.AnsweredAt.Before(end) {
			if c.AnsweredAt.After(c.DueAt) {
				sum.Late++
			} else {
				sum.InTime++
			}
			if c.Stars > 0 {
				sum.Rated++
			}
			if c.Stars > 3 {
				sum.Satisfied++
			}
			continue
		}
		sum.Pending++
		if c.DueAt.Before(end) {
			sum.Late++
		}
	}
}

func moneyOn(r *rows, day quantity.Date, money map[model.Source]*reporting.Money) {
	at := func(source model.Source) *reporting.Money {
		if money[source] == nil {
			money[source] = &reporting.Money{Source: source}
		}
		return money[source]
	}
	for i, p := range r.pledges {
		if quantity.DateOf(p.CreatedAt) <= day {
			at(r.parts[i].Source).Pledged += r.parts[i].Amount
		}
	}
	for _, v := range r.vouchers {
		if v.OnDate <= day {
			at(v.Source).Received += v.Amount
		}
	}
}
