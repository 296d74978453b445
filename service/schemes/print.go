package schemes

import (
	"context"
	"io"
	"slices"

	"gongdi/model"
	"gongdi/model/rule/scheme"
	"gongdi/service/document"
	"gongdi/service/voting"
)

var stateWords = map[scheme.State]string{scheme.Planned: "纳入本次改造", scheme.Deferred: "需要改造，暂缓", scheme.Sound: "现状完好"}

// Print writes a version as A4 PDF (改造方案).
func (s *Service) Print(ctx context.Context, v *Version, w io.Writer) error {
	warning, err := s.WarningOn(ctx, v)
	if err != nil {
		return err
	}
	found, err := s.VerdictOn(ctx, v)
	if err != nil {
		return err
	}
	p := document.Scheme{
		Place: v.Scheme.ScopeLabel, Title: v.As.Title, Version: v.As.Version, WrittenAt: v.As.CreatedAt, PublishedAt: v.As.PublishedAt,
		Withdrawn: v.Scheme.Stage == model.SchemeWithdrawn, Approved: found == voting.VerdictPassed, Coverage: v.As.Coverage, Focus: v.As.Focus, Measures: v.As.Measures,
		StartsOn: v.As.StartsOn, EndsOn: v.As.EndsOn, Estimate: v.As.Estimate, Funds: v.As.Funds, Digest: v.As.Digest, Reason: v.As.Reason,
	}
	classes, _, err := s.Catalogue(ctx)
	if err != nil {
		return err
	}
	names, place := map[string]string{}, map[string]int{}
	for _, c := range classes {
		place[c.Code] = c.Position
	}
	lines := slices.Clone(v.Lines)
	slices.SortStableFunc(lines, func(a, b model.SchemeLine) int { return place[a.ClassCode] - place[b.ClassCode] })
	for _, l := range lines {
		names[l.Code] = l.Name
		line := document.SchemeLine{Name: l.Name, State: stateWords[l.State], Quantity: l.Amount().String() + " " + l.Unit, Estimate: l.Estimate, Planned: l.State == scheme.Planned, Note: l.Note}
		p.Put(l.ClassName, line)
	}
	for _, f := range v.Funds {
		p.Money = append(p.Money, document.SchemeMoney{Source: model.Sources[f.Source], For: names[f.Content], Amount: f.Amount, Note: f.Note})
	}
	for _, d := range v.As.Drawings {
		p.Drawings = append(p.Drawings, d.Title)
	}
	if warning != nil {
		p.Warning = warning.Words()
	}
	return document.WriteScheme(w, p)
}
