package evidence

import (
	"time"

	"gongdi/model"
)

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
