package surveys

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const tallyField vault.Field = "survey_tally.state"

// whole is the part that is all of a survey.
const whole = "all"

func partOf(by Slicing, key string) string { return string(by) + "/" + key }

// slicings are by what responses are counted.
var slicings = []Slicing{ByEstate, ByBuilding, ByUnit, ByFloorGroup, ByRelation, ByChannel}

// kept are the figures of a survey as they are kept ready, and what is to be
// added to them, by the part of the survey.
type kept struct {
	survey    *model.Survey
	questions []opinion.Question
	blank     *opinion.Tally
	changes   map[string]*opinion.Tally
}

func (s *Service) newKept(v *model.Survey) (*kept, error) {
	questions, err := Questions(v)
	if err != nil {
		return nil, err
	}
	k := &kept{survey: v, questions: questions, blank: opinion.NewTally(questions, v.FairlyCounts)}
	k.forget()
	return k, nil
}

func (k *kept) id(part string) string { return k.survey.ID + "/" + part }

func (k *kept) forget() { k.changes = map[string]*opinion.Tally{} }

func (k *kept) tally(part string) *opinion.Tally {
	t, there := k.changes[part]
	if !there {
		t = k.blank.Like()
		k.changes[part] = t
	}
	return t
}

// count adds a response to every part that it is in, or takes it back.
func (k *kept) count(r reply, do func(*opinion.Tally, opinion.Answers)) {
	do(k.tally(whole), r.answers)
	for _, by := range slicings {
		do(k.tally(partOf(by, r.key(by))), r.answers)
	}
}

// counted is how what stood before is written beside a response that takes
// its place, until the figures follow.
type countedAs struct {
	Estate, Building, Unit, Floors, Relation, Channel, Answers string
}

// remember has a response that takes another's place know what is in the figures.
func remember(row, earlier *model.SurveyResponse) error {
	row.Tallied, row.TalliedAnswers, row.TalliedSealed = earlier.Tallied, earlier.TalliedAnswers, earlier.TalliedSealed
	if earlier.Tallied != model.Tallied {
		return nil
	}
	text, err := json.Marshal(countedAs{earlier.EstateID, earlier.BuildingID, earlier.UnitID, earlier.FloorGroup, string(earlier.Relation), string(earlier.Channel), earlier.Answers})
	if err != nil {
		return fmt.Errorf("write down what stood before response %s: %w", earlier.ID, err)
	}
	before := string(text)
	row.Tallied, row.TalliedAnswers, row.TalliedSealed = model.TalliedOlder, &before, &earlier.Sealed
	return nil
}

// earlierOf is what of a response is in the figures still.
func earlierOf(row *model.SurveyResponse) (*model.SurveyResponse, error) {
	var was countedAs
	if row.TalliedAnswers == nil {
		return nil, fmt.Errorf("response %s does not know what stood before: %w", row.ID, opinion.ErrTally)
	}
	if err := json.Unmarshal([]byte(*row.TalliedAnswers), &was); err != nil {
		return nil, fmt.Errorf("read what stood before response %s: %w", row.ID, err)
	}
	before := &model.SurveyResponse{
		ID: row.ID, EstateID: was.Estate, BuildingID: was.Building, UnitID: was.Unit, FloorGroup: was.Floors,
		Relation: model.Relation(was.Relation), Channel: model.SurveyChannel(was.Channel), Answers: was.Answers,
	}
	if row.TalliedSealed != nil {
		before.Sealed = *row.TalliedSealed
	}
	return before, nil
}

const (
	// Whether there are figures, responses that are not in them, and any at all.
	keptNews = `SELECT (SELECT COUNT(*) FROM survey_tallies WHERE id = @whole) AS kept,
EXISTS (SELECT 1 FROM survey_responses WHERE survey_id = @id AND tallied IN (0, 2)) AS news, EXISTS (SELECT 1 FROM survey_responses WHERE survey_id = @id) AS answered`
	newResponses = "SELECT * FROM survey_responses WHERE survey_id = ? AND tallied IN (0, 2) ORDER BY id LIMIT ?"
	nowTallied   = "UPDATE survey_responses SET tallied = 1, tallied_answers = NULL, tallied_sealed = NULL WHERE id IN ?"
	untallied    = "UPDATE survey_responses SET tallied = 0, tallied_answers = NULL, tallied_sealed = NULL WHERE survey_id = ? AND tallied IN (1, 2)"
)

