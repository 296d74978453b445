package notices

import (
	"context"
	"io"

	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/safety"
)

// ErrRunning says that a publicity period is not over.
var ErrRunning = fault.New(fault.Conflict, "publicity_running", "公示期还没有结束")

// Terms are the least lengths of publicity periods as they are set.
func (s *Service) Terms() []Term {
	out := make([]Term, len(Terms))
	for i, t := range Terms {
		t.Days = s.least(t.Subject)
		out[i] = t
	}
	return out
}

// passed is what a statement, which is posted, says of a resident's words.
func passed(standing safety.Standing, words string) string {
	if standing.Shown() {
		return words
	}
	return "（内容未通过审核，不公开；原文存档）"
}

// Statement writes what came of a publicity period that is over (公示情况说明).
func (s *Service) Statement(ctx context.Context, caller model.Caller, n *model.Notice, w io.Writer) error {
	switch {
	case n.Kind != model.Publicity:
		return ErrNotPublicity
	case n.StatusAt(s.now()) != model.NoticeHasEnded:
		return ErrRunning
	}
	reach, err := s.ReachOf(ctx, caller, n)
	if err != nil {
		return err
	}
	versions, err := s.Versions(ctx, n.ID)
	if err != nil {
		return err
	}
	objections, err := s.ObjectionsTo(ctx, n.ID, "")
	if err != nil {
		return err
	}
	suggestions, err := s.SuggestionsOn(ctx, n.ID, "")
	if err != nil {
		return err
	}
	postings, err := s.Postings(ctx, n.ID)
	if err != nil {
		return err
	}
	p := document.PublicityStatement{
		Title: n.Title, Audience: n.AudienceLabel, Days: n.PublicityDays, BeginsOn: n.BeginsOn, EndsOn: n.EndsOn,
		Homes: reach.Homes, Read: reach.Read, Confirmed: reach.Confirmed, InPerson: reach.Told,
	}
	if p.From, err = identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now()); err != nil {
		return err
	}
	for _, v := range versions {
		p.Versions = append(p.Versions, document.PublicVersion{Number: v.Version, BeginsOn: v.BeginsOn, Reason: v.Reason})
	}
	for _, g := range postings {
		p.Postings = append(p.Postings, document.PublicPosting{On: g.PostedOn, Place: g.Place, Version: g.Version, Pictures: len(g.Pictures)})
	}
	var ids []string
	for _, o := range objections {
		ids = append(ids, o.ID)
	}
	standings, err := safety.Standings(s.DB.Read(ctx), ObjectionPapers("").Type, ids)
	if err != nil {
		return err
	}
	for _, o := range objections {
		line := document.PublicObjection{Text: passed(standings[o.ID], o.Said), Status: objectionWordsOf[o.Status], At: o.At}
		if len(o.Steps) > 0 {
			line.Outcome = o.Steps[len(o.Steps)-1].Said
		}
		p.Objections = append(p.Objections, line)
	}
	for _, g := range suggestions {
		p.Suggestions = append(p.Suggestions, document.PublicSuggestion{Text: passed(g.Standing, g.Said), Status: suggestionWordsOf[g.Status], Answer: g.Answer})
	}
	return document.Statement(w, p)
}
