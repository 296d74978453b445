package cmd

import (
	"bytes"
	"context"
	_ "embed" // the demo's list of owners
	"fmt"
	"io"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/identity"
	"gongdi/service/notices"
	"gongdi/service/registry"
	"gongdi/service/roster"
	"gongdi/service/voting"
	"gongdi/service/wechat/standin"
)

//go:embed demodata/roster.xlsx
var demoRoster []byte

// street is the demo's: seven estates, their owners, staff of each role, and
// votes in every state.
type street struct {
	*house
	platform  *standin.Platform
	clock     *clock
	colleague model.Caller // checks what the clerk has entered
	clerk     model.Caller
	water     model.Caller // of the department for water
	logins    []login
	estates   map[string]string         // by name
	owners    map[string][]roster.Owner // by estate and label of the home
	phones    map[string]resident       // by the owner's document number
	lift      string                    // the variant that a stairwell votes on
	scheme    *model.Scheme             // the one that an estate votes on
	first     string                    // openid of the resident whose code is shown
}

type login struct {
	role     model.Role
	username string
	password string
}

type resident struct {
	openID string
	caller model.Caller
}

// settle seeds the street, from the past to now.
func (s *street) settle(ctx context.Context) error {
	s.estates, s.owners, s.phones = map[string]string{}, map[string][]roster.Owner{}, map[string]resident{}
	s.clock.daysAgo(60)
	for _, step := range []func(context.Context) error{
		s.importRoster, s.hire, s.surveyDone, s.liftVariants, s.liftSealed, s.liftIntents, s.signHalf, s.liftSteps, s.liftMoney,
		s.schemeOpen, s.schemed, s.liftScheduled, s.surveyed, s.publicity, s.surveyClosing, s.cases, s.renewals,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	s.clock.daysAgo(0)
	return nil
}

const streetCode = "520523001"

func (s *street) importRoster(ctx context.Context) error {
	s.clerk = model.Caller{Kind: model.StaffSession, Role: model.RoleStreet, AreaCode: streetCode}
	list := bytes.NewReader(demoRoster)
	report, err := s.Registry.ImportRoster(ctx, s.clerk, list, int64(len(demoRoster)), registry.ImportOptions{AcceptValid: true})
	if err != nil {
		return err
	}
	for _, e := range report.Estates {
		s.estates[e.Name] = e.ID
	}
	_, err = roster.Read(ctx, list, int64(len(demoRoster)), roster.Options{Today: quantity.DateOf(s.clock.read()), BuiltThrough: 2000}, func(r roster.Row) error {
		s.owners[r.Estate+r.Label()] = r.Owners
		return nil
	})
	return err
}

// hire makes an account of each role.
func (s *street) hire(ctx context.Context) error {
	community := streetCode + "001"
	for _, account := range []struct {
		role model.Role
		area string
	}{
		{model.RoleStreet, streetCode}, {model.RoleCommunity, community}, {model.RoleGrid, community}, {model.RoleDepartment, streetCode},
		{model.RoleCounty, streetCode[:6]}, {model.RoleAuditor, streetCode}, {model.RoleAdmin, streetCode},
	} {
		l := login{role: account.role, username: "demo-" + string(account.role), password: "Gong-Di-2026"}
		made, err := s.Identity.CreateStaff(ctx, identity.Console, identity.NewStaff{
			Username: l.username, Role: l.role, AreaCode: account.area, Name: "演示账号", Password: l.password,
			Department: map[model.Role]string{model.RoleDepartment: waterDepartment}[l.role],
		})
		if err != nil {
			return fmt.Errorf("hire %s: %w", l.role, err)
		}
		switch l.role {
		case model.RoleStreet:
			s.clerk.ID = made.ID
		case model.RoleCommunity:
			s.colleague = model.Caller{Kind: model.StaffSession, ID: made.ID, Role: l.role, AreaCode: account.area}
		case model.RoleDepartment:
			s.water = model.Caller{Kind: model.StaffSession, ID: made.ID, Role: l.role, AreaCode: account.area, Department: waterDepartment}
		case model.RoleGrid, model.RoleCounty, model.RoleAuditor, model.RoleAdmin:
		}
		s.logins = append(s.logins, l)
	}
	return nil
}

// surveyDone is a survey of wishes that passed.
func (s *street) surveyDone(ctx context.Context) error {
	s.clock.daysAgo(40)
	now := s.clock.read()
	m, err := s.publish(ctx, "纺织厂宿舍", voting.Draft{
		Kind: model.Willingness, Title: "纺织厂宿舍老旧小区改造", OpensAt: now, ClosesAt: now.AddDate(0, 0, 14),
		Text: "您是否愿意对本小区进行老旧小区改造？请勾选您希望改造的内容。",
		Items: []model.Item{
			{Code: "water", Label: "给排水管网"}, {Code: "road", Label: "小区道路"}, {Code: "roof", Label: "屋面防水"},
			{Code: "lighting", Label: "楼道照明"}, {Code: "parking", Label: "停车位"}, {Code: "lift", Label: "加装电梯"},
		},
	})
	if err != nil {
		return err
	}
	s.clock.daysAgo(33)
	if err := s.answer(ctx, m, 8, "aaaaaaaaoab..aaa"); err != nil {
		return err
	}
	s.clock.daysAgo(22)
	return s.Voting.SealDue(ctx)
}

// liftSealed is an owners' vote that one stairwell carried.
func (s *street) liftSealed(ctx context.Context) error {
	s.clock.daysAgo(38)
	now := s.clock.read()
	unit, err := s.stairwell(ctx, "供电局家属院")
	if err != nil {
		return err
	}
	m, err := s.publish(ctx, "供电局家属院", voting.Draft{
		ScopeType: model.ScopeUnit, ScopeID: unit, Kind: model.Special, Subject: "lift", Title: "供电局家属院1栋1单元加装电梯",
		Text: "是否同意在1栋1单元加装电梯一部，方案见公示。费用分摊另行签订协议。", OpensAt: now.AddDate(0, 0, 16), ClosesAt: now.AddDate(0, 0, 30),
	})
	if err != nil {
		return err
	}
	if err := s.Lifts.Tie(ctx, s.clerk, s.lift, m.ID); err != nil {
		return err
	}
	s.clock.daysAgo(15)
	if err := s.answer(ctx, m, 4, "aaaaoaaaaa.a"); err != nil {
		return err
	}
	s.clock.daysAgo(4)
	return s.Voting.SealDue(ctx)
}

// schemeOpen is a scheme before the owners: some have voted, many doors are
// left, one paper differs from the phone.
func (s *street) schemeOpen(ctx context.Context) error {
	s.clock.daysAgo(18)
	var err error
	if s.scheme, err = s.showScheme(ctx, model.ScopeEstate, s.estates["临江花园"], estateScheme); err != nil {
		return err
	}
	m, err := s.putScheme(ctx, s.scheme)
	if err != nil {
		return err
	}
	s.clock.daysAgo(1)
	return s.answer(ctx, m, 12, "aaoa.a.a.bc.....")
}

// liftScheduled is a vote that has been announced.
func (s *street) liftScheduled(ctx context.Context) error {
	s.clock.daysAgo(0.1)
	now := s.clock.read()
	unit, err := s.stairwell(ctx, "石岭小区")
	if err != nil {
		return err
	}
	_, err = s.publish(ctx, "石岭小区", voting.Draft{
		ScopeType: model.ScopeUnit, ScopeID: unit, Kind: model.Special, Subject: "lift", Title: "石岭小区1栋1单元加装电梯",
		Text: "是否同意在1栋1单元加装电梯一部。", OpensAt: now.AddDate(0, 0, 16), ClosesAt: now.AddDate(0, 0, 30),
	})
	return err
}

// publicity is a scheme that is shown to an estate: somebody has objected on
// the phone, somebody on paper, somebody had an idea that was answered, and a meeting is
// called.
func (s *street) publicity(ctx context.Context) error {
	s.clock.daysAgo(3)
	n, err := s.Schemes.Announce(ctx, s.clerk, s.scheme, 10)
	if err != nil {
		return err
	}
	if _, err := s.Notices.Publish(ctx, s.clerk, n.ID, nil); err != nil {
		return err
	}
	s.clock.daysAgo(2)
	for _, r := range s.phones {
		if r.openID != s.first {
			continue
		}
		objection, err := s.Notices.Object(ctx, r.caller, n.ID, "停车位挡住了一楼的采光", nil)
		if err != nil {
			return err
		}
		if err := s.Notices.MoveObjection(ctx, s.clerk, n, objection.ID, model.ObjectionAccepted, "已受理，社区将上门查看"); err != nil {
			return err
		}
		idea, err := s.Notices.Suggest(ctx, r.caller, n.ID, "单元门口加一盏灯")
		if err != nil {
			return err
		}
		if err := s.Notices.AnswerSuggestion(ctx, s.clerk, n, idea.ID, model.SuggestionAdopted, "采纳，列入公共照明"); err != nil {
			return err
		}
	}
	_, err = s.Notices.EnterObjection(ctx, s.clerk, n.ID, notices.PaperObjection{Name: "一楼住户", Words: "施工不要占用绿化"})
	if err != nil {
		return err
	}
	s.clock.daysAgo(1)
	from := s.clock.read().AddDate(0, 0, 4)
	m, err := s.Notices.CallMeeting(ctx, s.clerk, notices.Call{
		Kind: model.Mobilisation, Title: "临江花园改造动员会", Place: "社区党群服务中心二楼", Agenda: "1. 介绍改造方案\n2. 现场答疑",
		AudienceType: model.ToEstate, AudienceID: s.estates["临江花园"], From: from, Until: from.Add(2 * time.Hour),
	})
	if err != nil {
		return err
	}
	if _, err := s.Notices.Publish(ctx, s.clerk, m.NoticeID, nil); err != nil {
		return err
	}
	if err := s.Notices.Deliver(ctx); err != nil {
		return err
	}
	return s.Messages.Push(ctx)
}

// surveyClosing closes tomorrow: who has not answered was reminded, but for
// one, whose reminder the platform would not take: a dead letter for the office.
func (s *street) surveyClosing(ctx context.Context) error {
	s.clock.daysAgo(12)
	now := s.clock.read()
	m, err := s.publish(ctx, "石岭小区", voting.Draft{
		Kind: model.Willingness, Title: "石岭小区老旧小区改造", OpensAt: now, ClosesAt: now.AddDate(0, 0, 13).Add(12 * time.Hour),
		Text: "您是否愿意对本小区进行老旧小区改造？",
	})
	if err != nil {
		return err
	}
	s.clock.daysAgo(10)
	if err := s.answer(ctx, m, 8, "aaoa....a......."); err != nil {
		return err
	}
	if err := s.bindSilent(ctx, m, 6); err != nil {
		return err
	}
	s.clock.daysAgo(0.1)
	if err := s.Voting.Remind(ctx); err != nil {
		return err
	}
	if err := s.platform.Fail(standin.Fault{Path: "/cgi-bin/message/subscribe/send", Errcode: 47003, Times: 1}); err != nil {
		return err
	}
	return s.Messages.Push(ctx)
}

// bindSilent lets some who have not taken part bind their homes.
func (s *street) bindSilent(ctx context.Context, m *model.Motion, most int) error {
	doors, _, err := s.Voting.DoorsOf(ctx, voting.Doors{MotionID: m.ID, Participation: voting.NotYet, Limit: most})
	for _, door := range doors {
		if _, _, err := s.bound(ctx, m, door); err != nil {
			return err
		}
	}
	return err
}

func (s *street) stairwell(ctx context.Context, estate string) (id string, err error) {
	const query = "SELECT u.id FROM units u JOIN buildings b ON b.id = u.building_id WHERE u.estate_id = ? AND b.label = ? AND u.label = ?"
	err = s.db.Read(ctx).Raw(query, s.estates[estate], "1栋", "1单元").Row().Scan(&id)
	return id, err
}

func (s *street) publish(ctx context.Context, estate string, d voting.Draft) (*model.Motion, error) {
	if d.ScopeType == "" {
		d.ScopeType, d.ScopeID = model.ScopeEstate, s.estates[estate]
	}
	m, err := s.Voting.Write(ctx, s.clerk, d)
	if err != nil {
		return nil, err
	}
	p, err := s.Voting.Publish(ctx, s.clerk, m.ID)
	return p.Motion, err
}

// answer goes from door to door by a pattern: agree, oppose, abstain on paper,
// b a phone that a paper contradicts, c a spoiled paper, . nobody home. Every
// so-many-th answers on the phone.
func (s *street) answer(ctx context.Context, m *model.Motion, phoneEvery int, pattern string) error {
	doors, _, err := s.Voting.DoorsOf(ctx, voting.Doors{MotionID: m.ID, Limit: 1000})
	if err != nil {
		return err
	}
	for i, door := range doors {
		mark := pattern[i%len(pattern)]
		if mark == '.' {
			continue
		}
		choice := map[byte]vote.Choice{'o': vote.Oppose, 'b': vote.Agree, 'c': vote.Invalid}[mark]
		if choice == "" {
			choice = vote.Agree
		}
		onPhone := mark == 'b' || i%phoneEvery == 0 && choice != vote.Invalid
		if onPhone {
			if err := s.castOnPhone(ctx, m, door, choice); err != nil {
				return err
			}
		}
		if mark == 'b' {
			choice = vote.Oppose
		}
		if !onPhone || mark == 'b' {
			if err := s.enterPaper(ctx, m, door, choice); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *street) enterPaper(ctx context.Context, m *model.Motion, door voting.Door, choice vote.Choice) error {
	p := voting.Paper{MotionID: m.ID, VoterID: door.ID, Channel: vote.Paper, Choice: choice, SignedOn: quantity.DateOf(s.clock.read())}
	if choice == vote.Invalid {
		p.InvalidReason = model.InvalidSpoiled
	} else {
		p.Items = ticked(m, door.Position)
	}
	standing, err := s.Voting.Enter(ctx, s.clerk, p)
	if err != nil || standing != vote.Unconfirmed || m.Kind == model.Ordinary && m.ScopeType == model.ScopeEstate && door.Position%5 == 0 {
		return err // some wait for the second look
	}
	_, err = s.Voting.Confirm(ctx, s.colleague, m.ID, door.ID)
	return err
}

func (s *street) castOnPhone(ctx context.Context, m *model.Motion, door voting.Door, choice vote.Choice) error {
	r, ok, err := s.bound(ctx, m, door)
	if err != nil || !ok {
		return err
	}
	e, err := s.Voting.MayCast(ctx, r.caller, m.ID, door.ID)
	if err != nil {
		return err
	}
	_, err = s.Voting.Cast(ctx, r.caller, e, voting.Vote{MotionID: m.ID, VoterID: door.ID, Choice: choice, Items: ticked(m, door.Position)})
	return err
}

func ticked(m *model.Motion, n int) []string {
	var codes []string
	for i, item := range m.Items {
		if (n*11+i)%(i+4) > 1 { // each item is wished for by another share
			codes = append(codes, item.Code)
		}
	}
	return codes
}

// bound is an owner of the door's first home, logged in and bound to it; there
// is none where the list knows no owner with a number.
func (s *street) bound(ctx context.Context, m *model.Motion, door voting.Door) (resident, bool, error) {
	var estate string
	if err := s.db.Read(ctx).Raw("SELECT name FROM estates WHERE id = ?", m.EstateID).Row().Scan(&estate); err != nil {
		return resident{}, false, err
	}
	home := door.Properties[0]
	owners := s.owners[estate+home.Label]
	if len(owners) == 0 || !owners[0].DocumentSound {
		return resident{}, false, nil
	}
	owner := owners[0]
	r, known := s.phones[owner.Document]
	if !known {
		r.openID = fmt.Sprintf("demo-resident-%03d", len(s.phones)+1)
		_, person, err := s.Identity.EnterWechat(ctx, s.platform.LoginCode(r.openID), "演示手机")
		if err != nil {
			return resident{}, false, err
		}
		r.caller = model.Caller{Kind: model.ResidentSession, ID: person.ID}
		s.phones[owner.Document] = r
	}
	version, _ := s.Identity.Privacy()
	_, err := s.Registry.Bind(ctx, r.caller, registry.BindRequest{
		PropertyID: home.PropertyID, Name: owner.Name, IDLast6: owner.Document[len(owner.Document)-6:],
		Relation: model.RelationOwner, PrivacyVersion: version,
	})
	if s.first == "" || m.Kind == model.Ordinary && m.ScopeType == model.ScopeEstate {
		s.first = r.openID
	}
	return r, err == nil, err
}

// greet prints what a newcomer needs.
func (s *street) greet(w io.Writer, api, platform string) error {
	out := &printer{to: w}
	out.line("Gongdi 共缔 demo")
	out.line("  API              http://%s", api)
	out.line("  description      http://%s/docs", api)
	out.line("  WeChat stand-in  %s/_standin/", platform)
	out.line("")
	out.line("A resident, an owner in 临江花园 whose scheme is before the owners (the code serves once, for five minutes):")
	out.line("  code             %s", s.platform.LoginCode(s.first))
	out.line("  another code     curl -s %s/_standin/codes -d '{\"openid\":\"%s\"}'", platform, s.first)
	out.line("")
	out.line("The office:")
	for _, l := range s.logins {
		out.line("  %-12s     %s  %s", l.role, l.username, l.password)
	}
	out.line("")
	out.line("Seeded at %s; Ctrl-C ends the demo and deletes its data.", s.clock.read().In(quantity.Shanghai).Format(time.DateTime))
	return out.err
}
