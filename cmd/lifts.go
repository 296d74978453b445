package cmd

import (
	"bytes"
	"context"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/share"
	"gongdi/service/lifts"
	"gongdi/service/notices"
)

// liftVariants are three ways to pay for one lift, and what a stairwell has
// made of the first: it was voted on, and half of those who pay have signed.
func (s *street) liftVariants(ctx context.Context) error {
	s.clock.daysAgo(39)
	unit, err := s.stairwell(ctx, "供电局家属院")
	if err != nil {
		return err
	}
	for _, v := range []struct {
		title   string
		sharing share.Sharing
	}{
		{"方案一：按楼层系数", share.Sharing{Mode: share.Coefficient, Coefficients: map[int]int64{1: 0, 2: 50, 3: 100, 4: 110, 5: 120, 6: 130, 7: 140}}},
		{"方案二：系数乘以面积", share.Sharing{Mode: share.CoefficientArea, Coefficients: map[int]int64{1: 0, 2: 50, 3: 100, 4: 110, 5: 120, 6: 130, 7: 140}}},
		{"方案三：参加的各户均摊", share.Sharing{Mode: share.Equal}},
	} {
		p, err := s.Lifts.Create(ctx, s.clerk, lifts.Draft{UnitID: unit, Title: v.title, Terms: demoTerms(v.sharing)})
		if err != nil {
			return err
		}
		if s.lift == "" {
			s.lift = p.Plan.ID
		}
	}
	return nil
}

func demoTerms(sharing share.Sharing) model.LiftTerms {
	return model.LiftTerms{
		Bill:    share.Bill{Cost: 45_000_000, Subsidy: share.Subsidy{Grant: share.FixedGrant, Amount: 10_000_000, LeastFloors: 4}},
		Items:   []model.CostItem{{Name: "电梯设备", Fen: 18_000_000}, {Name: "井道和土建", Fen: 20_000_000}, {Name: "管线迁改", Fen: 4_000_000}, {Name: "设计、检验和其他", Fen: 3_000_000}},
		Sharing: sharing,
		Running: model.LiftRunning{Yearly: 720_000},
	}
}

// liftIntents is what the homes with a phone said before there was a plan.
func (s *street) liftIntents(ctx context.Context) error {
	s.clock.daysAgo(45)
	unit, err := s.stairwell(ctx, "供电局家属院")
	if err != nil {
		return err
	}
	for _, r := range s.phones {
		ties, err := s.Lifts.TiesTo(ctx, r.caller, unit)
		if err != nil {
			continue // lives elsewhere
		}
		most := quantity.Fen(3_000_000)
		said := model.LiftIntent{Stance: model.StanceWant, WillPay: model.WouldPay, MaxFen: &most, Concerns: []model.Concern{model.ConcernCost}}
		if err := s.Lifts.Say(ctx, r.caller, &ties[0], said); err != nil {
			return err
		}
	}
	return nil
}

// signHalf has every other home that pays sign the cost agreement, on the
// phone where the owner has one here, and else on paper.
func (s *street) signHalf(ctx context.Context) error {
	s.clock.daysAgo(3)
	p, err := s.Lifts.PlanOf(ctx, s.clerk, s.lift)
	if err != nil {
		return err
	}
	read, err := s.Lifts.Read(ctx, p, 0)
	if err != nil {
		return err
	}
	paying := 0
	for _, own := range read.Shares {
		if own.Fen == 0 {
			continue
		}
		if paying++; paying%2 == 0 {
			continue
		}
		d := lifts.Declaration{PropertyID: own.PropertyID, Version: p.Version, Kind: model.LiftAgreement, Accept: true, SignedOn: quantity.DateOf(s.clock.read())}
		if err := s.signHome(ctx, p, d); err != nil {
			return err
		}
	}
	return nil
}

// liftSteps walks the official steps as far as they go: three are done, and two
// wait for what their gates ask: signatures, and the end of the publicity.
func (s *street) liftSteps(ctx context.Context) error {
	s.clock.daysAgo(2.5)
	p, err := s.Lifts.PlanOf(ctx, s.clerk, s.lift)
	if err != nil {
		return err
	}
	n, err := s.Notices.Write(ctx, s.clerk, notices.Draft{
		Kind: model.Publicity, Subject: "lift_scheme", Title: p.UnitLabel + "加装电梯方案公示", PublicityDays: 10, AudienceType: model.ToUnit, AudienceID: p.UnitID,
		AboutType: "lift_plan", AboutID: p.ID, AboutVersion: p.Version, Body: "## 方案\n\n加装电梯一部，概算 45 万元，补贴 10 万元，各户出资见分摊表。\n\n有异议的，请在公示期内提出。",
	})
	if err != nil {
		return err
	}
	if _, err := s.Notices.Publish(ctx, s.clerk, n.ID, nil); err != nil {
		return err
	}
	state, err := s.Lifts.StateOf(ctx, p, 0)
	if err != nil {
		return err
	}
	var scheme bytes.Buffer
	if err := s.Lifts.PrintAgreement(state, &scheme); err != nil {
		return err
	}
	paper, err := s.Files.Upload(ctx, s.clerk, &scheme)
	if err != nil {
		return err
	}
	today := quantity.DateOf(s.clock.read())
	for _, step := range []struct {
		row    model.LiftStep
		papers []string
	}{
		{row: model.LiftStep{Step: "intents", BegunOn: today.AddDays(-43), DoneOn: today.AddDays(-37), Note: "楼栋长逐户征询"}},
		{model.LiftStep{Step: "scheme", BegunOn: today.AddDays(-37), DoneOn: today.AddDays(-36), Note: "三个方案比选"}, []string{paper.ID}},
		{row: model.LiftStep{Step: "vote", BegunOn: today.AddDays(-36), DoneOn: today.AddDays(-1)}},
		{row: model.LiftStep{Step: "agreement", BegunOn: today.AddDays(-1)}},
		{row: model.LiftStep{Step: "publicity", BegunOn: today}},
	} {
		if _, err := s.Lifts.Walk(ctx, s.clerk, p.ID, step.row, step.papers); err != nil {
			return err
		}
	}
	return nil
}

func (s *street) signHome(ctx context.Context, p *model.LiftPlan, d lifts.Declaration) error {
	for _, r := range s.phones {
		if tie, err := s.Lifts.TieTo(ctx, r.caller, p.UnitID, d.PropertyID); err == nil {
			_, err = s.Lifts.Sign(ctx, r.caller, p.ID, tie, d)
			return err
		}
	}
	if _, err := s.Lifts.Enter(ctx, s.clerk, p.ID, d); err != nil {
		return err
	}
	_, err := s.Lifts.Confirm(ctx, s.colleague, p.ID, d.PropertyID, d.Kind)
	return err
}
