package surveys

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/store"
)

// placed is an anonymous answer with where it is from: in memory only.
type placed struct {
	estate, building string
	inEstate         bool // is in the figures of its estate
	answers          opinion.Answers
}

// pending are anonymous answers whose place is not in the figures yet. Nothing
// that is stored tells it: with the one who took part in a building, it would
// tell what they answered. What a stop of the program loses are slices' figures
// of fewer than five, never an answer.
type pending struct {
	mu, letting sync.Mutex
	of          map[string][]placed // by survey
}

func (p *pending) add(surveyID string, one placed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		p.of = map[string][]placed{}
	}
	p.of[surveyID] = append(p.of[surveyID], one)
}

func (p *pending) copy(surveyID string) []placed {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.of[surveyID])
}

// leave puts back what is left of the first n, before those that came since.
func (p *pending) leave(surveyID string, n int, left []placed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if rest := append(left, p.of[surveyID][n:]...); len(rest) > 0 {
		p.of[surveyID] = rest
		return
	}
	delete(p.of, surveyID)
}

const (
	heldBack = `SELECT (SELECT COUNT(*) FROM survey_answers WHERE survey_id = @id AND released = 0) AS waiting,
(SELECT COUNT(*) FROM survey_tallies WHERE id = @whole) AS kept, (SELECT COUNT(*) FROM survey_participants WHERE survey_id = @id) AS participants`
	toRelease = "SELECT content FROM survey_answers WHERE survey_id = ? AND released <= ?"
	release   = "UPDATE survey_answers SET released = 1 WHERE survey_id = ? AND released = 0"
)

// letOut puts anonymous answers into the figures, by no fewer than five at a
// time while the survey is open: so two looks never differ by one answer.
func (s *Service) letOut(ctx context.Context, k *kept) error {
	s.pending.letting.Lock()
	defer s.pending.letting.Unlock()
	v, over := k.survey, k.survey.StatusAt(s.now()) == model.SurveyClosed
	var now struct{ Waiting, Kept, Participants int64 }
	if err := s.DB.Read(ctx).Raw(heldBack, map[string]any{"id": v.ID, "whole": k.id(whole)}).Scan(&now).Error; err != nil {
		return fmt.Errorf("count answers of survey %s: %w", v.ID, err)
	}
	some := s.pending.copy(v.ID)
	enough := now.Waiting >= opinion.FewestShown || over && now.Waiting > 0 || now.Waiting == 0 && len(some) >= opinion.FewestShown || over && len(some) > 0
	if now.Participants == 0 || !enough && now.Kept > 0 {
		return nil
	}
	var left []placed
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) (err error) {
		k.forget()
		if _, err := survey(tx, s.DB.Locked(surveyByID), v.ID); err != nil {
			return err
		}
		if err := s.releaseAll(tx, k, enough); err != nil {
			return err
		}
		if left = some; enough {
			if left, err = s.place(tx, k, slices.Clone(some), over); err != nil {
				return err
			}
		}
		return s.keepTallies(tx, k)
	})
	if err == nil {
		s.pending.leave(v.ID, len(some), left)
	}
	return err
}

// releaseAll adds what waits to the figures of the whole; where none are kept
// it counts all that ever was let out.
func (s *Service) releaseAll(tx *gorm.DB, k *kept, enough bool) error {
	before, err := s.holdWhole(tx, k)
	if err != nil {
		return err
	}
	var contents []string
	query, least := toRelease, 0
	if !before {
		least = 1
	}
	if !enough { // anew, without what waits
		query += " AND released = 1"
	}
	if err := tx.Raw(query, k.survey.ID, least).Scan(&contents).Error; err != nil {
		return fmt.Errorf("read the answers of survey %s: %w", k.survey.ID, err)
	}
	for _, sealed := range contents {
		answers, err := s.openSheet(k.survey.ID, sealed)
		if err != nil {
			return err
		}
		k.tally(whole).Add(answers)
	}
	if !enough {
		return nil
	}
	if err := tx.Exec(release, k.survey.ID).Error; err != nil {
		return fmt.Errorf("let out answers of survey %s: %w", k.survey.ID, err)
	}
	return nil
}

// place adds answers to the figures of their estate, and then of their
// building, by no fewer than five at a time; when the survey is over also fewer
// where five are there already. So what is stored of a place is of five or more,
// and whoever is in a building's figures is in its estate's.
func (s *Service) place(tx *gorm.DB, k *kept, some []placed, over bool) ([]placed, error) {
	for _, step := range []struct {
		by   Slicing
		in   func(p *placed) bool
		key  func(p *placed) string
		done func(p *placed)
	}{
		{ByEstate, func(p *placed) bool { return !p.inEstate }, func(p *placed) string { return p.estate }, func(p *placed) { p.inEstate = true }},
		{ByBuilding, func(p *placed) bool { return p.inEstate }, func(p *placed) string { return p.building }, func(p *placed) { p.answers = nil }},
	} {
		sizes := map[string]int64{}
		for i := range some {
			if step.in(&some[i]) {
				sizes[partOf(step.by, step.key(&some[i]))]++
			}
		}
		ready, err := s.ready(tx, k, sizes, over)
		if err != nil {
			return nil, err
		}
		for i := range some {
			p := &some[i]
			if part := partOf(step.by, step.key(p)); step.in(p) && ready[part] {
				k.tally(part).Add(p.answers)
				step.done(p)
			}
		}
	}
	if over {
		return nil, nil
	}
	return slices.DeleteFunc(some, func(p placed) bool { return p.answers == nil }), nil
}

func (s *Service) ready(tx *gorm.DB, k *kept, sizes map[string]int64, over bool) (map[string]bool, error) {
	ready := map[string]bool{}
	for part, n := range sizes {
		if over && n < opinion.FewestShown {
			before, err := s.states(tx, k, []string{part})
			if err != nil {
				return nil, err
			}
			if t := before[part]; t != nil {
				n += t.N
			}
		}
		ready[part] = n >= opinion.FewestShown
	}
	return ready, nil
}
