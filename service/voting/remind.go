package voting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/messages"
	"gongdi/service/store"
)

const (
	// late is after how long word of something is no longer news.
	late = 24 * time.Hour

	motionsToTell = `SELECT * FROM motions WHERE stage = 'published' AND opens_at <= ? AND closes_at > ? OR stage = 'sealed' AND sealed_at > ?
ORDER BY id LIMIT 1000`
	openReminders = "SELECT * FROM motion_reminders WHERE done_at IS NULL ORDER BY due_at, motion_id, kind LIMIT 50"
	oneReminder   = "SELECT * FROM motion_reminders WHERE motion_id = ? AND kind = ? AND due_at = ?"
	saveReminder  = "UPDATE motion_reminders SET reached = ?, told = ?, done_at = ? WHERE motion_id = ? AND kind = ? AND due_at = ?"
	toBeTold      = `SELECT DISTINCT b.resident_id FROM roll_properties p JOIN roll_voters v ON v.motion_id = p.motion_id AND v.id = p.voter_id
JOIN bindings b ON b.property_id = p.property_id AND b.status = 'verified'
WHERE p.motion_id = ? AND (? = 'willingness' OR b.relation = 'owner') AND (? = 0 OR v.choice = '' AND v.unconfirmed = 0) AND b.resident_id > ? ORDER BY b.resident_id LIMIT 500`
)

// Remind tells residents, each once whatever replicas do it, that a vote has
// opened, that it closes in two days and in four hours if their voter has not
// taken part, and that there is a result.
func (s *Service) Remind(ctx context.Context) error {
	now := s.now()
	var motions []model.Motion
	if err := s.DB.Read(ctx).Raw(motionsToTell, now, now, now.Add(-late)).Scan(&motions).Error; err != nil {
		return fmt.Errorf("find motions to tell of: %w", err)
	}
	if err := s.fallDue(ctx, motions, now); err != nil {
		return err
	}
	var open []model.MotionReminder
	if err := s.DB.Read(ctx).Raw(openReminders).Scan(&open).Error; err != nil {
		return fmt.Errorf("find reminders to tell: %w", err)
	}
	for _, r := range open {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = s.tellSome(ctx, r); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// dueOf is what is to be told of a motion now, and since when: the latest
// alone, so that a server that was down does not tell two at once.
func dueOf(m *model.Motion, now time.Time) (model.ReminderKind, time.Time) {
	if m.Stage == model.StageSealed {
		return model.RemindResult, *m.SealedAt
	}
	kind, due := model.RemindOpened, m.OpensAt
	for _, r := range []struct {
		kind   model.ReminderKind
		before time.Duration
	}{{model.RemindClosing48, 48 * time.Hour}, {model.RemindClosing4, 4 * time.Hour}} {
		if at := m.ClosesAt.Add(-r.before); !at.After(now) && at.After(m.OpensAt) {
			kind, due = r.kind, at
		}
	}
	return kind, due
}

// fallDue enters what is to be told now of each motion and is not yet entered.
func (s *Service) fallDue(ctx context.Context, motions []model.Motion, now time.Time) error {
	ids := make([]string, 0, len(motions))
	for _, m := range motions {
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	var there []model.MotionReminder
	if err := s.DB.Read(ctx).Raw("SELECT * FROM motion_reminders WHERE motion_id IN ?", ids).Scan(&there).Error; err != nil {
		return fmt.Errorf("find what was told of motions: %w", err)
	}
	var rows []model.MotionReminder
	for i := range motions {
		kind, due := dueOf(&motions[i], now)
		entered := slices.ContainsFunc(there, func(r model.MotionReminder) bool {
			return r.MotionID == motions[i].ID && r.Kind == kind && r.DueAt.Equal(due)
		})
		if !entered && !due.Before(now.Add(-late)) {
			rows = append(rows, model.MotionReminder{MotionID: motions[i].ID, Kind: kind, DueAt: due})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, 200).Error
	})
	if err != nil {
		return fmt.Errorf("let word of motions fall due: %w", err)
	}
	return nil
}

func (s *Service) tellSome(ctx context.Context, r model.MotionReminder) (more bool, err error) {
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Raw(s.DB.Locked(oneReminder), r.MotionID, r.Kind, r.DueAt).Take(&r).Error; err != nil {
			return fmt.Errorf("hold a reminder of motion %s: %w", r.MotionID, err)
		}
		if more = r.DoneAt == nil; !more {
			return nil
		}
		m, err := motion(tx, motionByID, r.MotionID)
		if err != nil {
			return err
		}
		var residents []string
		silent := r.Kind == model.RemindClosing48 || r.Kind == model.RemindClosing4
		if m.Stage != model.StageCancelled {
			if err := tx.Raw(toBeTold, m.ID, m.Kind, silent, r.Reached).Scan(&residents).Error; err != nil {
				return fmt.Errorf("find whom to tell of motion %s: %w", m.ID, err)
			}
		}
		now := s.now()
		news, err := wordOf(tx, m, r.Kind)
		if err != nil {
			return err
		}
		if err := messages.Tell(tx, residents, news, now); err != nil {
			return err
		}
		if len(residents) > 0 {
			r.Reached, r.Told = residents[len(residents)-1], r.Told+len(residents)
		}
		if more = len(residents) == batch; !more {
			r.DoneAt = &now
		}
		return tx.Exec(saveReminder, r.Reached, r.Told, r.DoneAt, r.MotionID, r.Kind, r.DueAt).Error
	})
	return more, err
}

