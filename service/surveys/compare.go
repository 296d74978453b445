package surveys

import (
	"context"
	"errors"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/fault"
)

// Comparison sets a survey beside an earlier round of it.
type Comparison struct {
	Earlier  *Results
	SameRule bool // whether 满意率 is counted alike
	// Hidden says that fewer than five took part in one of them, anonymously.
	// Otherwise each shows what it shows by itself: two rounds have no answer in
	// common, so that nothing more can be had by subtraction.
	Hidden  bool
	Changes []opinion.Change
}

// Compare sets results beside those of the survey with an id, or without one
// beside those of the round before; there may be none.
func (s *Service) Compare(ctx context.Context, caller model.Caller, now *Results, id string) (*Comparison, error) {
	earlier, err := s.before(ctx, caller, now.Survey, id)
	if err != nil || earlier == nil {
		return nil, err
	}
	then, err := s.Results(ctx, earlier, Unsliced)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Earlier: then, SameRule: now.Survey.FairlyCounts == earlier.FairlyCounts, Hidden: now.Hidden || then.Hidden}
	if !c.Hidden {
		c.Changes = opinion.Compare(now.Questions, then.Questions, c.SameRule)
	}
	return c, nil
}

func (s *Service) before(ctx context.Context, caller model.Caller, v *model.Survey, id string) (*model.Survey, error) {
	asked := id != ""
	if !asked {
		if id = v.FollowsID; id == "" {
			return nil, nil //nolint:nilnil // a first round has none before it
		}
	}
	earlier, err := s.Of(ctx, caller, id)
	switch {
	case err == nil && earlier.Stage == model.SurveyPublished && earlier.ID != v.ID:
		return earlier, nil
	case err != nil && !errors.Is(err, fault.ErrNotFound):
		return nil, err
	case asked:
		return nil, fault.Unknown("query.compare", "没有找到可以比较的问卷")
	default:
		return nil, nil //nolint:nilnil // the round before was never published, or is another area's
	}
}
