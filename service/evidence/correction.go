package evidence

import (
	"fmt"
	"slices"
	"time"

	"gongdi/model/rule/vote"
)

// Correction is one change of a published roll (名册更正): the lines that were
// struck and those that stand in their place. Corrections are appended; a roll
// is never edited.
type Correction struct {
	Number       int        `json:"number"` // from 1, without gaps
	At           time.Time  `json:"at"`
	Reason       string     `json:"reason"`
	Before       []RollLine `json:"before"`
	After        []RollLine `json:"after"`
	DigestBefore string     `json:"sm3_before"`
	DigestAfter  string     `json:"sm3_after"`
}

// Corrected says what corrections did to a result: the fingerprint that was
// published, and what the published roll would have come to.
type Corrected struct {
	Count       int64        `json:"count"`
	Published   string       `json:"sm3_published"`
	Uncorrected vote.Outcome `json:"outcome_uncorrected"`
}

func (c Correction) normal() Correction {
	c.At = millisecond(c.At)
	c.Before, c.After = append([]RollLine{}, c.Before...), append([]RollLine{}, c.After...)
	return c
}

// undo gives the roll as it was before the correction.
func (c Correction) undo(roll []RollLine) []RollLine {
	before := slices.DeleteFunc(slices.Clone(roll), func(l RollLine) bool {
		return slices.ContainsFunc(c.After, func(a RollLine) bool { return a.Ref == l.Ref })
	})
	before = append(before, c.Before...)
	slices.SortStableFunc(before, byRef)
	return before
}

// published walks back from the final roll to the one that was published.
func published(roll []RollLine, corrections []Correction) []RollLine {
	for _, c := range slices.Backward(corrections) {
		roll = c.undo(roll)
	}
	return roll
}

func correctedOf(m Motion, rule vote.Rule, roll []RollLine, corrections []Correction, lines []BallotLine) *Corrected {
	if len(corrections) == 0 {
		return nil
	}
	first := published(roll, corrections)
	return &Corrected{
		Count: int64(len(corrections)), Published: RollDigest(m.ID, first),
		Uncorrected: rule.Decide(Recount(m.Items, first, lines).Totals()).Outcome,
	}
}

// walkBack goes back through the corrections and holds each fingerprint against the
// lines that it stands for.
func (c *check) walkBack() {
	roll, m := c.roll, c.sealed.Motion
	for i, change := range slices.Backward(c.corrections) {
		where := line(correctionsFile, c.correctionAt[i])
		if change.Number != i+1 {
			c.found.add("correction_number", where, "更正的编号不连续")
		}
		if change.At.Before(m.PublishedAt) || change.At.After(m.SealedAt) {
			c.found.add("correction_outside", where, "更正的时间不在发布与封存之间")
		}
		if digest := RollDigest(m.ID, roll); digest != change.DigestAfter {
			c.found.add("correction_differs", where, "更正后的名册指纹不符：记录为 %s，重新计算为 %s", short(change.DigestAfter), digest)
		}
		roll = change.undo(roll)
		if digest := RollDigest(m.ID, roll); digest != change.DigestBefore {
			c.found.add("correction_differs", where, "更正前的名册指纹不符：记录为 %s，重新计算为 %s", short(change.DigestBefore), digest)
		}
	}
	for _, e := range m.Events {
		if e.Kind == "published" && e.Detail != "" && e.Detail != RollDigest(m.ID, roll) {
			c.found.add("published_roll_differs", rollFile, "名册（减去更正）的指纹与发布时公布的不符：公布的为 %s", short(e.Detail))
		}
	}
}

// stages is every area that a voter had on the roll, from its publication to
// the seal; who was struck is there too.
func (b *Bundle) stages() map[string][]Area {
	areas := make(map[string][]Area, len(b.roll))
	add := func(lines []RollLine) {
		for _, l := range lines {
			areas[l.Ref] = append(areas[l.Ref], l.Area)
		}
	}
	add(b.roll)
	for _, c := range b.corrections {
		add(c.Before)
		add(c.After)
	}
	return areas
}

const correctedExplanation = `
六、名册更正

本事项的名册在发布后更正过。corrections.jsonl 每行是一次更正：编号、时间、理由、被划去的名册行（before）、代之以的名册行（after）、更正前后的名册指纹。roll.jsonl 是更正后的名册；从它起，由后往前把每次更正的 after 换回 before，最后得到发布时公布指纹的名册。被划去的表决人的票仍在 ballots.jsonl 中，但不计入。
result.json 的 corrected 写明更正次数、发布时的名册指纹，以及不作更正时的结论（outcome_uncorrected）。
`

func (c *Corrected) figures() []figure {
	if c == nil {
		return nil
	}
	return []figure{
		{"名册更正次数", fmt.Sprint(c.Count)},
		{"发布时的名册指纹", c.Published},
		{"不作更正时的结论", string(c.Uncorrected)},
	}
}
