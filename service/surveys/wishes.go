package surveys

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/fault"
)

// WishPart are the wished contents of a part of the audience, the most wanted
// first: of an estate, a building or a unit.
type WishPart struct {
	Key, Label      string
	Base, Responses int64 // homes; answers
	Rate            opinion.Hundredths
	Hidden          bool // too few in an anonymous survey
	Wishes          []opinion.Wish
}

// Wishes are the wished contents of a survey as a whole and by its parts, as
// 「一区一个方案、一栋一个方案、一单元一个方案」 needs them.
type Wishes struct {
	Survey *model.Survey
	Whole  WishPart
	Kept   bool // whether the survey keeps by what the parts were asked for
	Parts  []WishPart
}

// ReadLevel reads at which level wishes are asked for.
func ReadLevel(text string) (Slicing, error) {
	by := Slicing(text)
	switch by { //nolint:exhaustive // schemes have three levels
	case Unsliced, ByEstate, ByBuilding, ByUnit:
		return by, nil
	default:
		return by, fault.Unknown("query.by", "可以按小区、楼栋或单元分组")
	}
}

// Wishes ranks what was wished in a survey.
func (s *Service) Wishes(ctx context.Context, v *model.Survey, by Slicing) (*Wishes, error) {
	r, err := s.Results(ctx, v, by)
	if err != nil {
		return nil, err
	}
	w := &Wishes{Survey: v, Kept: r.Kept, Parts: make([]WishPart, 0, len(r.Slices)), Whole: WishPart{
		Label: v.AudienceLabel, Base: r.Base, Responses: r.Responses, Rate: r.Rate, Hidden: r.Hidden, Wishes: opinion.Wishes(r.Questions),
	}}
	for _, part := range r.Slices {
		w.Parts = append(w.Parts, WishPart{part.Key, part.Label, part.Base, part.Responses, part.Rate, part.Hidden, opinion.Wishes(part.Questions)})
	}
	return w, nil
}

// latestWishes finds the survey of wishes that reached an estate, a building
// or a unit and opened last.
const latestWishes = `SELECT s.* FROM surveys s WHERE s.stage = 'published' AND s.opens_at <= ? AND s.questions LIKE '%%"wish":true%%'
AND EXISTS (SELECT 1 FROM properties p JOIN survey_homes h ON h.property_id = p.id AND h.survey_id = s.id WHERE p.%s = ?) ORDER BY s.opens_at DESC, s.id DESC LIMIT 1`

var levels = map[model.AudienceType]struct {
	by     Slicing
	column string
}{
	model.ToEstate: {ByEstate, "estate_id"}, model.ToBuilding: {ByBuilding, "building_id"}, model.ToUnit: {ByUnit, "unit_id"},
}

// WishesOf are the wishes of one estate, building or unit in the latest survey
// that asked there; without such a survey the survey is nil and the part empty.
func (s *Service) WishesOf(ctx context.Context, level model.AudienceType, id string) (*model.Survey, WishPart, error) {
	l, known := levels[level]
	if !known {
		return nil, WishPart{}, nil
	}
	var v model.Survey
	err := s.DB.Read(ctx).Raw(fmt.Sprintf(latestWishes, l.column), s.now(), id).Take(&v).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, WishPart{}, nil
	}
	if err != nil {
		return nil, WishPart{}, fmt.Errorf("find the survey of wishes of %s %s: %w", level, id, err)
	}
	w, err := s.Wishes(ctx, &v, l.by)
	if err != nil {
		return nil, WishPart{}, err
	}
	for _, part := range w.Parts {
		if part.Key == id {
			return &v, part, nil
		}
	}
	return &v, WishPart{Key: id, Hidden: !w.Kept}, nil
}
