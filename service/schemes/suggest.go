package schemes

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/service/surveys"
)

// Advice is what residents' wishes and cases propose for a scheme. It decides
// nothing.
type Advice struct {
	Survey *model.Survey // the latest that asked there; nil without one
	Part   surveys.WishPart
	Since  quantity.Date // from which cases are counted
	Items  []Proposal
}

// Proposal is a content that a scheme might have, and what speaks for it.
type Proposal struct {
	Content
	Wish  *opinion.Wish // nil when nobody named it
	Cases int64         // of its categories, in the whole estate
}

// casesFor is how far back cases are counted, in days.
const casesFor = 365

const casesOfEstate = `SELECT category_code AS code, COUNT(*) AS n FROM complaints
WHERE estate_id = ? AND filed_at >= ? AND status NOT IN ('refused', 'merged') GROUP BY category_code`

// Suggest proposes contents: the most wanted first, then what most cases are
// about, then safety and what lies underground, which the policy has come first
// and somebody has to look at.
func (s *Service) Suggest(ctx context.Context, caller model.Caller, kind model.ScopeType, placeID string) (*Advice, error) {
	db := s.DB.Read(ctx)
	place, err := s.place(db, caller, kind, placeID)
	if err != nil {
		return nil, err
	}
	advice := &Advice{Since: quantity.DateOf(s.now()).AddDays(-casesFor)}
	if advice.Survey, advice.Part, err = s.Surveys.WishesOf(ctx, model.AudienceType(kind), place.ID); err != nil {
		return nil, err
	}
	var cases []struct {
		Code string
		N    int64
	}
	if err := db.Raw(casesOfEstate, place.EstateID, advice.Since.Start()).Scan(&cases).Error; err != nil {
		return nil, fmt.Errorf("count the cases of estate %s: %w", place.EstateID, err)
	}
	byCategory := map[string]int64{}
	for _, c := range cases {
		byCategory[c.Code] = c.N
	}
	all, err := contents(db)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if p := propose(c, advice.Part, byCategory); p != nil {
			advice.Items = append(advice.Items, *p)
		}
	}
	slices.SortStableFunc(advice.Items, compare)
	return advice, nil
}

// propose is nil for a content that nothing speaks for.
func propose(c Content, part surveys.WishPart, cases map[string]int64) *Proposal {
	p := &Proposal{Content: c}
	for _, category := range strings.Fields(c.Categories) {
		p.Cases += cases[category]
	}
	at := slices.IndexFunc(part.Wishes, func(w opinion.Wish) bool { return w.Code == c.Code })
	if at >= 0 && !part.Hidden {
		p.Wish = &part.Wishes[at]
	}
	if c.Retired || p.Wish == nil && p.Cases == 0 && !c.Underground && !c.Safety {
		return nil
	}
	return p
}

func compare(a, b Proposal) int {
	switch {
	case a.Wish != nil && b.Wish != nil:
		return cmp.Or(cmp.Compare(a.Wish.Rank, b.Wish.Rank), cmp.Compare(b.Cases, a.Cases))
	case a.Wish != nil:
		return -1
	case b.Wish != nil:
		return 1
	}
	return cmp.Compare(b.Cases, a.Cases)
}
