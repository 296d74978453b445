package cmd

import (
	"context"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
	"gongdi/service/projects"
	"gongdi/service/registry"
)

// renewals are two projects: one is under construction, with a problem and the
// works of tomorrow, the other was accepted and handed over.
func (s *street) renewals(ctx context.Context) error {
	county := model.Caller{Kind: model.StaffSession, Role: model.RoleCounty, AreaCode: streetCode[:6]}
	if err := s.db.Read(ctx).Raw("SELECT id FROM staff WHERE username = 'demo-county'").Row().Scan(&county.ID); err != nil {
		return err
	}
	if err := s.underConstruction(ctx, county); err != nil {
		return err
	}
	return s.handedOver(ctx, county)
}

// renewal opens a project with its works and money.
func (s *street) renewal(ctx context.Context, estate string, year int) (*model.Project, error) {
	v, err := s.Projects.Create(ctx, s.clerk, projects.Entry{
		Project: model.Project{
			EstateID: s.estates[estate], BatchYear: year, Nature: model.NatureReformed, Fund: model.HasNoFund, Total: 4_800_000_00, ResponsibleUnit: "县住房和城乡建设局", ResponsiblePerson: "演示账号",
			Party: "construction_group", Contractor: "演示建筑公司", Supervisor: "演示监理公司", Designer: "演示设计院", ManagedBefore: "无物业",
		},
		Works: []model.ProjectWork{
			{Class: model.ClassBasic, Item: "给排水管网", Unit: "米", Quantity: 1_860_00}, {Class: model.ClassBasic, Item: "屋面防水", Unit: "平方米", Quantity: 2_400_00},
			{Class: model.ClassComplete, Item: "停车位", Unit: "个", Quantity: 45_00},
		},
		Money: map[model.InvestedSource]quantity.Fen{model.OfState: 3_000_000_00, model.OfCounty: 1_500_000_00, model.OfPipelines: 300_000_00},
	})
	if err != nil {
		return nil, err
	}
	return &v.Project, nil
}

func (s *street) underConstruction(ctx context.Context, county model.Caller) error {
	const estate = "纺织厂宿舍"
	s.clock.daysAgo(20)
	year := 1992
	e, err := s.Registry.DateEstate(ctx, s.clerk, s.estates[estate], registry.Dates{BuiltYear: &year, Reason: "房产档案"})
	if err != nil {
		return err
	}
	var found []projects.Found
	for _, r := range project.Rules {
		if r.Aspect != project.BuiltBefore {
			found = append(found, projects.Found{Aspect: r.Aspect, Answer: map[bool]project.Answer{true: project.No, false: project.Yes}[r.Excludes], Words: "入户摸底排查"})
		}
	}
	if _, err := s.Projects.Find(ctx, s.clerk, e, found); err != nil {
		return err
	}
	p, err := s.renewal(ctx, estate, s.clock.read().Year())
	if err != nil {
		return err
	}
	if _, err := s.Projects.Complete(ctx, s.clerk, p, project.Survey, ""); err != nil {
		return err
	}
	if _, err := s.Projects.Complete(ctx, county, p, project.Design, "方案已经联席会议审定，表决和公示随后补齐，先行开工抢修管网"); err != nil {
		return err
	}
	today := quantity.DateOf(s.clock.read())
	planned, begun, end := today.AddDays(-6), today.AddDays(-4), today.AddDays(90)
	_, err = s.Projects.Date(ctx, s.clerk, p, map[model.Milestone]projects.Milestone{model.Started: {Planned: &planned, Actual: &begun}, model.Finished: {Planned: &end}})
	if err != nil {
		return err
	}
	for _, day := range []struct {
		ago        float64
		done, paid int
		words      string
	}{{12, 15_00, 10_00, "管沟开挖"}, {5, 32_50, 20_00, "1栋管道敷设"}, {1, 41_00, 30_00, "2栋管道敷设，屋面清理"}} {
		s.clock.daysAgo(day.ago)
		r := model.ProjectReport{OnDate: quantity.DateOf(s.clock.read()), WorksDone: day.done, Paid: day.paid, Words: day.words}
		if _, err := s.Projects.Report(ctx, s.clerk, p, r, nil); err != nil {
			return err
		}
	}
	s.clock.daysAgo(0)
	today = quantity.DateOf(s.clock.read())
	_, err = s.Projects.Raise(ctx, s.clerk, p, model.ProjectProblem{Words: "2栋门前管沟未设围挡", Owner: "演示建筑公司", DueOn: today.AddDays(2)})
	if err != nil {
		return err
	}
	unit, err := s.stairwell(ctx, estate)
	if err != nil {
		return err
	}
	for _, d := range []model.ProjectDay{
		{UnitID: unit, OnDate: today.AddDays(1), Words: "更换入户水管，九点至十二点停水"}, {OnDate: today.AddDays(1), Words: "院内道路分段开挖，车辆请停到院外"},
	} {
		if _, err := s.Projects.Announce(ctx, s.clerk, p, d); err != nil {
			return err
		}
	}
	return nil
}

func (s *street) handedOver(ctx context.Context, county model.Caller) error {
	s.clock.daysAgo(3)
	p, err := s.renewal(ctx, "东门新村", s.clock.read().Year()-1)
	if err != nil {
		return err
	}
	for _, step := range []project.Step{project.Survey, project.Design, project.Construction} {
		if _, err := s.Projects.Complete(ctx, county, p, step, "系统启用以前已按纸质材料完成"); err != nil {
			return err
		}
	}
	today := quantity.DateOf(s.clock.read())
	if err := s.finished(ctx, p, today); err != nil {
		return err
	}
	_, err = s.Projects.Accept(ctx, s.clerk, p, projects.Accepting{
		On: today.AddDays(-30), Result: model.Qualified, Opinion: "符合设计文件和合同要求，同意验收", ReportedOn: today.AddDays(-25), HandedOn: today.AddDays(-20), Receiver: "街道城建办",
	})
	if err != nil {
		return err
	}
	for kind, title := range map[model.PaperKind]string{model.AcceptancePaper: "竣工验收报告", model.HandoverPaper: "移交接管记录"} {
		if _, err := s.Projects.FilePaper(ctx, s.clerk, p, model.ProjectPaper{Kind: kind, Title: title, OnDate: today}, nil); err != nil {
			return err
		}
	}
	_, err = s.Projects.Complete(ctx, s.clerk, p, project.Acceptance, "")
	return err
}

// finished notes that all works of a project are done and three quarters paid.
func (s *street) finished(ctx context.Context, p *model.Project, today quantity.Date) error {
	ago := func(days int) *quantity.Date {
		day := today.AddDays(-days)
		return &day
	}
	_, err := s.Projects.Date(ctx, s.clerk, p, map[model.Milestone]projects.Milestone{
		model.SetUp: {Actual: ago(320)}, model.Started: {Planned: ago(230), Actual: ago(225)}, model.Finished: {Planned: ago(50), Actual: ago(45)},
	})
	if err != nil {
		return err
	}
	done, err := s.Projects.Read(ctx, p.ID)
	if err != nil {
		return err
	}
	for i := range done.Works {
		done.Works[i].Done = done.Works[i].Quantity
	}
	done.WorksDone, done.Paid = project.AllDone, 75_00
	_, err = s.Projects.Replace(ctx, s.clerk, p, done.Entry)
	return err
}
