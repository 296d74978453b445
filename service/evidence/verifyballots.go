package evidence

import (
	"slices"
	"strconv"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

// ballotLines goes through every line, and then through each voter's versions.
func (c *check) ballotLines() {
	areas := c.stages()
	offered := map[string]bool{}
	for _, item := range c.sealed.Motion.Items {
		offered[item.Code] = true
	}
	for i := range c.ballots {
		l, where := &c.ballots[i], line(ballotsFile, c.ballotAt[i])
		if i > 0 && c.ballots[i-1].Compare(l.Version) > 0 {
			c.found.add("ballot_order", where, "表决票没有按时间、编号、版本排列")
		}
		had, known := areas[l.Ref]
		switch {
		case !known:
			c.found.add("voter_unknown", where, "名册上没有这个表决人：%s", short(l.Ref))
		case !slices.Contains(had, l.Area):
			c.found.add("area_differs", where, "%s面积与名册不符：名册为 %s，票上为 %s 平方米", of(l), had[0], l.Area)
		}
		if slices.ContainsFunc(l.Items, func(code string) bool { return !offered[code] }) {
			c.found.add("item_unknown", where, "%s勾选了事项中没有的内容", of(l))
		}
		c.ballotLine(l, where)
	}
	voters := byVoter(c.ballots)
	for i := range c.ballots { // in the order of the file, so that reports are the same twice
		if versions := voters[c.ballots[i].Ref]; versions != nil {
			c.versions(versions)
			delete(voters, c.ballots[i].Ref)
		}
	}
}

func (c *check) ballotLine(l *BallotLine, where string) {
	if digest := l.Digest(); digest != l.Recorded {
		c.found.add("ballot_changed", where, "%s内容与记录时的摘要不符：记录为 %s，实际为 %s", of(l), short(l.Recorded), digest)
	}
	if l.MotionID != c.sealed.Motion.ID {
		c.found.add("ballot_of_other_motion", where, "%s是另一个事项的票", of(l))
	}
	if !plausible(l.Version) {
		c.found.add("ballot_value", where, "%s渠道、选择、无效原因或者所确认的版本不合规定", of(l))
	}
	c.window(l, where)
	if e := l.Entry(); !e.Phone && l.Confirms == 0 && l.Choice != vote.Invalid {
		c.paper(l, where)
	}
}

// plausible says whether a version can have been recorded at all.
func plausible(v Version) bool {
	known := v.Version > 0 && slices.Contains([]vote.Channel{vote.Online, vote.Paper, vote.Proxy}, v.Channel) &&
		slices.Contains([]vote.Choice{vote.Agree, vote.Oppose, vote.Abstain, vote.Invalid}, v.Choice)
	if v.Word != vote.Ballot {
		return known && plausibleWord(v)
	}
	if v.Confirms != 0 {
		return known && 0 < v.Confirms && v.Confirms < v.Version
	}
	if v.Choice == vote.Invalid {
		return known && v.Channel != vote.Online && slices.Contains(model.Enterable, v.InvalidReason)
	}
	return known && v.InvalidReason == model.InvalidNone
}

// plausibleWord is plausible for a version that says something on another.
func plausibleWord(v Version) bool {
	earlier := 0 < v.Confirms && v.Confirms < v.Version
	switch v.Word {
	case vote.Dispute:
		return v.Confirms == 0 && v.Channel == vote.Online && v.Choice == vote.Invalid && v.InvalidReason == model.InvalidDisputed
	case vote.Withdraw, vote.Keep:
		return earlier
	case vote.Retract:
		return earlier && v.Channel != vote.Online
	case vote.Settle:
		return earlier && v.Channel == vote.Paper && v.Choice != vote.Invalid && v.InvalidReason == model.InvalidNone
	case vote.Ballot:
	}
	return false
}

// window holds the instant of recording against the motion's own: a ballot on
// the phone, and a co-owner's dispute, from its opening inclusive to its close
// exclusive; paper, checks, settlements and the owner's word on a conflict from
// publication until counting ends; nothing after the seal.
func (c *check) window(l *BallotLine, where string) {
	m := c.sealed.Motion
	from, to := m.PublishedAt, m.CountUntil
	if l.Entry().Phone && l.Confirms == 0 {
		from, to = m.OpensAt, m.ClosesAt
	}
	if l.CastAt.Before(from) || !l.CastAt.Before(to) || l.CastAt.After(m.SealedAt) {
		c.found.add("cast_outside", where, "%s记录于 %s，不在规定的时间之内（%s 起，%s 前，封存于 %s）",
			of(l), shanghai(l.CastAt), shanghai(from), shanghai(to), shanghai(m.SealedAt))
	}
}

// paper remarks on what may be objected to: it is the clerk who dates a paper.
func (c *check) paper(l *BallotLine, where string) {
	m := c.sealed.Motion
	if l.SignedOn < quantity.DateOf(m.PublishedAt) || l.SignedOn > quantity.DateOf(m.ClosesAt) {
		c.remarked.add("signed_outside", where, "%s签署日期 %s 不在发布日与截止日之间", of(l), short(string(l.SignedOn)))
	}
	if l.ReceivedAt != nil && !l.ReceivedAt.Before(m.ClosesAt) {
		c.remarked.add("received_late", where, "%s收到纸质票的时间在截止之后", of(l))
	}
}

// versions goes through one voter's: each follows the last without a gap, and
// stands as the rule makes it stand after those before.
func (c *check) versions(at []int) {
	var ledger vote.Ledger
	var before time.Time
	last := 0
	for _, i := range at {
		l, where := &c.ballots[i], line(ballotsFile, c.ballotAt[i])
		switch n := l.Version.Version; {
		case n == last:
			c.found.add("version_twice", where, "%s出现了两次", of(l))
		case n != last+1:
			c.found.add("version_missing", where, "%s之前缺少版本：上一个是第 %d 版", of(l), last)
		}
		if standing := ledger.Apply(l.Entry()); standing != l.Standing {
			c.found.add("standing_differs", where, "%s效力记为 %s，重新推算为 %s", of(l), short(string(l.Standing)), standing)
		}
		if l.Word == vote.Retract && l.Standing == vote.Counted {
			c.remarked.add("paper_retracted", where, "%s撤回了误录的第 %d 版", of(l), l.Confirms)
		}
		if l.CastAt.Before(before) {
			c.remarked.add("time_backwards", where, "%s的记录时间早于它的上一个版本", of(l))
		}
		last, before = l.Version.Version, l.CastAt
	}
}

func of(l *BallotLine) string {
	return "表决人 " + short(l.Ref) + " 第 " + strconv.Itoa(l.Version.Version) + " 版"
}
