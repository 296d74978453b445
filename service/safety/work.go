package safety

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
	"gongdi/service/wechat"
)

const (
	// VerdictWithin is how long a verdict is waited for before a person looks.
	VerdictWithin = 30 * time.Minute
	lease         = 2 * time.Minute // longer than a call with its retries
	downAfter     = 3               // tries without an answer, after which a person looks as well

	due       = "SELECT id FROM safety_checks WHERE state = 'pending' AND next_at <= ? ORDER BY next_at LIMIT 50"
	checkByID = "SELECT * FROM safety_checks WHERE id = ?"
)

// pauses follow each try without an answer; the last one repeats.
var pauses = []time.Duration{15 * time.Second, time.Minute, 3 * time.Minute, 5 * time.Minute}

// Work makes the checks that are due. Several replicas share them: each is
// taken for a while, and taken up again by another when whoever took it died.
func (s *Service) Work(ctx context.Context) error {
	if err := s.match(ctx); err != nil {
		return err
	}
	for {
		var ids []string
		if err := s.DB.Read(ctx).Raw(due, s.now()).Scan(&ids).Error; err != nil {
			return fmt.Errorf("find checks to make: %w", err)
		}
		for _, id := range ids {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := s.make(ctx, id); err != nil {
				return err
			}
		}
		if len(ids) == 0 {
			return nil
		}
	}
}

func (s *Service) make(ctx context.Context, id string) error {
	c, openID, err := s.take(ctx, id)
	if err != nil || c == nil {
		return err
	}
	verdict, trace, failed := s.ask(ctx, c, openID)
	if ctx.Err() != nil {
		return ctx.Err() // the lease ends, and it is asked again
	}
	return s.change(ctx, c.ID, func(now *model.SafetyCheck) bool {
		if now.State != model.SafetyPending || now.Tries != c.Tries {
			return false // somebody else was faster
		}
		switch {
		case failed != nil && errors.Is(failed, wechat.ErrNoJudge):
			s.forPerson(now, model.CauseNotJudged)
		case failed != nil:
			slog.WarnContext(ctx, "no verdict on what a resident wrote; it is asked for again", "check", now.ID, "error", failed)
			s.again(now)
		case trace != "":
			now.TraceID, now.NextAt = trace, at(now.MadeAt.Add(VerdictWithin))
		default:
			s.settle(now, verdict)
		}
		return true
	})
}

func at(t time.Time) *time.Time { return &t }

// take leases a check, or gives it to a person when its time is over.
func (s *Service) take(ctx context.Context, id string) (c *model.SafetyCheck, openID string, err error) {
	err = s.change(ctx, id, func(now *model.SafetyCheck) bool {
		c = nil
		switch {
		case now.State != model.SafetyPending || now.NextAt == nil || now.NextAt.After(s.now()):
			return false
		case s.now().Sub(now.MadeAt) >= VerdictWithin:
			s.forPerson(now, model.CauseNoVerdict)
			return true
		}
		now.Tries++
		now.NextAt = at(s.now().Add(lease))
		taken := *now
		c = &taken
		return true
	})
	if err != nil || c == nil {
		return nil, "", err
	}
	var openIDs []string
	err = s.DB.Read(ctx).Raw("SELECT open_id FROM wechat_accounts WHERE resident_id = ? AND app_id = ?", c.AuthorID, s.AppID).Scan(&openIDs).Error
	if err != nil {
		return nil, "", fmt.Errorf("find who wrote: %w", err)
	}
	if len(openIDs) > 0 {
		openID = openIDs[0]
	}
	return c, openID, nil
}

// ask has the platform judge: a text at once, a picture later.
func (s *Service) ask(ctx context.Context, c *model.SafetyCheck, openID string) (v wechat.Verdict, trace string, err error) {
	if openID == "" {
		return v, "", wechat.ErrNoJudge
	}
	if c.Kind == model.SafetyPicture {
		address, err := s.address(ctx, c)
		if err != nil {
			return v, "", err
		}
		trace, err = s.Judge.CheckPicture(ctx, openID, address)
		return v, trace, err
	}
	words, err := s.Vault.Reveal(checkedWords, c.Words)
	if err != nil {
		return v, "", fmt.Errorf("read check %s: %w", c.ID, err)
	}
	// A longer text is judged in pieces: the worst counts.
	for piece := range slices.Chunk([]rune(words), wechat.LongestText) {
		found, err := s.Judge.CheckText(ctx, openID, string(piece))
		if err != nil {
			return v, "", err
		}
		if gravity[found.Suggest] >= gravity[v.Suggest] {
			v = found
		}
	}
	return v, "", nil
}

var gravity = map[wechat.Suggest]int{wechat.SuggestPass: 1, wechat.SuggestReview: 2, wechat.SuggestRisky: 3}

func (s *Service) settle(c *model.SafetyCheck, v wechat.Verdict) {
	states := map[wechat.Suggest]model.SafetyState{
		wechat.SuggestPass: model.SafetyPass, wechat.SuggestReview: model.SafetyReview, wechat.SuggestRisky: model.SafetyRisky,
	}
	c.State, c.Cause, c.Label, c.NextAt = states[v.Suggest], model.CausePlatform, v.Label, nil
	if c.State == model.SafetyPass {
		c.DecidedAt = at(s.now())
	}
}

func (s *Service) forPerson(c *model.SafetyCheck, cause model.SafetyCause) {
	c.State, c.Cause, c.NextAt = model.SafetyReview, cause, nil
}

// again tries later. After some tries a person may look as well, and the
// platform goes on being asked until half an hour is over.
func (s *Service) again(c *model.SafetyCheck) {
	next := s.now().Add(pauses[min(c.Tries, len(pauses))-1])
	if end := c.MadeAt.Add(VerdictWithin); next.After(end) {
		next = end
	}
	c.NextAt = &next
	if c.Tries >= downAfter {
		c.Cause = model.CauseDown
	}
}

// change holds a check while fn changes it; fn says whether it did.
func (s *Service) change(ctx context.Context, id string, fn func(*model.SafetyCheck) bool) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return s.changeIn(tx, id, fn) })
}

func (s *Service) changeIn(tx *gorm.DB, id string, fn func(*model.SafetyCheck) bool) error {
	var rows []model.SafetyCheck
	if err := tx.Raw(s.DB.Locked(checkByID), id).Scan(&rows).Error; err != nil {
		return fmt.Errorf("hold check %s: %w", id, err)
	}
	if len(rows) == 0 || !fn(&rows[0]) {
		return nil // replaced meanwhile, or nothing to do
	}
	if err := tx.Select("*").Where("id = ?", id).UpdateColumns(&rows[0]).Error; err != nil {
		return fmt.Errorf("save check %s: %w", id, err)
	}
	return nil
}
