package county

import (
	"encoding/json"
	"fmt"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/vote"
	"gongdi/service/store"
	"gongdi/service/voting"
)

const (
	window   = 14 // days of a vote
	counting = 3  // days after it
)

// vote puts a survey of wishes to all homes that began so many days ago; a
// sealed one was over before the end.
func (b *builder) vote(r *rows, daysAgo int, sealed bool) {
	opens := b.before(daysAgo)
	m := model.Motion{
		ID: store.NewID(), AreaCode: r.estate.AreaCode, EstateID: r.estate.ID, ScopeType: model.ScopeEstate, ScopeID: r.estate.ID, ScopeLabel: r.estate.Name,
		Kind: model.Willingness, Subject: "other", Title: r.estate.Name + "改造意愿", Text: "是否愿意改造？", Items: []model.Item{}, IncludeUses: []model.Use{},
		QuorumNum: 2, QuorumDen: 3, ApprovalNum: 2, ApprovalDen: 3, AgreeBase: vote.Participants, LiveTally: model.LiveParticipation, PaperCheck: model.PaperSingle,
		OpensAt: opens, ClosesAt: opens.AddDate(0, 0, window), CountUntil: opens.AddDate(0, 0, window+counting), Stage: model.StagePublished, PublishedAt: &opens,
		CreatedAt: opens, UpdatedAt: opens, RollHeads: int64(len(r.homes)),
	}
	if sealed {
		m.Stage, m.SealedAt, m.UpdatedAt = model.StageSealed, &m.CountUntil, m.CountUntil
	} else {
		m.ClosesAt, m.CountUntil = m.ClosesAt.AddDate(0, 0, window), m.CountUntil.AddDate(0, 0, window)
	}
	var totals vote.Totals
	come := 3 + b.chance.IntN(7) // of ten
	for i := range r.homes {
		v := b.voter(r, &m, i, come, sealed)
		one := vote.Count{Heads: 1, Area: v.Area}
		m.RollArea += v.Area
		totals.Roll = totals.Roll.Add(one)
		switch v.Choice {
		case vote.Agree:
			totals.Agree = totals.Agree.Add(one)
		case vote.Oppose:
			totals.Oppose = totals.Oppose.Add(one)
		case vote.Abstain, vote.Invalid, "":
		}
	}
	r.motions = append(r.motions, m)
	if !sealed {
		return
	}
	tally, err := json.Marshal(&voting.Tally{Status: model.StatusClosed, AsOf: *m.SealedAt, Rule: m.Rule(), Totals: totals, Result: m.Rule().Decide(totals), Open: true})
	if err != nil {
		panic(err) // numbers and words only
	}
	r.results = append(r.results, model.Result{MotionID: m.ID, SealedAt: *m.SealedAt, Tally: string(tally)})
}

func (b *builder) voter(r *rows, m *model.Motion, i, come int, sealed bool) *model.RollVoter {
	home := &r.homes[i]
	building, unit := r.buildings[i/40].Label, r.units[i/20].Label
	v := model.RollVoter{MotionID: m.ID, ID: store.NewID(), Position: i + 1, Ref: fmt.Sprintf("%s-%d", m.ID[18:], i), Building: building, Unit: unit, OwnersMasked: "某*", Area: *home.Area}
	at := m.OpensAt.Add(time.Duration(b.chance.IntN(window*24)) * time.Hour)
	if b.chance.IntN(10) < come && at.Before(b.size.Until) {
		v.Choice, v.Channel, v.Version, v.CurrentVersion = vote.Agree, vote.Online, 1, 1
		if b.chance.IntN(6) == 0 {
			v.Choice = vote.Oppose
		}
		r.ballots = append(r.ballots, model.Ballot{
			MotionID: m.ID, VoterID: v.ID, Version: 1, ID: store.NewID(), Channel: vote.Online, Choice: v.Choice, Items: []string{}, CastAt: at, Standing: vote.Counted, Area: v.Area,
		})
	}
	if b.chance.IntN(10) < 5 {
		r.deliveries = append(r.deliveries, model.Delivery{ID: store.NewID(), MotionID: m.ID, VoterID: v.ID, Way: model.Handed, Proven: true, At: m.OpensAt})
	}
	if !sealed {
		r.rolled = append(r.rolled, model.RollProperty{
			MotionID: m.ID, PropertyID: home.ID, VoterID: v.ID, Position: i + 1, Label: home.Label, Building: building, Unit: unit, Use: home.Use, Area: home.Area, AreaSource: home.AreaSource,
		})
	}
	r.voters = append(r.voters, v)
	return &r.voters[len(r.voters)-1]
}