// atOnce is how many responses are put into the figures in one transaction.
const atOnce = 2000

// catchUp puts what came since into the figures that are kept; where there are
// none it reckons them anew.
func (s *Service) catchUp(ctx context.Context, k *kept) error {
	if k.survey.Anonymous {
		return s.letOut(ctx, k)
	}
	var now struct{ Kept, News, Answered bool }
	if err := s.DB.Read(ctx).Raw(keptNews, map[string]any{"id": k.survey.ID, "whole": k.id(whole)}).Scan(&now).Error; err != nil {
		return fmt.Errorf("look for news of survey %s: %w", k.survey.ID, err)
	}
	for more := now.News || now.Answered && !now.Kept; more; {
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) (err error) {
			more, err = s.catchUpSome(tx, k)
			return err
		})
		if errors.Is(err, gorm.ErrDuplicatedKey) { // somebody else has begun them
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) catchUpSome(tx *gorm.DB, k *kept) (more bool, err error) {
	k.forget()
	before, err := s.holdWhole(tx, k)
	if err != nil {
		return false, err
	}
	if !before {
		if err := tx.Exec(untallied, k.survey.ID).Error; err != nil {
			return false, fmt.Errorf("begin the figures of survey %s anew: %w", k.survey.ID, err)
		}
	}
	var rows []model.SurveyResponse
	if err := tx.Raw(s.DB.Locked(newResponses), k.survey.ID, atOnce).Scan(&rows).Error; err != nil {
		return false, fmt.Errorf("read the news of survey %s: %w", k.survey.ID, err)
	}
	ids := make([]string, 0, len(rows))
	for i := range rows {
		if err := s.follow(k, &rows[i]); err != nil {
			return false, err
		}
		ids = append(ids, rows[i].ID)
	}
	if err := s.keepTallies(tx, k); err != nil {
		return false, err
	}
	for some := range slices.Chunk(ids, 500) {
		if err := tx.Exec(nowTallied, some).Error; err != nil {
			return false, fmt.Errorf("note what is in the figures of survey %s: %w", k.survey.ID, err)
		}
	}
	return len(rows) == atOnce, nil
}

// follow takes what stood before out of the figures and puts a response in.
func (s *Service) follow(k *kept, row *model.SurveyResponse) error {
	if row.Tallied == model.TalliedOlder {
		before, err := earlierOf(row)
		if err != nil {
			return err
		}
		if err := s.countOne(k, before, (*opinion.Tally).Remove); err != nil {
			return err
		}
	}
	return s.countOne(k, row, (*opinion.Tally).Add)
}

func (s *Service) countOne(k *kept, row *model.SurveyResponse, do func(*opinion.Tally, opinion.Answers)) error {
	if !slices.ContainsFunc(k.questions, func(q opinion.Question) bool { return q.Sensitive }) {
		row.Sealed = ""
	}
	answers, err := s.answersOf(row)
	if err == nil {
		k.count(reply{row, answers}, do)
	}
	return err
}

// holdWhole holds the figures of a survey, so that they change in one place at
// a time, and makes them where there are none.
func (s *Service) holdWhole(tx *gorm.DB, k *kept) (there bool, err error) {
	var held string
	if err := tx.Raw(s.DB.Locked("SELECT id FROM survey_tallies WHERE id = ?"), k.id(whole)).Scan(&held).Error; err != nil {
		return false, fmt.Errorf("hold the figures of survey %s: %w", k.survey.ID, err)
	}
	if held != "" {
		return true, nil
	}
	if err := tx.Create(&model.SurveyTally{ID: k.id(whole), SurveyID: k.survey.ID, State: s.Vault.Seal(tallyField, k.blank.Save())}).Error; err != nil {
		return false, fmt.Errorf("begin the figures of survey %s: %w", k.survey.ID, err)
	}
	if k.survey.Anonymous { // what is known by place comes from nothing else that is stored
		return false, nil
	}
	if err := tx.Exec("DELETE FROM survey_tallies WHERE survey_id = ? AND id <> ?", k.survey.ID, k.id(whole)).Error; err != nil {
		return false, fmt.Errorf("begin the figures of survey %s: %w", k.survey.ID, err)
	}
	return false, nil
}

