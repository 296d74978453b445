package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

// Sealed is a result as the office signs it (封存结果): what was asked and when,
// by which rule, of which roll, on which ballots, and what came of it.
type Sealed struct {
	Format  string  `json:"format"`
	Motion  Motion  `json:"motion"`
	Rule    Rule    `json:"rule"`
	Roll    Roll    `json:"roll"`
	Ballots Ballots `json:"ballots"`
	Tally   Tally   `json:"tally"`
	Result  Result  `json:"result"`
	Key     KeyName `json:"key"`
}

// Motion is the facts of a motion. Its text is in a file of its own, bound here
// by digest. Instants are in UTC to the millisecond.
type Motion struct {
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	TextDigest  string    `json:"text_sm3"`
	Kind        string    `json:"kind"`
	Subject     string    `json:"subject"`
	ScopeLabel  string    `json:"scope"`
	Convener    string    `json:"convener"`
	Items       []Item    `json:"items"`
	PublishedAt time.Time `json:"published_at"`
	OpensAt     time.Time `json:"opens_at"`
	ClosesAt    time.Time `json:"closes_at"`
	CountUntil  time.Time `json:"count_until"`
	SealedAt    time.Time `json:"sealed_at"`
	ClosedEarly bool      `json:"closed_early"` // 提前截止
	Events      []Event   `json:"events"`
}

// Item is one wished content (改造内容) that could be ticked.
type Item struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Event is something the office did to the motion, and why.
type Event struct {
	Kind   string    `json:"kind"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Detail string    `json:"detail"`
}

// MotionOf takes the facts of a motion that is being sealed at an instant.
func MotionOf(m *model.Motion, events []model.MotionEvent, sealedAt time.Time) Motion {
	facts := Motion{
		ID: m.ID, Title: m.Title, TextDigest: digestOf([]byte(m.Text)),
		Kind: string(m.Kind), Subject: string(m.Subject),
		ScopeLabel: m.ScopeLabel, Convener: m.Convener,
		OpensAt: m.OpensAt, ClosesAt: m.ClosesAt, CountUntil: m.CountUntil,
		SealedAt: sealedAt, ClosedEarly: m.ClosedEarly,
	}
	if m.PublishedAt != nil {
		facts.PublishedAt = *m.PublishedAt
	}
	for _, i := range m.Items {
		facts.Items = append(facts.Items, Item(i))
	}
	for _, e := range events {
		facts.Events = append(facts.Events, Event{Kind: string(e.Kind), At: e.At, Reason: e.Reason, Detail: e.Detail})
	}
	return facts.normal()
}

func (m Motion) normal() Motion {
	for _, t := range []*time.Time{&m.PublishedAt, &m.OpensAt, &m.ClosesAt, &m.CountUntil, &m.SealedAt} {
		*t = millisecond(*t)
	}
	m.Items = append([]Item{}, m.Items...)
	m.Events = append([]Event{}, m.Events...)
	for i := range m.Events {
		m.Events[i].At = millisecond(m.Events[i].At)
	}
	return m
}

// Rule is the arithmetic that decided, with its source.
type Rule struct {
	Code      string   `json:"code"`
	Quorum    Fraction `json:"quorum"`
	Approval  Fraction `json:"approval"`
	Base      string   `json:"agree_base"`
	HeadsOnly bool     `json:"heads_only"`
	Citation  string   `json:"citation"`
}

// Fraction is Num/Den; Strict means more than that (过半数).
type Fraction struct {
	Num    int64 `json:"num"`
	Den    int64 `json:"den"`
	Strict bool  `json:"strict"`
}

func ruleOf(r vote.Rule) Rule {
	return Rule{
		Code: r.Code, Quorum: Fraction(r.Quorum), Approval: Fraction(r.Approval),
		Base: string(r.Base), HeadsOnly: r.HeadsOnly, Citation: r.Citation,
	}
}

func (r Rule) vote() vote.Rule {
	return vote.Rule{
		Code: r.Code, Quorum: vote.Fraction(r.Quorum), Approval: vote.Fraction(r.Approval),
		Base: vote.Base(r.Base), HeadsOnly: r.HeadsOnly, Citation: r.Citation,
	}
}

// Roll is the frozen roll in figures. Incomplete is how many of its voters have
// an owner or an area that is not known.
type Roll struct {
	Digest     string `json:"sm3"`
	Heads      int64  `json:"heads"`
	Area       Area   `json:"area_m2"`
	Incomplete int64  `json:"incomplete"`
}

// Ballots is how many versions were recorded, and where their chain ends.
type Ballots struct {
	Count     int64  `json:"versions"`
	ChainHead string `json:"chain_head"`
}

// KeyName says which key signed.
type KeyName struct {
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"`
}

// Compose counts a motion from its roll and its ballot versions alone. The
// office's own tally must come to the same.
func Compose(m Motion, rule vote.Rule, roll []RollLine, lines []BallotLine) Sealed {
	s := Sealed{Format: resultFormat, Motion: m.normal(), Rule: ruleOf(rule), Roll: rollOf(m.ID, roll)}
	s.Ballots.ChainHead, s.Ballots.Count = Chain(m.ID, s.Roll.Digest, lines)
	s.Tally = Recount(m.Items, roll, lines)
	s.Result = resultOf(rule.Decide(s.Tally.Totals()))
	return s
}

func rollOf(motionID string, lines []RollLine) Roll {
	r := Roll{Digest: RollDigest(motionID, lines)}
	for _, l := range lines {
		r.Heads += l.Heads
		r.Area += l.Area
		if l.Incomplete {
			r.Incomplete++
		}
	}
	return r
}

// Seal is a signed result as it is kept: the exact text and what proves it.
type Seal struct {
	Text      string // of the Sealed, to the byte
	Signature string // on Text
	KeyName   string
	PublicKey string // PEM
}

// Seal signs a result. What it signs names the key.
func (k *Key) Seal(s Sealed) (Seal, error) {
	s.Format = resultFormat
	s.Motion = s.Motion.normal()
	s.Key = KeyName{Name: k.Name, Fingerprint: k.fingerprint}
	text, err := written(s)
	if err != nil {
		return Seal{}, fmt.Errorf("write the result: %w", err)
	}
	signature, err := k.Sign(text)
	return Seal{Text: string(text), Signature: signature, KeyName: k.Name, PublicKey: k.public.PEM()}, err
}

var errNotAsWritten = errors.New("not as this program writes it")

// ParseSealed reads the text of a Seal. It refuses a text that is not, to the
// byte, what this program writes.
func ParseSealed(text string) (Sealed, error) {
	var s Sealed
	if err := read([]byte(text), &s); err != nil {
		return Sealed{}, fmt.Errorf("read the result: %w", err)
	}
	return s, nil
}

// written is the one text of a value in JSON, for people to read.
func written(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func read[T any](text []byte, value *T) error {
	if err := json.Unmarshal(text, value); err != nil {
		return err
	}
	again, err := written(value)
	if err == nil && !bytes.Equal(again, text) {
		err = errNotAsWritten
	}
	return err
}
