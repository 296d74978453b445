package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/service/store"
	"gongdi/service/surveys"
)

// surveyed leaves a finished satisfaction survey of the whole street, with more
// than a thousand answers, and a household form that is under way.
func (s *street) surveyed(ctx context.Context) error {
	s.clock.daysAgo(40)
	if err := s.bigEstate(ctx); err != nil {
		return err
	}
	done, err := s.ask(ctx, "satisfaction", model.ToStreet, streetCode, 14)
	if err != nil {
		return err
	}
	s.clock.daysAgo(35)
	if err := s.answeredByMany(ctx, done); err != nil {
		return err
	}
	s.clock.daysAgo(20)
	if _, err := s.Surveys.OpenResults(ctx, s.clerk, done.ID, true); err != nil {
		return err
	}
	s.clock.daysAgo(2)
	running, err := s.ask(ctx, "household_wishes", model.ToEstate, s.estates["临江花园"], 10)
	if err != nil {
		return err
	}
	s.clock.daysAgo(1)
	return s.doorToDoor(ctx, running, 1, 2)
}

func (s *street) ask(ctx context.Context, code string, audience model.AudienceType, id string, days int) (*model.Survey, error) {
	templates, err := surveys.Templates()
	if err != nil {
		return nil, err
	}
	now := s.clock.read()
	for _, t := range templates {
		if t.Code != code {
			continue
		}
		v, err := s.Surveys.Write(ctx, s.clerk, surveys.Draft{
			Title: t.Title, Intro: t.Intro, AudienceType: audience, AudienceID: id, Unit: t.Unit, OpensAt: now, ClosesAt: now.AddDate(0, 0, days), Questions: t.Questions,
		})
		if err != nil {
			return nil, err
		}
		return s.Surveys.Publish(ctx, s.clerk, v.ID)
	}
	return nil, fmt.Errorf("there is no questionnaire %q", code)
}

// bigEstate builds an estate of a thousand homes, which the list of owners does
// not name: 12 buildings of 3 stairwells, 6 floors, 5 homes on each.
func (s *street) bigEstate(ctx context.Context) error {
	now, year := s.clock.read(), 1996
	e := model.Estate{ID: store.NewID(), AreaCode: streetCode + "001", Name: "文峰苑", BuiltYear: &year, CreatedAt: now}
	var buildings []model.Building
	var units []model.Unit
	var homes []model.Property
	for b := 1; b <= 12; b++ {
		building := model.Building{ID: store.NewID(), EstateID: e.ID, Label: fmt.Sprint(b, "栋"), SortKey: fmt.Sprintf("%04d", b)}
		buildings = append(buildings, building)
		for u := 1; u <= 3; u++ {
			unit := model.Unit{ID: store.NewID(), EstateID: e.ID, BuildingID: building.ID, Label: fmt.Sprint(u, "单元"), SortKey: fmt.Sprintf("%04d", u)}
			units = append(units, unit)
			for floor := 6; floor >= 1; floor-- {
				for door := 1; door <= 5; door++ {
					homes = append(homes, homeIn(unit, building.Label, floor, door, now))
				}
			}
		}
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return errors.Join(tx.Create(&e).Error, tx.Create(buildings).Error, tx.Create(units).Error, tx.CreateInBatches(homes, 200).Error)
	})
}