// wordOf is what is told of a motion; of its end how it ended, never what
// anybody chose.
func wordOf(tx *gorm.DB, m *model.Motion, kind model.ReminderKind) (messages.News, error) {
	n := reminder(m, kind)
	if kind != model.RemindResult || m.Stage != model.StageSealed {
		return n, nil
	}
	r, err := result(tx, m.ID)
	if err != nil {
		return n, err
	}
	var t Tally
	if err := json.Unmarshal([]byte(r.Tally), &t); err != nil {
		return n, fmt.Errorf("read the sealed tally of motion %s: %w", m.ID, err)
	}
	words := outcomeWords[t.Result.Outcome]
	n.Fields["result"] = words
	n.Text, n.Hint = "“"+m.Title+"”已结束："+words+"。结果已经公告，您可以用回执核对", "表决已结束："+words
	return n, nil
}

// outcomeWords are at most five characters, so that a template's phrase holds them.
var outcomeWords = map[vote.Outcome]string{vote.Passed: "已通过", vote.NotPassed: "未通过", vote.Undetermined: "尚不能确定"}

// reminder is what is said of a motion. A hint that somebody has not voted is
// of no use after the close.
func reminder(m *model.Motion, kind model.ReminderKind) messages.News {
	n := messages.News{
		Kind: "motion_" + string(kind), AboutType: "motion", AboutID: m.ID, Until: m.ClosesAt,
		Fields: map[string]string{
			"title": m.Title, "estate": m.ScopeLabel, "opens": messages.Instant(m.OpensAt), "closes": messages.Instant(m.ClosesAt),
		},
	}
	words := ""
	switch kind {
	case model.RemindOpened:
		words, n.Hint = "已开始，请在截止以前提交您的意见", "表决已开始，请在截止前提交"
	case model.RemindClosing48:
		words, n.Hint = "两天内截止，您还没有提交意见", "两天内截止，您还没有提交"
	case model.RemindClosing4:
		words, n.Hint = "四小时内截止，您还没有提交意见", "四小时内截止，您还没有提交"
	case model.RemindResult:
		words, n.Hint, n.Until = "已结束，结果已经公告，您可以用回执核对", "表决已结束，结果已经公告", time.Time{}
	}
	n.Text = "“" + m.Title + "”" + words
	return n
}
