package surveys

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/fault"
)

// Slicing is by what figures are sliced.
type Slicing string

// The slicings. An anonymous survey keeps estates and buildings only.
const (
	Unsliced     Slicing = ""
	ByEstate     Slicing = "estate"
	ByBuilding   Slicing = "building"
	ByUnit       Slicing = "unit"
	ByFloorGroup Slicing = "floor_group"
	ByRelation   Slicing = "relation"
	ByChannel    Slicing = "channel"
)

// Results are the figures of a survey.
type Results struct {
	Survey    *model.Survey
	Base      int64 // homes of the audience
	Responses int64
	Counted   int64 // responses that the figures are of; fewer only while an anonymous survey is open
	Rate      opinion.Hundredths
	Channels  map[string]int64 // responses by channel; none of an anonymous survey
	Visits    map[string]int64 // homes by what came of the latest visit
	Hidden    bool             // fewer than five took part in an anonymous survey
	Questions []opinion.Figure
	Slices    []Slice
	Kept      bool // whether the survey keeps by what the slices were asked for
}

// Slice are the figures of a part of the audience.
type Slice struct {
	Key, Label string
	Base       int64 // 0 where homes cannot be told apart so: by relation, by channel
	Responses  int64
	Rate       opinion.Hundredths
	Hidden     bool // fewer than five took part, or that could be had by subtraction
	Questions  []opinion.Figure

	around string // the estate of a building
}

// reply is one response, as it is counted.
type reply struct {
	row     *model.SurveyResponse // what it is sliced by
	answers opinion.Answers
}

func (r reply) key(by Slicing) string {
	switch by {
	case ByEstate:
		return r.row.EstateID
	case ByBuilding:
		return r.row.BuildingID
	case ByUnit:
		return r.row.UnitID
	case ByFloorGroup:
		return r.row.FloorGroup
	case ByRelation:
		return cmp.Or(string(r.row.Relation), "unknown")
	case ByChannel:
		return string(r.row.Channel)
	default:
		return ""
	}
}

// Results are the figures of a survey as they are now: those that are kept,
// with what came since.
func (s *Service) Results(ctx context.Context, v *model.Survey, by Slicing) (*Results, error) {
	k, err := s.newKept(v)
	if err != nil {
		return nil, err
	}
	if err := s.catchUp(ctx, k); err != nil {
		return nil, err
	}
	all, err := s.keptOf(ctx, k, whole)
	if err != nil {
		return nil, err
	}
	r := &Results{Survey: v, Base: v.Base, Visits: map[string]int64{}, Counted: all.N, Responses: all.N}
	r.Kept = !v.Anonymous || by == ByEstate || by == ByBuilding || by == Unsliced
	if err := s.takenPart(ctx, k, r); err != nil {
		return nil, err
	}
	r.Rate = opinion.Percent(r.Responses, r.Base)
	if !r.Hidden {
		r.Questions = all.Figures()
	}
	if by != Unsliced && r.Kept {
		if r.Slices, err = s.slices(ctx, k, by, all.N); err != nil {
			return nil, err
		}
	}
	return r, s.visits(ctx, v, r)
}

// takenPart says how answers came, and of an anonymous survey how many took
// part, which the figures may lag behind.
func (s *Service) takenPart(ctx context.Context, k *kept, r *Results) error {
	if k.survey.Anonymous {
		r.Hidden = r.Counted < opinion.FewestShown
		if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM survey_participants WHERE survey_id = ?", k.survey.ID).Scan(&r.Responses).Error; err != nil {
			return fmt.Errorf("count who took part in survey %s: %w", k.survey.ID, err)
		}
		return nil
	}
	channels, err := s.keptBy(ctx, k, ByChannel)
	r.Channels = make(map[string]int64, len(channels))
	for channel, t := range channels {
		r.Channels[channel] = t.N
	}
	return err
}

func (s *Service) visits(ctx context.Context, v *model.Survey, r *Results) error {
	var rows []struct {
		Visit string
		N     int64
	}
	if err := s.DB.Read(ctx).Raw("SELECT visit, COUNT(*) AS n FROM survey_homes WHERE survey_id = ? GROUP BY visit", v.ID).Scan(&rows).Error; err != nil {
		return fmt.Errorf("count visits of survey %s: %w", v.ID, err)
	}
	for _, row := range rows {
		if row.Visit != "" {
			r.Visits[row.Visit] = row.N
		}
	}
	return nil
}

