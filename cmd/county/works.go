package county

import (
	"fmt"
	"slices"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/model/rule/project"
	"gongdi/service/store"
)

// scope is the last year of completion within the policy's scope where no
// setting says otherwise.
const scope = 2000

// renew has the office look at six estates of ten: one of them is to be pulled
// down, the others are eligible unless they are too young, and of those half
// have a project that was accepted and handed over.
func (b *builder) renew(r *rows) {
	lot := b.chance.IntN(10)
	if lot >= 6 {
		return
	}
	at := b.before(301 + b.chance.IntN(50))
	for _, rule := range project.Rules {
		if rule.Aspect == project.BuiltBefore {
			continue
		}
		answer := project.Yes
		if rule.Excludes && (lot != 0 || rule.Aspect != project.Rebuilding) {
			answer = project.No
		}
		r.findings = append(r.findings, model.EstateFinding{EstateID: r.estate.ID, Aspect: rule.Aspect, Answer: answer, Words: "模拟", FoundAt: at})
	}
	r.excluded = lot == 0
	if lot%2 == 0 || *r.estate.BuiltYear > scope {
		return
	}
	accepted := b.before(b.chance.IntN(300))
	r.estate.AcceptedOn = quantity.DateOf(accepted)
	p := model.Project{
		ID: store.NewID(), Number: "模拟-" + r.estate.ID[16:], BatchYear: at.Year(), EstateID: r.estate.ID, AreaCode: r.estate.AreaCode, Name: r.estate.Name + "改造项目",
		WorksDone: project.AllDone, Result: model.Qualified, CreatedAt: at, UpdatedAt: accepted,
	}
	r.projects = append(r.projects, p)
	for i, m := range model.Milestones {
		day := quantity.DateOf(at.Add(accepted.Sub(at) * time.Duration(i+1) / time.Duration(len(model.Milestones))))
		if m.Milestone == model.Accepted {
			day = r.estate.AcceptedOn
		}
		r.dates = append(r.dates, model.ProjectDate{ProjectID: p.ID, Milestone: m.Milestone, Planned: day.AddDays(b.chance.IntN(20) - 5), Actual: day})
	}
	for _, step := range project.Steps[:4] {
		r.steps = append(r.steps, model.ProjectStep{ProjectID: p.ID, Step: step, DoneAt: accepted, Lacked: []project.Gap{}})
	}
}

// due says whether an estate's homes should be renewed.
func (r *rows) due() bool { return !r.excluded && *r.estate.BuiltYear <= scope }

const satisfaction = `[{"code":"whole","type":"satisfaction","label":"对改造的总体评价","required":true}]`

// replies are the answers that there can be, the best first.
func replies() []string {
	var out []string
	for _, grade := range append(slices.Clone(opinion.Grades), opinion.Option{Code: opinion.Unknown}) {
		text, err := opinion.Encode(opinion.Answers{"whole": {Kind: opinion.Word, Text: grade.Code}})
		if err != nil {
			panic(err) // words only
		}
		out = append(out, text)
	}
	return out
}

func floorGroup(floor int) string {
	return []string{"1", "2-3", "4-5", "6+"}[min(floor/2, 3)]
}

// ask puts two rounds of a survey of satisfaction to all homes; six of ten
// answer each.
func (b *builder) ask(r *rows) {
	replies := replies()
	before, ago := "", 60+b.chance.IntN(200)
	for round := range 2 {
		opens := b.before(ago - 30*round)
		v := model.Survey{
			ID: store.NewID(), AreaCode: r.estate.AreaCode, Title: fmt.Sprintf("%s满意度调查（第%d轮）", r.estate.Name, round+1), AudienceType: model.ToEstate, AudienceID: r.estate.ID,
			AudienceLabel: r.estate.Name, Unit: model.PerHousehold, FairlyCounts: true, OpensAt: opens, ClosesAt: opens.AddDate(0, 0, 20), Questions: satisfaction,
			Stage: model.SurveyPublished, Version: 1, FollowsID: before, Base: int64(len(r.homes)), PublishedAt: &opens, CreatedAt: opens, UpdatedAt: opens, ToldAt: &opens,
		}
		r.surveys, before = append(r.surveys, v), v.ID
		for i := range r.homes {
			home := &r.homes[i]
			r.asked = append(r.asked, model.SurveyHome{SurveyID: v.ID, PropertyID: home.ID, EstateID: home.EstateID, BuildingID: home.BuildingID, UnitID: home.UnitID, FloorGroup: floorGroup(*home.Floor)})
			if b.chance.IntN(10) >= 6 {
				continue
			}
			at := opens.Add(time.Duration(b.chance.IntN(20*24)) * time.Hour)
			reply := replies[min(b.chance.IntN(len(replies)), b.chance.IntN(len(replies)))]
			r.answers = append(r.answers, model.SurveyResponse{
				ID: store.NewID(), SurveyID: v.ID, PartyID: home.ID, PropertyID: home.ID, EstateID: home.EstateID, BuildingID: home.BuildingID, UnitID: home.UnitID,
				FloorGroup: floorGroup(*home.Floor), Channel: model.SurveyByPhone, Answers: reply, Version: 1, AnsweredAt: at, UpdatedAt: at,
			})
		}
	}
}
