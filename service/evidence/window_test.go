package evidence

import (
	"slices"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

func TestTheWindowTakesItsFirstInstantAndNotItsLast(t *testing.T) {
	closes, counted := opens.Add(7*24*time.Hour), opens.Add(10*24*time.Hour)
	const ms = time.Millisecond
	for _, c := range []struct {
		name     string
		channel  vote.Channel
		confirms int
		at       time.Time
		inside   bool
	}{
		{"the phone, as it opens", vote.Online, 0, opens, true},
		{"the phone, just before", vote.Online, 0, opens.Add(-ms), false},
		{"the phone, just before it closes", vote.Online, 0, closes.Add(-ms), true},
		{"the phone, as it closes", vote.Online, 0, closes, false},
		{"the owner's word on the phone, while counting", vote.Online, 1, closes.Add(time.Hour), true},
		{"paper, while counting", vote.Paper, 0, counted.Add(-ms), true},
		{"paper, when counting has ended", vote.Paper, 0, counted, false},
		{"paper, before publication", vote.Paper, 0, opens.Add(-17 * 24 * time.Hour), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSample(t, 1, 1)
			v := Version{
				MotionID: s.facts.ID, Ref: s.roll[0].Ref, Version: 1, Channel: c.channel, Choice: vote.Agree,
				Confirms: c.confirms, CastAt: c.at, Area: s.roll[0].Area, Relation: model.RelationOwner,
			}
			s.lines = []BallotLine{{Version: v, Recorded: v.Digest()}}
			got := codes(verify(t, s.bundle(t), s.key.Public()).Findings)
			if slices.Contains(got, "cast_outside") == c.inside {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestAClockThatWentBackIsRemarkedNotBlamed(t *testing.T) {
	s := newSample(t, 1, 1)
	s.lines = nil
	for i, at := range []time.Time{opens.Add(time.Second), opens} {
		v := Version{
			MotionID: s.facts.ID, Ref: s.roll[0].Ref, Version: i + 1, Channel: vote.Online, Choice: vote.Agree,
			CastAt: at, Area: s.roll[0].Area, Relation: model.RelationOwner, Standing: vote.Counted,
		}
		s.lines = append(s.lines, BallotLine{Version: v, Recorded: v.Digest()})
	}
	slices.SortFunc(s.lines, byTime)
	report := verify(t, s.bundle(t), s.key.Public())
	if !report.Sound() || !slices.Equal(codes(report.Remarks), []string{"time_backwards"}) {
		t.Errorf("%v %v", report.Findings, report.Remarks)
	}
}