// each reads every response that counts.
func (s *Service) each(ctx context.Context, v *model.Survey, questions []opinion.Question, fn func(reply)) (err error) {
	if v.Anonymous {
		return s.eachSheet(ctx, v, fn)
	}
	open := slices.ContainsFunc(questions, func(q opinion.Question) bool { return q.Sensitive })
	rows, err := s.DB.Read(ctx).Raw("SELECT id, estate_id, building_id, unit_id, floor_group, relation, channel, answers, sealed FROM survey_responses WHERE survey_id = ?", v.ID).Rows()
	if err != nil {
		return fmt.Errorf("read the responses of survey %s: %w", v.ID, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row model.SurveyResponse
		if err := rows.Scan(&row.ID, &row.EstateID, &row.BuildingID, &row.UnitID, &row.FloorGroup, &row.Relation, &row.Channel, &row.Answers, &row.Sealed); err != nil {
			return fmt.Errorf("read the responses of survey %s: %w", v.ID, err)
		}
		if !open {
			row.Sealed = ""
		}
		answers, err := s.answersOf(&row)
		if err != nil {
			return err
		}
		fn(reply{&row, answers})
	}
	return rows.Err()
}

func (s *Service) eachSheet(ctx context.Context, v *model.Survey, fn func(reply)) (err error) {
	rows, err := s.DB.Read(ctx).Raw("SELECT content FROM survey_answers WHERE survey_id = ? AND released = 1 ORDER BY id", v.ID).Rows()
	if err != nil {
		return fmt.Errorf("read the answers of survey %s: %w", v.ID, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var sealed string
		if err := rows.Scan(&sealed); err != nil {
			return fmt.Errorf("read the answers of survey %s: %w", v.ID, err)
		}
		answers, err := s.openSheet(v.ID, sealed)
		if err != nil {
			return err
		}
		fn(reply{&model.SurveyResponse{}, answers})
	}
	return rows.Err()
}

func (s *Service) openSheet(surveyID, sealed string) (opinion.Answers, error) {
	plain, err := s.Vault.Reveal(sheetField, sealed)
	if err != nil {
		return nil, fmt.Errorf("open an answer of survey %s: %w", surveyID, err)
	}
	var c content
	if err := json.Unmarshal([]byte(strings.TrimSpace(plain)), &c); err != nil {
		return nil, fmt.Errorf("read an answer of survey %s: %w", surveyID, err)
	}
	return opinion.Decode(string(c.Answers))
}

var basesOf = map[Slicing]string{
	ByEstate: `SELECT h.estate_id AS slice, e.name AS label, '' AS around, COUNT(*) AS base FROM survey_homes h
JOIN estates e ON e.id = h.estate_id WHERE h.survey_id = ? GROUP BY h.estate_id, e.name ORDER BY e.name, h.estate_id`,
	ByBuilding: `SELECT h.building_id AS slice, CONCAT(e.name, b.label) AS label, h.estate_id AS around, COUNT(*) AS base FROM survey_homes h
JOIN estates e ON e.id = h.estate_id JOIN buildings b ON b.id = h.building_id WHERE h.survey_id = ?
GROUP BY h.building_id, e.name, b.label, b.sort_key, h.estate_id ORDER BY e.name, b.sort_key, h.building_id`,
	ByUnit: `SELECT h.unit_id AS slice, CONCAT(e.name, b.label, u.label) AS label, h.building_id AS around, COUNT(*) AS base FROM survey_homes h
JOIN estates e ON e.id = h.estate_id JOIN buildings b ON b.id = h.building_id JOIN units u ON u.id = h.unit_id WHERE h.survey_id = ?
GROUP BY h.unit_id, e.name, b.label, u.label, b.sort_key, u.sort_key, h.building_id ORDER BY e.name, b.sort_key, u.sort_key, h.unit_id`,
	ByFloorGroup: "SELECT floor_group AS slice, floor_group AS label, '' AS around, COUNT(*) AS base FROM survey_homes WHERE survey_id = ? GROUP BY floor_group ORDER BY floor_group",
}

var sliceWords = map[string]string{
	"owner": "业主", "tenant": "租户", "family": "家属", "agent": "受托人", "unknown": "未注明",
	"mini_program": "小程序", "door": "入户", "1": "1层及以下", "2-3": "2—3层", "4-5": "4—5层", "6+": "6层及以上",
}

func (s *Service) slices(ctx context.Context, k *kept, by Slicing, counted int64) ([]Slice, error) {
	parts, err := s.keptBy(ctx, k, by)
	if err != nil {
		return nil, err
	}
	v := k.survey
	var bases []struct {
		Slice, Label, Around string
		Base                 int64
	}
	if query, known := basesOf[by]; known {
		if err := s.DB.Read(ctx).Raw(query, v.ID).Scan(&bases).Error; err != nil {
			return nil, fmt.Errorf("count the homes of survey %s: %w", v.ID, err)
		}
	}
	out := make([]Slice, 0, len(bases))
	for _, b := range bases {
		out = append(out, Slice{Key: b.Slice, Label: cmp.Or(sliceWords[b.Label], b.Label), Base: b.Base, around: b.Around})
	}
	there := make(map[string]bool, len(out))
	for _, known := range out {
		there[known.Key] = true
	}
	for key := range parts {
		if !there[key] {
			out = append(out, Slice{Key: key, Label: cmp.Or(sliceWords[key], key)})
		}
	}
	slices.SortStableFunc(out[len(bases):], func(a, b Slice) int { return cmp.Compare(a.Key, b.Key) })
	for i := range out {
		if t := parts[out[i].Key]; t != nil {
			out[i].Responses = t.N
		}
		out[i].Rate = opinion.Percent(out[i].Responses, out[i].Base)
	}
	if v.Anonymous {
		estates := parts
		if by != ByEstate {
			if estates, err = s.keptBy(ctx, k, ByEstate); err != nil {
				return nil, err
			}
		}
		hide(out, by, estates, counted)
	}
	for i := range out {
		switch t := parts[out[i].Key]; {
		case out[i].Hidden:
			out[i].Responses, out[i].Rate = 0, 0
		case t == nil:
			out[i].Questions = k.blank.Figures()
		default:
			out[i].Questions = t.Figures()
		}
	}
	return out, nil
}

// hide keeps small slices of an anonymous survey back, and what they could be
// had from: estates within the whole, buildings within their estate, and those
// of an estate that is hidden are too.
func hide(out []Slice, by Slicing, kept map[string]*opinion.Tally, counted int64) {
	estates := make([]Slice, 0, len(kept))
	if by == ByEstate {
		estates = out
	} else {
		for _, b := range out {
			if !slices.ContainsFunc(estates, func(e Slice) bool { return e.Key == b.around }) {
				estates = append(estates, Slice{Key: b.around})
				if t := kept[b.around]; t != nil {
					estates[len(estates)-1].Responses = t.N
				}
			}
		}
	}
	hideAmong(estates, counted, func(int) bool { return true })
	if by == ByEstate {
		return
	}
	for _, e := range estates {
		hideAmong(out, e.Responses, func(i int) bool { return out[i].around == e.Key })
		for i := range out {
			out[i].Hidden = out[i].Hidden || e.Hidden && out[i].around == e.Key
		}
	}
}

// hideAmong hides those of a whole that are too few, minding those of the
// whole who are in none.
func hideAmong(out []Slice, of int64, member func(i int) bool) {
	var sizes []int64
	var places []int
	for i := range out {
		if member(i) {
			sizes, places, of = append(sizes, out[i].Responses), append(places, i), of-out[i].Responses
		}
	}
	for j, hidden := range opinion.Hidden(sizes, of) {
		out[places[j]].Hidden = hidden
	}
}

// ReadSlicing reads by what figures are to be sliced.
func ReadSlicing(text string) (Slicing, error) {
	by := Slicing(text)
	switch by {
	case Unsliced, ByEstate, ByBuilding, ByUnit, ByFloorGroup, ByRelation, ByChannel:
		return by, nil
	default:
		return by, fault.Unknown("query.by", "可以按小区、楼栋、单元、楼层、身份或渠道分组")
	}
}

// PublicResults are the figures of a survey that the office has opened to
// everybody; of fewer than five responses none are shown.
func (s *Service) PublicResults(ctx context.Context, id string) (*Results, error) {
	v, err := survey(s.DB.Read(ctx), surveyByID, id)
	if err == nil && !v.Open {
		err = fault.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	r, err := s.Results(ctx, v, Unsliced)
	if err != nil {
		return nil, err
	}
	if r.Counted < opinion.FewestShown {
		r.Hidden, r.Questions, r.Channels = true, nil, nil
	}
	r.Visits = nil
	return r, nil
}