// keepTallies adds the changes to what is kept.
func (s *Service) keepTallies(tx *gorm.DB, k *kept) error {
	parts := make([]string, 0, len(k.changes))
	for part := range k.changes {
		parts = append(parts, part)
	}
	slices.Sort(parts)
	for some := range slices.Chunk(parts, 300) {
		before, err := s.states(tx, k, some)
		if err != nil {
			return err
		}
		rows := make([]model.SurveyTally, 0, len(some))
		for _, part := range some {
			t := k.changes[part]
			if before[part] != nil {
				t.Merge(before[part])
			}
			rows = append(rows, model.SurveyTally{ID: k.id(part), SurveyID: k.survey.ID, State: s.Vault.Seal(tallyField, t.Save())})
		}
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&rows).Error; err != nil {
			return fmt.Errorf("keep the figures of survey %s: %w", k.survey.ID, err)
		}
	}
	return nil
}

// states are parts as they are kept.
func (s *Service) states(db *gorm.DB, k *kept, parts []string) (map[string]*opinion.Tally, error) {
	ids := make([]string, 0, len(parts))
	for _, part := range parts {
		ids = append(ids, k.id(part))
	}
	var rows []model.SurveyTally
	if err := db.Raw("SELECT * FROM survey_tallies WHERE id IN ?", ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the figures of survey %s: %w", k.survey.ID, err)
	}
	return s.open(k, rows)
}

func (s *Service) open(k *kept, rows []model.SurveyTally) (map[string]*opinion.Tally, error) {
	out := make(map[string]*opinion.Tally, len(rows))
	for _, row := range rows {
		state, err := s.Vault.Reveal(tallyField, row.State)
		if err != nil {
			return nil, fmt.Errorf("open the figures %s: %w", row.ID, err)
		}
		t := k.blank.Like()
		if err := t.Restore(state); err != nil {
			return nil, fmt.Errorf("read the figures %s: %w", row.ID, err)
		}
		out[strings.TrimPrefix(row.ID, k.survey.ID+"/")] = t
	}
	return out, nil
}

// keptOf are the figures of one part.
func (s *Service) keptOf(ctx context.Context, k *kept, part string) (*opinion.Tally, error) {
	all, err := s.states(s.DB.Read(ctx), k, []string{part})
	return cmp.Or(all[part], k.blank), err
}

// keptBy are the figures of every slice that anybody answered in.
func (s *Service) keptBy(ctx context.Context, k *kept, by Slicing) (map[string]*opinion.Tally, error) {
	const slicesOf = "SELECT * FROM survey_tallies WHERE id >= ? AND id < ?" // "0" comes next to "/"
	var rows []model.SurveyTally
	if err := s.DB.Read(ctx).Raw(slicesOf, k.id(string(by))+"/", k.id(string(by))+"0").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the figures of survey %s: %w", k.survey.ID, err)
	}
	parts, err := s.open(k, rows)
	out := make(map[string]*opinion.Tally, len(parts))
	for part, t := range parts {
		if t.N > 0 {
			out[strings.TrimPrefix(part, string(by)+"/")] = t
		}
	}
	return out, err
}

// toCatchUp finds surveys whose figures have fallen behind; of an anonymous one
// that is over, or that waits for many.
const toCatchUp = `SELECT s.* FROM surveys s WHERE s.stage = 'published' AND s.opens_at <= @now AND (
EXISTS (SELECT 1 FROM survey_responses r WHERE r.survey_id = s.id AND r.tallied IN (0, 2))
OR s.anonymous = 1 AND (s.closes_at <= @now OR s.closed_at IS NOT NULL) AND EXISTS (SELECT 1 FROM survey_answers a WHERE a.survey_id = s.id AND a.released = 0)
OR s.anonymous = 1 AND (SELECT COUNT(*) FROM survey_answers a WHERE a.survey_id = s.id AND a.released = 0) >= 50) ORDER BY s.id LIMIT 20`

// CatchUp keeps figures ready, so that whoever looks waits for few answers only.
func (s *Service) CatchUp(ctx context.Context) error {
	var behind []model.Survey
	if err := s.DB.Read(ctx).Raw(toCatchUp, map[string]any{"now": s.now()}).Scan(&behind).Error; err != nil {
		return fmt.Errorf("find whose figures have fallen behind: %w", err)
	}
	for i := range behind {
		k, err := s.newKept(&behind[i])
		if err == nil {
			err = s.catchUp(ctx, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
