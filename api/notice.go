package api

import (
	"time"

	"gongdi/model"
	"gongdi/service/notices"
)

// NoticeBody is a notice as residents and staff read it.
type NoticeBody struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind" enum:"announcement,publicity,policy,works,outage,meeting"`
	Subject   string       `json:"subject,omitempty" doc:"of a publicity period"`
	Title     string       `json:"title"`
	Body      string       `json:"body" doc:"Markdown"`
	HTML      string       `json:"html" doc:"of the body, sanitised"`
	Status    string       `json:"status" enum:"draft,scheduled,published,ended,withdrawn"`
	Audience  AudienceBody `json:"audience"`
	About     *AboutBody   `json:"about,omitempty"`
	Version   int          `json:"version"`
	Pinned    bool         `json:"pinned"`
	Urgent    bool         `json:"urgent"`
	Picture   string       `json:"picture_id,omitempty" doc:"one of its files, shown large"`
	Files     []string     `json:"file_ids" doc:"attachments"`
	Hears     bool         `json:"neighbours,omitempty" doc:"owners around it are heard, too"`
	From      *time.Time   `json:"from,omitempty" doc:"when works, an outage or a meeting take place"`
	Until     *time.Time   `json:"until,omitempty"`
	Published *time.Time   `json:"published_at,omitempty"`

	PublicityDays int    `json:"publicity_days,omitempty"`
	BeginsOn      string `json:"begins_on,omitempty" format:"date"`
	EndsOn        string `json:"ends_on,omitempty" format:"date" doc:"the last day, until 24:00"`
	Provisional   bool   `json:"ends_provisional,omitempty" doc:"the calendar of that year is not out"`
	Reason        string `json:"withdrawn_reason,omitempty"`
}

// AudienceBody is whom a notice is for.
type AudienceBody struct {
	Type  string `json:"type" enum:"street,community,estate,building,unit"`
	ID    string `json:"id" minLength:"1" maxLength:"64"`
	Label string `json:"label,omitempty"`
}

// AboutBody is what a notice is about.
type AboutBody struct {
	Type    string `json:"type" minLength:"1" maxLength:"24"`
	ID      string `json:"id" minLength:"1" maxLength:"64"`
	Version int    `json:"version,omitempty" minimum:"0"`
}

// Notice shows a notice at an instant.
func Notice(n *model.Notice, now time.Time) NoticeBody {
	body := NoticeBody{
		ID: n.ID, Kind: string(n.Kind), Title: n.Title, Body: n.Body, HTML: n.HTML, Status: string(n.StatusAt(now)),
		Audience: AudienceBody{Type: string(n.AudienceType), ID: n.AudienceID, Label: n.AudienceLabel}, Version: n.Version,
		Pinned: n.Pinned, Urgent: n.Urgent, Picture: n.PictureID, Files: n.Files.IDs(), Hears: n.HearsID != "", From: TimeOf(n.HappensFrom), Until: TimeOf(n.HappensUntil), Published: TimeOf(n.PublishedAt),
		PublicityDays: n.PublicityDays, BeginsOn: string(n.BeginsOn), EndsOn: string(n.EndsOn), Provisional: n.EndsProvisional, Reason: n.WithdrawnReason,
	}
	if n.Kind == model.Publicity {
		body.Subject = n.Subject
	}
	if n.AboutID != "" {
		body.About = &AboutBody{Type: n.AboutType, ID: n.AboutID, Version: n.AboutVersion}
	}
	return body
}

// VersionBody is a notice as it read from one material edit to the next.
type VersionBody struct {
	Version   int       `json:"version"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	HTML      string    `json:"html"`
	Files     []string  `json:"file_ids"`
	Reason    string    `json:"reason,omitempty"`
	Published time.Time `json:"published_at"`
	BeginsOn  string    `json:"begins_on" format:"date"`
	EndsOn    string    `json:"ends_on,omitempty" format:"date"`
}

// Versions shows a notice's versions.
func Versions(of []model.NoticeVersion) []VersionBody {
	out := make([]VersionBody, 0, len(of))
	for _, v := range of {
		out = append(out, VersionBody{
			Version: v.Version, Title: v.Title, Body: v.Body, HTML: v.HTML, Files: v.Files.IDs(), Reason: v.Reason,
			Published: Time(v.PublishedAt), BeginsOn: string(v.BeginsOn), EndsOn: string(v.EndsOn),
		})
	}
	return out
}

// ObjectionBody is an objection with its dated steps.
type ObjectionBody struct {
	ID      string     `json:"id"`
	Label   string     `json:"label,omitempty" doc:"the home"`
	From    string     `json:"from,omitempty" doc:"who wrote one on paper"`
	Text    string     `json:"text"`
	Status  string     `json:"status" enum:"submitted,accepted,negotiating,mediating,settled,withdrawn,unsettled"`
	DueOn   string     `json:"due_on" format:"date" doc:"the last working day for the answer"`
	Guess   bool       `json:"due_provisional,omitempty" doc:"the calendar of that year is not out"`
	Version int        `json:"version" doc:"of the notice, that it objects to"`
	Files   []string   `json:"file_ids"`
	Steps   []StepBody `json:"steps"`
	At      time.Time  `json:"at"`
}

// StepBody is one step of an objection.
type StepBody struct {
	Status string    `json:"status"`
	Words  string    `json:"words,omitempty"`
	At     time.Time `json:"at"`
}

// SuggestionBody is a suggestion and what became of it.
type SuggestionBody struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	Status     string     `json:"status" enum:"open,adopted,not_adopted"`
	Answer     string     `json:"answer,omitempty"`
	Mine       bool       `json:"mine"`
	Shown      bool       `json:"shown" doc:"others may see it, once it is answered: its content passed"`
	At         time.Time  `json:"at"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

// Objection shows an objection.
func Objection(o notices.Objected) ObjectionBody {
	body := ObjectionBody{
		ID: o.ID, Label: o.Label, From: o.From, Text: o.Said, Status: string(o.Status), DueOn: string(o.DueOn), Guess: o.DueProvisional, Version: o.Version, Files: o.Papers,
		Steps: []StepBody{}, At: Time(o.At),
	}
	for _, s := range o.Steps {
		body.Steps = append(body.Steps, StepBody{Status: string(s.Status), Words: s.Said, At: Time(s.At)})
	}
	return body
}

// Suggestion shows a suggestion to somebody.
func Suggestion(caller model.Caller) func(notices.Suggested) SuggestionBody {
	return func(g notices.Suggested) SuggestionBody {
		return SuggestionBody{
			ID: g.ID, Text: g.Said, Status: string(g.Status), Answer: g.Answer, Mine: g.ResidentID == caller.ID, Shown: g.Standing.Shown(),
			At: Time(g.At), AnsweredAt: TimeOf(g.AnsweredAt),
		}
	}
}