var departments = []struct{ category, code, name string }{
	{"water_drain_works", "water", "县水务局"}, {"lift", "market_regulation", "县市场监管局"}, {"other", "street", "鼓场街道办事处"}, {"greening", "urban_management", "县综合行政执法局"},
}

// complain files a case for each fourth home, over the year.
func (b *builder) complain(r *rows) {
	for range len(r.homes) / 4 {
		at, what := b.before(1+b.chance.IntN(350)), departments[b.chance.IntN(len(departments))]
		b.cases++
		c := model.Complaint{
			ID: store.NewID(), Number: fmt.Sprintf("9%s%07d", r.estate.AreaCode[6:9], b.cases), AreaCode: r.estate.AreaCode, EstateID: r.estate.ID, Building: r.buildings[0].Label,
			Kind: model.Complaining, Channel: model.ByMiniProgram, CategoryCode: what.category, DepartmentCode: what.code, DepartmentName: what.name, Clause: "负责",
			Status: complaint.Archived, FiledAt: at, DueFrom: at, AcceptDueAt: at.AddDate(0, 0, 1), DueAt: at.AddDate(0, 0, 7), FirstDueAt: at.AddDate(0, 0, 7),
			FiledMonth: string(quantity.DateOf(at))[:7], UpdatedAt: at, ResolveDays: 5, Stars: b.chance.IntN(6),
		}
		answered := at.Add(time.Duration(b.chance.IntN(240)) * time.Hour)
		if answered.Before(b.size.Until) && b.chance.IntN(20) > 0 {
			c.AnsweredAt, c.DaysTaken, c.UpdatedAt = &answered, int(answered.Sub(at).Hours()/24), answered
		} else {
			c.Status, c.Stars = complaint.InProgress, 0
		}
		r.cases = append(r.cases, c)
	}
}

// pay has some homes pledge, and half of them pay.
func (b *builder) pay(r *rows) {
	for i := range min(4, len(r.homes)) {
		at, home := b.before(2+b.chance.IntN(300)), &r.homes[i]
		amount := quantity.Fen(50_000 + 100*b.chance.IntN(1500))
		p := model.Pledge{
			ID: store.NewID(), PurposeType: model.ForEstate, PurposeID: r.estate.ID, EstateID: r.estate.ID, AreaCode: r.estate.AreaCode, Contributor: "household",
			PropertyID: home.ID, Label: home.Label, Stage: model.PledgeMade, CreatedAt: at, UpdatedAt: at,
		}
		p.Slot = p.ID
		source := []model.Source{model.Cash, model.HousingFund, model.Donation}[b.chance.IntN(3)]
		r.pledges, r.parts = append(r.pledges, p), append(r.parts, model.PledgePart{PledgeID: p.ID, Source: source, Amount: amount})
		if i%2 > 0 {
			continue
		}
		v := model.Voucher{
			ID: store.NewID(), PurposeType: p.PurposeType, PurposeID: p.PurposeID, EstateID: p.EstateID, AreaCode: p.AreaCode, Kind: model.Receipt, Source: source, PledgeID: p.ID,
			PropertyID: p.PropertyID, Amount: amount, OnDate: quantity.DateOf(at), Reference: "模拟", Stage: "booked", EnteredAt: at, CheckedAt: &at,
		}
		v.Slot = v.ID
		line := model.LedgerLine{
			VoucherID: v.ID, Position: 1, PurposeType: p.PurposeType, PurposeID: p.PurposeID, EstateID: p.EstateID, AreaCode: p.AreaCode, Account: model.Assets, Source: source,
			Debit: amount, OnDate: v.OnDate, PledgeID: p.ID, At: at,
		}
		other := line
		other.Position, other.Account, other.Debit, other.Credit = 2, model.Funds, 0, amount
		r.vouchers, r.lines = append(r.vouchers, v), append(r.lines, line, other)
	}
}
