package voting_test

import (
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/voting"
)

// meeting is a motion put to the owners or households of an estate.
type meeting struct {
	*office
	e      *estate
	m      *model.Motion
	voters map[string]string // ids by place
}

// proposal is a draft that can be published without a remark.
func (o *office) proposal(e *estate) voting.Draft {
	now := o.clock.Now()
	return voting.Draft{
		ScopeType: model.ScopeEstate, ScopeID: e.id, Kind: model.Special, Title: "加装电梯", Text: "是否同意？",
		OpensAt: now.Add(15 * day), ClosesAt: now.Add(25 * day), PaperCheck: model.PaperSingle,
	}
}

func survey(d *voting.Draft)  { d.Kind = model.Willingness }
func plainly(d *voting.Draft) { d.Kind = model.Ordinary }
func twice(d *voting.Draft)   { d.PaperCheck = model.PaperDouble }
func shown(d *voting.Draft)   { d.LiveTally = model.LiveFull }

func wishes(d *voting.Draft) {
	d.Items = []model.Item{{Code: "lift", Label: "加装电梯"}, {Code: "pipes", Label: "管网"}}
}

func (o *office) draft(e *estate, changes ...func(*voting.Draft)) *model.Motion {
	o.t.Helper()
	d := o.proposal(e)
	for _, change := range changes {
		change(&d)
	}
	m, err := o.Write(o.ctx, clerk, d)
	o.must(err)
	return m
}

// announce publishes a motion.
func (o *office) announce(e *estate, changes ...func(*voting.Draft)) *meeting {
	o.t.Helper()
	p, err := o.Publish(o.ctx, clerk, o.draft(e, changes...).ID)
	o.must(err)
	return o.meet(e, p.Motion)
}

// open publishes a motion and waits for its opening.
func (o *office) open(e *estate, changes ...func(*voting.Draft)) *meeting {
	o.t.Helper()
	b := o.announce(e, changes...)
	o.clock.set(b.m.OpensAt)
	return b
}

func (o *office) meet(e *estate, m *model.Motion) *meeting {
	o.t.Helper()
	b := &meeting{office: o, e: e, m: m, voters: map[string]string{}}
	byProperty := map[string]string{}
	for _, p := range b.properties() {
		byProperty[p.PropertyID] = p.VoterID
	}
	for at, id := range e.properties {
		if voter, ok := byProperty[id]; ok {
			b.voters[at] = voter
		}
	}
	return b
}

func (b *meeting) properties() []model.RollProperty {
	b.t.Helper()
	var rows []model.RollProperty
	b.must(b.db.Read(b.ctx).Where("motion_id = ?", b.m.ID).Order("position").Find(&rows).Error)
	return rows
}

func (b *meeting) roll() []model.RollVoter {
	b.t.Helper()
	var rows []model.RollVoter
	b.must(b.db.Read(b.ctx).Where("motion_id = ?", b.m.ID).Order("position").Find(&rows).Error)
	return rows
}

// voter is a home's row of the roll.
func (b *meeting) voter(at string) model.RollVoter {
	b.t.Helper()
	var row model.RollVoter
	b.must(b.db.Read(b.ctx).Where("motion_id = ? AND id = ?", b.m.ID, b.voters[at]).Take(&row).Error)
	return row
}

// versions are all versions of a home's ballot.
func (b *meeting) versions(at string) []model.Ballot {
	b.t.Helper()
	var rows []model.Ballot
	b.must(b.db.Read(b.ctx).Where("motion_id = ? AND voter_id = ?", b.m.ID, b.voters[at]).Order("version").Find(&rows).Error)
	return rows
}

func (b *meeting) ballot(at string, choice vote.Choice) voting.Vote {
	return voting.Vote{MotionID: b.m.ID, VoterID: b.voters[at], Choice: choice}
}

// try casts as the API does: who may, then the ballot.
func (b *meeting) try(who model.Caller, v voting.Vote) (voting.Cast, error) {
	e, err := b.MayCast(b.ctx, who, v.MotionID, v.VoterID)
	if err != nil {
		return voting.Cast{}, err
	}
	return b.Cast(b.ctx, who, e, v)
}

// cast is a home's first owner on the phone.
func (b *meeting) cast(at string, choice vote.Choice) voting.Cast {
	b.t.Helper()
	c, err := b.try(b.e.of(at), b.ballot(at, choice))
	b.must(err)
	return c
}

func (b *meeting) paper(at string, choice vote.Choice) voting.Paper {
	p := voting.Paper{
		MotionID: b.m.ID, VoterID: b.voters[at], Channel: vote.Paper, Choice: choice,
		SignedOn: quantity.DateOf(*b.m.PublishedAt),
	}
	if choice == vote.Invalid {
		p.InvalidReason = model.InvalidSpoiled
	}
	return p
}

// enter types a home's paper in.
func (b *meeting) enter(at string, choice vote.Choice, changes ...func(*voting.Paper)) vote.Standing {
	b.t.Helper()
	p := b.paper(at, choice)
	for _, change := range changes {
		change(&p)
	}
	standing, err := b.Enter(b.ctx, clerk, p)
	b.must(err)
	return standing
}

func because(reason string) func(*voting.Paper) {
	return func(p *voting.Paper) { p.Reason = reason }
}

// shall enters a paper and wants a standing, and what then counts.
func (b *meeting) shall(at string, choice vote.Choice, want vote.Standing, counts vote.Choice) {
	b.t.Helper()
	if got := b.enter(at, choice, because("补录")); got != want {
		b.t.Errorf("the paper stands %s, want %s", got, want)
	}
	if got := b.voter(at).Choice; got != counts {
		b.t.Errorf("%q counts, want %q", got, counts)
	}
}

func (b *meeting) count() *voting.Tally {
	b.t.Helper()
	t, err := b.Tally(b.ctx, b.m.ID)
	b.must(err)
	return t
}

// reread is the motion as it is kept now.
func (b *meeting) reread() *model.Motion {
	b.t.Helper()
	m, err := b.Of(b.ctx, clerk, b.m.ID)
	b.must(err)
	return m
}

// sealedResult is the signed text of a result, whose signature holds.
func (b *meeting) sealedResult() evidence.Sealed {
	b.t.Helper()
	var r model.Result
	b.must(b.db.Read(b.ctx).Where("motion_id = ?", b.m.ID).Take(&r).Error)
	key, err := evidence.ParsePublicKey(r.PublicKey)
	b.must(err)
	if !key.Signed([]byte(r.SealedText), r.Signature) {
		b.t.Fatal("the signature does not hold")
	}
	sealed, err := evidence.ParseSealed(r.SealedText)
	b.must(err)
	return sealed
}

// finish waits until counting is over and seals.
func (b *meeting) finish() *voting.Tally {
	b.t.Helper()
	b.clock.set(b.reread().CountUntil)
	b.must(b.SealDue(b.ctx))
	return b.count()
}

func at(t time.Time) func(*voting.Paper) {
	return func(p *voting.Paper) { p.ReceivedAt = &t }
}
