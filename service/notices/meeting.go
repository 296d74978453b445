package notices

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// What is refused of meetings.
var (
	ErrMeetingOver      = fault.New(fault.Conflict, "meeting_over", "会议已经开始或者取消，不能再取消")
	ErrMeetingCancelled = fault.New(fault.Conflict, "meeting_cancelled", "会议已经取消")
	ErrMeetingNotBegun  = fault.New(fault.Conflict, "meeting_not_begun", "会议还没有开始")
	ErrMinutesWritten   = fault.New(fault.Conflict, "minutes_written", "会议纪要已经写好，修改请在纪要的公告上进行")
)

// Call is what a meeting is called from.
type Call struct {
	Kind         model.MeetingKind
	Title, Place string
	Agenda       string // Markdown
	AudienceType model.AudienceType
	AudienceID   string
	From, Until  time.Time
}

// longestMeeting bounds a meeting, so that a slip in a date is found.
const longestMeeting = 24 * time.Hour

// CallMeeting makes a meeting, with its code to sign in by, and drafts the
// notice that calls it, which is published like any other.
func (s *Service) CallMeeting(ctx context.Context, caller model.Caller, c Call) (*model.Meeting, error) {
	now := s.now()
	switch {
	case strings.TrimSpace(c.Place) == "":
		return nil, fault.Unknown("body.place", "请填写地点")
	case !c.Until.After(c.From) || c.Until.Sub(c.From) > longestMeeting:
		return nil, fault.Unknown("body.until", "结束应在开始之后、24 小时之内")
	case c.Until.Before(now):
		return nil, fault.Unknown("body.until", "会议时间已经过去")
	}
	words := map[model.MeetingKind]string{model.Mobilisation: "动员会", model.Council: "居民议事会"}[c.Kind]
	from, until := c.From.In(quantity.Shanghai), c.Until.In(quantity.Shanghai)
	n := &model.Notice{ID: store.NewID(), Stage: model.NoticeDraft, CreatedBy: caller.ID, CreatedAt: now}
	m := &model.Meeting{ID: store.NewID(), Kind: c.Kind, NoticeID: n.ID, Code: signInCode(), CreatedBy: caller.ID, CreatedAt: now}
	d := Draft{
		Kind: model.CallToMeet, Title: c.Title, AudienceType: c.AudienceType, AudienceID: c.AudienceID, AboutType: "meeting", AboutID: m.ID, From: &c.From, Until: &c.Until,
		Body: fmt.Sprintf("- 会议：%s\n- 时间：%s 至 %s\n- 地点：%s\n\n%s", words, from.Format("2006年1月2日 15:04"), until.Format("1月2日 15:04"), strings.TrimSpace(c.Place), c.Agenda),
	}
	if err := s.fill(ctx, caller, n, d); err != nil {
		return nil, err
	}
	m.AreaCode, m.Title, m.Place = n.AreaCode, n.Title, tamed(strings.TrimSpace(c.Place))
	m.AudienceType, m.AudienceID, m.AudienceLabel = n.AudienceType, n.AudienceID, n.AudienceLabel
	m.StartsAt, m.EndsAt = *n.HappensFrom, *n.HappensUntil
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Meeting, error) {
		if err := gorm.G[model.Meeting](tx).Create(ctx, m); err != nil {
			return nil, fmt.Errorf("call a meeting: %w", err)
		}
		if err := s.keep(ctx, tx, caller, n, d); err != nil {
			return nil, err
		}
		return m, s.recordMeeting(ctx, tx, caller, m, "call", "")
	})
}

// signInLetters are those that are not mistaken for one another.
const signInLetters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

func signInCode() string {
	var code strings.Builder
	for code.Len() < 8 {
		for _, letter := range rand.Text() {
			if code.Len() < 8 && strings.ContainsRune(signInLetters, letter) {
				code.WriteRune(letter)
			}
		}
	}
	return code.String()
}

func (s *Service) recordMeeting(ctx context.Context, tx *gorm.DB, caller model.Caller, m *model.Meeting, verb, reason string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: model.WriteNotices, Verb: verb, ObjectType: "meeting", ObjectID: m.ID, AreaCode: m.AreaCode, Reason: reason,
	})
}

const meetingByID = "SELECT * FROM meetings WHERE id = ?"

func meeting(tx *gorm.DB, query string, arg string) (*model.Meeting, error) {
	var m model.Meeting
	err := tx.Raw(query, arg).Take(&m).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read a meeting: %w", err)
	}
	return &m, nil
}

