package schemes

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/scheme"
	"gongdi/service/notices"
)

// Difference is what a later version of a scheme says otherwise.
type Difference struct {
	From, To *Version
	Lines    []LineChange
	Funds    []FundChange
}

// LineChange is one content on which two versions differ; Before or After is
// nil where a version does not name it.
type LineChange struct {
	Code          string
	Before, After *model.SchemeLine
}

// FundChange is money of one source, for one content or the whole, that two
// versions have in different amounts.
type FundChange struct {
	Source        model.Source
	Content       string
	Before, After quantity.Fen
}

// Compare says how two versions differ.
func Compare(from, to *Version) Difference {
	d := Difference{From: from, To: to}
	for _, c := range scheme.Diff(from.lines(), to.lines()) {
		d.Lines = append(d.Lines, LineChange{c.Code, from.line(c.Code), to.line(c.Code)})
	}
	type place struct {
		source  model.Source
		content string
	}
	var order []place
	sums := map[place]*FundChange{}
	add := func(f model.SchemeFund) *FundChange {
		at := place{f.Source, f.Content}
		if sums[at] == nil {
			sums[at] = &FundChange{Source: f.Source, Content: f.Content}
			order = append(order, at)
		}
		return sums[at]
	}
	for _, f := range to.Funds {
		add(f).After += f.Amount
	}
	for _, f := range from.Funds {
		add(f).Before += f.Amount
	}
	for _, at := range order {
		if c := sums[at]; c.Before != c.After {
			d.Funds = append(d.Funds, *c)
		}
	}
	return d
}

func (v *Version) line(code string) *model.SchemeLine {
	at := slices.IndexFunc(v.Lines, func(l model.SchemeLine) bool { return l.Code == code })
	if at < 0 {
		return nil
	}
	return &v.Lines[at]
}

// Warning is Order's for one version, with the words of what it names.
type Warning struct {
	Early []string
	Open  []OpenContent
}

// OpenContent is a content that comes first and is not settled.
type OpenContent struct {
	Code, Name string
	Cause      scheme.Cause
}

// Words is a warning as people read it.
func (w *Warning) Words() string {
	words := map[scheme.Cause]string{scheme.Unsaid: "未摸底", scheme.IsDeferred: "暂缓", scheme.WithoutMoney: "资金未落实"}
	text := "提升类内容（" + join(w.Early) + "）已安排资金，而下列房屋安全、地下管线内容尚未落实："
	for i, o := range w.Open {
		if i > 0 {
			text += "、"
		}
		text += o.Name + "（" + words[o.Cause] + "）"
	}
	return text + "。应当先地下后地上，先解决房屋安全、后考虑功能提升（金府办〔2021〕140号）。"
}

func join(names []string) (text string) {
	for i, n := range names {
		if i > 0 {
			text += "、"
		}
		text += n
	}
	return text
}

// WarningOn warns when a version pays for comfort while safety or what lies
// underground is open, in it and in the schemes around it; nil when it does not.
func (s *Service) WarningOn(ctx context.Context, v *Version) (*Warning, error) {
	db := s.DB.Read(ctx)
	all, err := contents(db)
	if err != nil {
		return nil, err
	}
	names, entries := map[string]string{}, make([]scheme.Content, 0, len(all))
	for _, c := range all {
		names[c.Code] = c.Name
		if !c.Retired || v.line(c.Code) != nil {
			entries = append(entries, scheme.Content{Code: c.Code, First: c.Underground || c.Safety, Last: c.ComesLast})
		}
	}
	beside, err := around(db, v)
	if err != nil {
		return nil, err
	}
	found := scheme.Order(entries, v.budget(), beside...)
	if found == nil {
		return nil, nil
	}
	w := &Warning{}
	for _, code := range found.Early {
		w.Early = append(w.Early, names[code])
	}
	for _, o := range found.Open {
		w.Open = append(w.Open, OpenContent{o.Code, names[o.Code], o.Cause})
	}
	return w, nil
}

func (v *Version) budget() scheme.Budget {
	b := scheme.Budget{Lines: v.lines(), Earmarked: map[string]quantity.Fen{}}
	for _, f := range v.Funds {
		if f.Content == "" {
			b.Funds += f.Amount
		} else {
			b.Earmarked[f.Content] += f.Amount
		}
	}
	return b
}

const aroundScheme = `SELECT * FROM schemes WHERE estate_id = ? AND stage = 'open' AND id <> ? AND (scope_type = 'estate'
OR scope_type = 'building' AND scope_id = (SELECT building_id FROM units WHERE id = ?))`

// around are the schemes of the estate and the building that a scheme lies in:
// of a published version as they are published, of a draft as they are now.
func around(db *gorm.DB, v *Version) ([]scheme.Budget, error) {
	var rows []model.Scheme
	if err := db.Raw(aroundScheme, v.Scheme.EstateID, v.Scheme.ID, v.Scheme.ScopeID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find the schemes around %s: %w", v.Scheme.ID, err)
	}
	var out []scheme.Budget
	for i := range rows { // two at most
		number := rows[i].Version
		if v.As.PublishedAt != nil {
			number = rows[i].Published
		}
		if number == 0 {
			continue
		}
		beside, err := read(db, &rows[i], number)
		if err != nil {
			return nil, err
		}
		out = append(out, beside.budget())
	}
	return out, nil
}

// Heard is a suggestion of a resident on a scheme, and where it went: the
// version published after it was adopted, 0 for none yet.
type Heard struct {
	notices.Suggested
	On, AdoptedIn int // versions
}

// Suggestions lists what residents suggested on a scheme, the oldest first. A
// resident sees those that are answered and may be shown, and the own.
func (s *Service) Suggestions(ctx context.Context, id, residentID string) ([]Heard, error) {
	rows, err := s.Notices.SuggestionsAbout(ctx, model.SchemeMatter(id, 0), residentID)
	if err != nil {
		return nil, err
	}
	versions, err := s.Versions(ctx, id, true)
	if err != nil {
		return nil, err
	}
	out := make([]Heard, 0, len(rows))
	for _, g := range rows {
		h := Heard{Suggested: g.Suggested, On: g.About}
		if g.Status == model.SuggestionAdopted {
			at := slices.IndexFunc(versions, func(v model.SchemeVersion) bool { return v.PublishedAt.After(*g.AnsweredAt) })
			if at >= 0 {
				h.AdoptedIn = versions[at].Version
			}
		}
		out = append(out, h)
	}
	return out, nil
}
