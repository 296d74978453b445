package cmd

import (
	"context"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/scheme"
	"gongdi/service/schemes"
)

// demoScheme is a scheme of the demo: its contents with quantities in
// hundredths, and the money by source.
type demoScheme struct {
	title, coverage, focus string
	lines                  []scheme.Line
	funds                  []model.SchemeFund
}

func plannedLine(code string, hundredths int64, estimate quantity.Fen) scheme.Line {
	return scheme.Line{Code: code, State: scheme.Planned, Quantity: hundredths, Estimate: estimate}
}

func (d demoScheme) draft(from quantity.Date, reason string) schemes.Draft {
	return schemes.Draft{
		Title: d.title, Coverage: d.coverage, Focus: d.focus, Measures: "先地下后地上，分段施工，每天公布次日安排", StartsOn: from, EndsOn: from.AddDays(180),
		Lines: d.lines, Funds: d.funds, Reason: reason,
	}
}

var (
	estateScheme = demoScheme{
		"临江花园改造方案", "全部楼栋和公共区域", "给排水管网、屋面和消防",
		[]scheme.Line{
			plannedLine("water", 620_00, 310_000_00), plannedLine("drainage", 860_00, 520_000_00), plannedLine("roof", 2_400_00, 480_000_00),
			plannedLine("road", 1_800_00, 360_000_00), plannedLine("fire", 6_00, 90_000_00), plannedLine("parking", 45_00, 135_000_00),
		},
		[]model.SchemeFund{
			{Source: model.Fiscal, Ground: model.GroundInfrastructure, Amount: 1_600_000_00, Note: "中央和省级补助"},
			{Source: model.FromPipelines, Content: "water", Amount: 160_000_00}, {Source: model.FromCapital, Content: "parking", Amount: 135_000_00},
		},
	}
	buildingScheme = demoScheme{
		"供电局家属院1栋改造方案", "1栋屋面和楼梯间", "屋面防水",
		[]scheme.Line{plannedLine("roof", 460_00, 92_000_00), plannedLine("stairs", 180_00, 36_000_00)},
		[]model.SchemeFund{
			{Source: model.Fiscal, Ground: model.GroundNoFund, Amount: 90_000_00}, {Source: model.FromOriginalUnit, Content: "stairs", Amount: 36_000_00}, {Source: model.Cash, Content: "roof", Amount: 2_000_00},
		},
	}
	unitScheme = demoScheme{
		"石岭小区1栋1单元改造方案", "1单元楼梯间", "照明和扶手",
		[]scheme.Line{plannedLine("stairs", 60_00, 12_000_00)},
		[]model.SchemeFund{{Source: model.CommonIncome, Amount: 6_000_00}, {Source: model.Donation, Amount: 2_000_00}},
	}
)

// schemed are schemes at the three levels: a building's that its owners have
// passed, a stairwell's in two versions; the estate's is before the owners.
func (s *street) schemed(ctx context.Context) error {
	if err := s.buildingPassed(ctx); err != nil {
		return err
	}
	s.clock.daysAgo(5)
	unit, err := s.stairwell(ctx, "石岭小区")
	if err != nil {
		return err
	}
	shown, err := s.showScheme(ctx, model.ScopeUnit, unit, unitScheme)
	if err != nil {
		return err
	}
	s.clock.daysAgo(1)
	second := unitScheme
	second.lines = append([]scheme.Line{plannedLine("lighting", 14_00, 4_200_00)}, second.lines...)
	_, err = s.Schemes.Revise(ctx, s.clerk, shown.ID, second.draft(quantity.DateOf(s.clock.read()).AddDays(30), "采纳居民建议，增加楼道照明"))
	return err
}

func (s *street) buildingPassed(ctx context.Context) error {
	s.clock.daysAgo(38)
	var building string
	err := s.db.Read(ctx).Raw("SELECT id FROM buildings WHERE estate_id = ? AND label = '1栋'", s.estates["供电局家属院"]).Row().Scan(&building)
	if err != nil {
		return err
	}
	shown, err := s.showScheme(ctx, model.ScopeBuilding, building, buildingScheme)
	if err != nil {
		return err
	}
	m, err := s.putScheme(ctx, shown)
	if err != nil {
		return err
	}
	s.clock.daysAgo(15)
	if err := s.answer(ctx, m, 4, "aaaaaaaoaaaa."); err != nil {
		return err
	}
	s.clock.daysAgo(4)
	return s.Voting.SealDue(ctx)
}

// showScheme makes a scheme and publishes its first version.
func (s *street) showScheme(ctx context.Context, kind model.ScopeType, place string, d demoScheme) (*model.Scheme, error) {
	made, err := s.Schemes.Create(ctx, s.clerk, kind, place, d.draft(quantity.DateOf(s.clock.read()).AddDays(60), ""))
	if err != nil {
		return nil, err
	}
	shown, err := s.Schemes.Publish(ctx, s.clerk, made.Scheme.ID)
	if err != nil {
		return nil, err
	}
	return &shown.Scheme, nil
}

// putScheme puts the published version to the owners, with time to read it first.
func (s *street) putScheme(ctx context.Context, shown *model.Scheme) (*model.Motion, error) {
	now := s.clock.read()
	m, err := s.Schemes.Put(ctx, s.clerk, shown, schemes.Vote{Kind: model.Ordinary, OpensAt: now.AddDate(0, 0, 16), ClosesAt: now.AddDate(0, 0, 30)})
	if err != nil {
		return nil, err
	}
	p, err := s.Voting.Publish(ctx, s.clerk, m.ID)
	return p.Motion, err
}