// MeetingOf is a meeting as a member of staff may tend it: in their area.
func (s *Service) MeetingOf(ctx context.Context, caller model.Caller, id string) (*model.Meeting, error) {
	m, err := meeting(s.DB.Read(ctx), meetingByID, id)
	if err == nil && !caller.Covers(m.AreaCode) {
		err = fault.ErrNotFound
	}
	return m, err
}

// Meetings lists those of the caller's area, the latest first.
func (s *Service) Meetings(ctx context.Context, caller model.Caller, l Listing) ([]model.Meeting, int64, error) {
	return s.listMeetings(ctx, "FROM meetings WHERE area_code LIKE ?", []any{caller.AreaCode + "%"}, l)
}

func (s *Service) listMeetings(ctx context.Context, from string, args []any, l Listing) ([]model.Meeting, int64, error) {
	return store.Page[model.Meeting](s.DB.Read(ctx), store.List{Of: "meetings", Columns: "*", From: from, Order: "starts_at DESC, id DESC", Args: args}, l.Offset, l.Limit)
}

// CancelMeeting calls a meeting off before it begins: its notice is withdrawn
// for the same reason, and who could read it is told.
func (s *Service) CancelMeeting(ctx context.Context, caller model.Caller, id, reason string) (*model.Meeting, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Meeting, error) {
		m, err := meeting(tx, s.DB.Locked(meetingByID), id)
		if err != nil {
			return nil, err
		}
		now := s.now()
		if m.StatusAt(now) != model.MeetingCalled {
			return nil, ErrMeetingOver
		}
		m.CancelledAt, m.CancelledReason = &now, reason
		if err := tx.Exec("UPDATE meetings SET cancelled_at = ?, cancelled_reason = ? WHERE id = ?", now, reason, id).Error; err != nil {
			return nil, fmt.Errorf("cancel meeting %s: %w", id, err)
		}
		if err := s.dropCall(tx, m, reason); err != nil {
			return nil, err
		}
		return m, s.recordMeeting(ctx, tx, caller, m, "cancel", reason)
	})
}

func (s *Service) dropCall(tx *gorm.DB, m *model.Meeting, reason string) error {
	n, err := notice(tx, s.DB.Locked(noticeByID), m.NoticeID)
	switch {
	case errors.Is(err, fault.ErrNotFound), err == nil && n.Stage == model.NoticeWithdrawn:
		return nil
	case err != nil:
		return err
	case n.Stage == model.NoticeDraft:
		return tx.Exec("DELETE FROM notices WHERE id = ?", n.ID).Error
	}
	if err := s.withdraw(tx, n, reason); err != nil {
		return err
	}
	return tx.Exec("UPDATE notices SET stage = ?, withdrawn_at = ?, withdrawn_reason = ? WHERE id = ?", n.Stage, n.WithdrawnAt, n.WithdrawnReason, n.ID).Error
}

// Minutes are what a meeting came to (会议纪要), with its pictures.
type Minutes struct {
	Text  string // Markdown
	Files []string
}

// WriteMinutes publishes a meeting's minutes to those it was for, as a notice;
// where such a notice demands a review it waits as a draft.
func (s *Service) WriteMinutes(ctx context.Context, caller model.Caller, id string, w Minutes) (*model.Notice, error) {
	m, err := meeting(s.DB.Read(ctx), meetingByID, id)
	if err != nil {
		return nil, err
	}
	n := &model.Notice{ID: store.NewID(), Stage: model.NoticeDraft, CreatedBy: caller.ID, CreatedAt: s.now()}
	d := Draft{
		Kind: model.Announcement, Title: clip(m.Title, 95) + "会议纪要", Body: w.Text, AudienceType: m.AudienceType, AudienceID: m.AudienceID,
		AboutType: "meeting", AboutID: m.ID, Files: w.Files,
	}
	if err := s.fill(ctx, caller, n, d); err != nil {
		return nil, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Notice, error) {
		m, err := meeting(tx, s.DB.Locked(meetingByID), id)
		if err != nil {
			return nil, err
		}
		switch {
		case m.CancelledAt != nil:
			return nil, ErrMeetingCancelled
		case s.now().Before(m.StartsAt):
			return nil, ErrMeetingNotBegun
		case m.MinutesID != "":
			return nil, ErrMinutesWritten
		}
		if !s.demandsReview(n) {
			if err := s.publish(tx, caller, n, nil); err != nil {
				return nil, err
			}
		}
		if err := s.keep(ctx, tx, caller, n, d); err != nil {
			return nil, err
		}
		if err := tx.Exec("UPDATE meetings SET minutes_id = ? WHERE id = ?", n.ID, id).Error; err != nil {
			return nil, fmt.Errorf("keep the minutes of meeting %s: %w", id, err)
		}
		return n, s.recordMeeting(ctx, tx, caller, m, "minutes", "")
	})
}
