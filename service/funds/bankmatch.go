package funds

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
)

// Reason is why a row of a bank's list may belong to a pledge.
type Reason string

// The reasons.
const (
	WhyCode   Reason = "remit_code" // the pledge's own words stand in the row
	WhyHome   Reason = "home"       // its home stands in the row
	WhyName   Reason = "name"       // who paid owns the home, or made the pledge
	WhyEstate Reason = "estate"     // its estate stands in the row
	WhyAmount Reason = "amount"     // it is what is still to come in
)

// Sureness is how sure a proposal is.
type Sureness string

// The degrees.
const (
	SureHigh   Sureness = "high"
	SureMedium Sureness = "medium"
	SureLow    Sureness = "low"
)

// Candidate is a pledge that a row may belong to.
type Candidate struct {
	Pledge  *Pledged
	Source  model.Source // of the part that it would fill; empty when it cannot be told
	Left    quantity.Fen // of the pledge, before this row
	Reasons []Reason
	Sure    Sureness
	points  int
}

// RemitCode is what whoever pays writes in the transfer's words, so that the
// bank's list leads back to the pledge: the last eight characters of its id.
func RemitCode(pledgeID string) string {
	return strings.ToUpper(pledgeID[max(len(pledgeID)-8, 0):])
}

// openPledge is one for which money may come in.
type openPledge struct {
	*Pledged
	left   map[model.Source]quantity.Fen
	whole  quantity.Fen
	home   rule.Home
	estate string
}

// openPledges finds them by what a row may say.
type openPledges struct {
	byCode, byDoor, byProperty, byName map[string][]*openPledge
	byLeft                             map[quantity.Fen][]*openPledge
}

func door(h rule.Home) string { return h.Building + "|" + h.Room }

func (o *openPledges) add(p *openPledge) {
	o.byCode[RemitCode(p.ID)] = append(o.byCode[RemitCode(p.ID)], p)
	o.byCode[strings.ToUpper(p.ID)] = append(o.byCode[strings.ToUpper(p.ID)], p)
	if p.home.Room != "" {
		o.byDoor[door(p.home)] = append(o.byDoor[door(p.home)], p)
	}
	if p.PropertyID != "" {
		o.byProperty[p.PropertyID] = append(o.byProperty[p.PropertyID], p)
	}
	if p.Called != "" {
		o.byName[rule.Fold(p.Called)] = append(o.byName[rule.Fold(p.Called)], p)
	}
	for _, fen := range p.fits() {
		o.byLeft[fen] = append(o.byLeft[fen], p)
	}
}

// fits are the amounts that would fill the pledge or a part of it.
func (p *openPledge) fits() []quantity.Fen {
	out := []quantity.Fen{p.whole}
	for _, fen := range p.left {
		if fen > 0 && !slices.Contains(out, fen) {
			out = append(out, fen)
		}
	}
	return out
}

var (
	codeForm = regexp.MustCompile(`[0-9A-Z]{8,26}`)
	doorForm = regexp.MustCompile(`(?:[0-9A-Z]{1,3}|[一二三四五六七八九十]{1,3})(?:号楼|#楼|栋|幢|#|座)(?:(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[A-Z])单元)?-?(?:[0-9]{1,2}[层楼])?-?[0-9]{3,4}|[0-9]{1,3}-(?:[0-9]{1,2}-)?[0-9]{3,4}`)
)

// doorsIn reads the homes that a text names.
func doorsIn(text string) []rule.Home {
	var out []rule.Home
	for _, at := range doorForm.FindAllStringIndex(text, 8) {
		if at[1] < len(text) && (text[at[1]] >= '0' && text[at[1]] <= '9' || text[at[1]] == '-') || at[0] > 0 && (text[at[0]-1] >= '0' && text[at[0]-1] <= '9' || text[at[0]-1] == '-') {
			continue
		}
		if h := rule.Place("", "", text[at[0]:at[1]]); h.Room != "" && h.Building != "" {
			out = append(out, h)
		}
	}
	return out
}

// mostCandidates are shown for a row.
const mostCandidates = 5

// propose lists the pledges that a row may belong to, the likeliest first; owned
// are the homes of whoever paid. Amount alone proposes only what few others are.
func (o *openPledges) propose(m *model.BankMovement, payer, words string, owned []string) []Candidate {
	found := map[*openPledge][]Reason{}
	say := func(why Reason, of []*openPledge) {
		for _, p := range of {
			if !slices.Contains(found[p], why) {
				found[p] = append(found[p], why)
			}
		}
	}
	text := strings.ToUpper(rule.Compact(words))
	for _, code := range codeForm.FindAllString(text+" "+strings.ToUpper(m.Reference), 8) {
		say(WhyCode, o.byCode[code])
	}
	for _, h := range doorsIn(text) {
		for _, p := range o.byDoor[door(h)] {
			if h.Unit == "" || p.home.Unit == "" || h.Unit == p.home.Unit {
				say(WhyHome, []*openPledge{p})
			}
		}
	}
	for _, home := range owned {
		say(WhyName, o.byProperty[home])
	}
	say(WhyName, o.byName[rule.Fold(payer)])
	if len(found) == 0 && len(o.byLeft[m.Amount]) <= mostCandidates {
		say(WhyAmount, o.byLeft[m.Amount])
	}
	out := make([]Candidate, 0, len(found))
	for p, why := range found {
		out = append(out, p.candidate(m.Amount, text, why))
	}
	return ranked(out)
}

func (p *openPledge) candidate(amount quantity.Fen, text string, why []Reason) Candidate {
	if p.estate != "" && strings.Contains(text, p.estate) {
		why = append(why, WhyEstate)
	}
	exact := slices.Contains(p.fits(), amount)
	if exact && !slices.Contains(why, WhyAmount) {
		why = append(why, WhyAmount)
	}
	c := Candidate{Pledge: p.Pledged, Source: p.source(amount), Left: p.whole, Reasons: why, Sure: SureLow}
	for _, r := range why {
		c.points += map[Reason]int{WhyCode: 100, WhyHome: 40, WhyName: 40, WhyEstate: 5, WhyAmount: 30}[r]
	}
	has := func(r Reason) bool { return slices.Contains(why, r) }
	switch fits := amount <= p.whole; {
	case !fits:
		c.points -= 20
	case has(WhyCode), has(WhyHome) && has(WhyName), (has(WhyHome) || has(WhyName)) && exact:
		c.Sure = SureHigh
	case has(WhyHome), has(WhyName):
		c.Sure = SureMedium
	}
	return c
}

// source is the part that an amount would fill: the one that it fills exactly,
// or what is paid directly.
func (p *openPledge) source(amount quantity.Fen) model.Source {
	if len(p.Parts) == 1 {
		return p.Parts[0].Source
	}
	found, n := model.Source(""), 0
	for source, left := range p.left {
		if left == amount {
			found, n = source, n+1
		}
	}
	switch {
	case n == 1:
		return found
	case p.left[model.Cash] >= amount:
		return model.Cash
	}
	return ""
}

// ranked orders candidates; of two that are as likely neither is sure.
func ranked(of []Candidate) []Candidate {
	slices.SortFunc(of, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.Pledge.ID, b.Pledge.ID))
	})
	if len(of) > 1 && of[0].points == of[1].points {
		for i := range of {
			if of[i].Sure == SureHigh {
				of[i].Sure = SureMedium
			}
		}
	}
	return of[:min(len(of), mostCandidates)]
}