func homeIn(u model.Unit, building string, floor, door int, now time.Time) model.Property {
	area, room := quantity.Area(7200+400*int64(door)), fmt.Sprintf("%d%02d", floor, door)
	return model.Property{
		ID: store.NewID(), EstateID: u.EstateID, BuildingID: u.BuildingID, UnitID: u.ID, Room: room, Label: building + u.Label + room,
		LabelPrinted: building + u.Label + room, SortKey: fmt.Sprintf("%04s %04s %02d %04s", building, u.Label, 99-floor, room), Floor: &floor, FloorPrinted: fmt.Sprint(floor),
		Use: model.UseResidential, Area: &area, AreaSource: model.AreaRegistered, Tenure: model.TenurePrivate, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
}

const (
	homesAsked   = "SELECT * FROM survey_homes WHERE survey_id = ? ORDER BY property_id"
	visitedThere = `UPDATE survey_homes SET visit = 'answered', visited_by = ?, visited_at = ? WHERE survey_id = ?
AND EXISTS (SELECT 1 FROM survey_responses r WHERE r.survey_id = survey_homes.survey_id AND r.party_id = survey_homes.property_id AND r.channel = 'door')`
	visitedInVain = `UPDATE survey_homes SET visit = 'nobody_home', visited_by = ?, visited_at = ? WHERE survey_id = ?
AND NOT EXISTS (SELECT 1 FROM survey_responses r WHERE r.survey_id = survey_homes.survey_id AND r.party_id = survey_homes.property_id)`
)

// answeredByMany has nine homes of ten answer, a third of them on the phone;
// written at once, for the demo is to be there quickly.
func (s *street) answeredByMany(ctx context.Context, v *model.Survey) error {
	questions, err := surveys.Questions(v)
	if err != nil {
		return err
	}
	var homes []model.SurveyHome
	if err := s.DB.Read(ctx).Raw(homesAsked, v.ID).Scan(&homes).Error; err != nil {
		return fmt.Errorf("read the homes of the survey: %w", err)
	}
	rows := make([]model.SurveyResponse, 0, len(homes))
	for i, h := range homes {
		if i%10 == 9 {
			continue
		}
		answers, err := opinion.Encode(said(questions, i))
		if err != nil {
			return err
		}
		row := model.SurveyResponse{
			ID: store.NewID(), SurveyID: v.ID, PartyID: h.PropertyID, PropertyID: h.PropertyID, EstateID: h.EstateID, BuildingID: h.BuildingID, UnitID: h.UnitID,
			FloorGroup: h.FloorGroup, Relation: []model.Relation{model.RelationOwner, model.RelationOwner, model.RelationTenant}[i/3%3], Channel: model.SurveyAtDoor,
			EnteredBy: s.clerk.ID, Answers: answers, Version: 1, AnsweredAt: s.clock.read(), UpdatedAt: s.clock.read(),
		}
		if i%3 == 0 {
			row.Channel, row.EnteredBy = model.SurveyByPhone, ""
		}
		rows = append(rows, row)
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return errors.Join(tx.CreateInBatches(rows, 200).Error,
			tx.Exec(visitedThere, s.clerk.ID, s.clock.read(), v.ID).Error, tx.Exec(visitedInVain, s.clerk.ID, s.clock.read(), v.ID).Error)
	})
}

// doorToDoor has so many of so many homes answer at the door.
func (s *street) doorToDoor(ctx context.Context, v *model.Survey, some, of int) error {
	doors, _, err := s.Surveys.Doors(ctx, s.clerk, v, surveys.DoorsAsked{Limit: 2000})
	if err != nil {
		return err
	}
	questions, err := surveys.Questions(v)
	if err != nil {
		return err
	}
	for i, d := range doors {
		reply := surveys.Reply{Visit: model.VisitNobodyHome}
		if i%of < some {
			reply = surveys.Reply{Visit: model.VisitAnswered, Relation: model.RelationOwner, Answers: said(questions, i)}
		}
		home, err := s.Surveys.HasDoor(ctx, s.clerk, v, d.PropertyID)
		if err != nil {
			return err
		}
		if _, err := s.Surveys.Enter(ctx, s.clerk, v, home, reply); err != nil {
			return err
		}
	}
	return nil
}

// said is what the i-th household answers: mostly content, and each a little
// differently.
func said(questions []opinion.Question, i int) opinion.Answers {
	answers := opinion.Answers{}
	for j := range questions {
		q := &questions[j]
		if q.Sensitive || !opinion.Shown(questions, answers)[j] {
			continue
		}
		turn := (i*(j+3) + i/7) % 11
		switch choices := q.Choices(); q.Type {
		case opinion.Satisfaction:
			answers[q.Code] = opinion.Value{Kind: opinion.Word, Text: choices[[]int{0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4}[turn]].Code}
		case opinion.Single:
			answers[q.Code] = opinion.Value{Kind: opinion.Word, Text: choices[turn*turn%len(choices)].Code}
		case opinion.Multiple, opinion.Ranking:
			first, second := turn%len(choices), (turn+1+j)%len(choices)
			answers[q.Code] = opinion.Value{Kind: opinion.List, Codes: []string{choices[first].Code}}
			if second != first {
				answers[q.Code] = opinion.Value{Kind: opinion.List, Codes: []string{choices[first].Code, choices[second].Code}}
			}
		case opinion.Scale:
			answers[q.Code] = opinion.Value{Kind: opinion.Numeral, Number: opinion.Decimal(10-turn/3) * opinion.DecimalUnit}
		case opinion.YesNo:
			answers[q.Code] = opinion.Value{Kind: opinion.Flag, Yes: turn%4 != 0}
		case opinion.Number, opinion.Text:
		}
	}
	return answers
}
