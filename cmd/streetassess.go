package cmd

import (
	"context"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/assess"
)

// assess freezes last month's table of departments and communities; one of them
// objects, is heard, and the table is frozen again. Both versions are printed
// as circulars.
func (s *street) assess(ctx context.Context) error {
	today := quantity.DateOf(s.clock.read())
	lastDay := (today[:8] + "01").AddDays(-1)
	month, err := assess.ParsePeriod(string(lastDay[:7]))
	if err != nil {
		return err
	}
	water := model.Assessed{UnitKind: assess.Department, UnitCode: waterDepartment}
	community := model.Assessed{UnitKind: assess.Community, UnitCode: streetCode + "001"}
	_, err = s.Assessment.NoteVisit(ctx, s.clerk, model.SupervisionVisit{Assessed: community, HeldOn: month.From.AddDays(7), Place: "临江花园", DueOn: month.From.AddDays(17)}, "公示栏未及时更新", nil)
	if err != nil {
		return err
	}
	for _, item := range []model.AssessmentItem{
		{Assessed: water, Points: -2_00, Reason: "联席会议缺席一次"}, {Assessed: community, Points: 1_50, Reason: "居民动员会到会率高"},
	} {
		if _, err := s.Assessment.AddItem(ctx, s.clerk, month, item); err != nil {
			return err
		}
	}
	if err := s.Assessment.Freeze(ctx, s.clerk, month, ""); err != nil {
		return err
	}
	if err := s.Assessment.Object(ctx, s.water, month, "当日有抢修任务，会前已请假"); err != nil {
		return err
	}
	frozen, err := s.Assessment.Table(ctx, s.clerk, month, 0)
	if err != nil {
		return err
	}
	for _, line := range frozen.Lines {
		if line.Objection == nil {
			continue
		}
		if err := s.Assessment.Answer(ctx, s.clerk, line.Objection, "请假属实，予以更正", true); err != nil {
			return err
		}
	}
	if _, err := s.Assessment.AddItem(ctx, s.clerk, month, model.AssessmentItem{Assessed: water, Points: 2_00, Reason: "异议成立，恢复缺席扣分"}); err != nil {
		return err
	}
	return s.Assessment.Freeze(ctx, s.clerk, month, "水务局异议成立")
}
