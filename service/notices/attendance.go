package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/audience"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused of somebody who signs in.
var (
	ErrCodeWrong    = fault.New(fault.Invalid, "sign_in_code_wrong", "没有这个签到码，请看清会场的签到码后重试")
	ErrNotInvited   = fault.New(fault.Forbidden, "not_invited", "这次会议不是面向您绑定的房屋的，请在纸质签到表上签到")
	ErrSignInClosed = fault.New(fault.Conflict, "sign_in_closed", "签到从会议开始前一小时到会议结束")
)

const (
	attendeeName vault.Field = "attendee.name"
	bindingName  vault.Field = "binding.name"
)

// SignIn notes, by the code that hangs in the room, that a resident came. A
// second time changes nothing.
func (s *Service) SignIn(ctx context.Context, caller model.Caller, code string) (*model.Meeting, error) {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Meeting, error) {
		m, err := meeting(tx, "SELECT * FROM meetings WHERE code = ?", code)
		if errors.Is(err, fault.ErrNotFound) {
			return nil, ErrCodeWrong
		}
		if err != nil {
			return nil, err
		}
		now := s.now()
		switch {
		case m.CancelledAt != nil:
			return nil, ErrMeetingCancelled
		case now.Before(m.SignInFrom()) || !now.Before(m.EndsAt):
			return nil, ErrSignInClosed
		}
		homes, err := s.homes(tx, caller.ID)
		if err != nil {
			return nil, err
		}
		invited := slices.IndexFunc(homes, func(h home) bool { return slices.Contains(h.within(), m.AudienceID) })
		if invited < 0 {
			return nil, ErrNotInvited
		}
		return m, s.comes(tx, m, caller.ID, homes[invited].PropertyID, now)
	})
}

func (s *Service) comes(tx *gorm.DB, m *model.Meeting, residentID, propertyID string, now time.Time) error {
	var sealed string
	const nameOf = "SELECT name FROM bindings WHERE resident_id = ? AND property_id = ? AND status = 'verified' LIMIT 1"
	if err := tx.Raw(nameOf, residentID, propertyID).Scan(&sealed).Error; err != nil {
		return fmt.Errorf("find who came to meeting %s: %w", m.ID, err)
	}
	name, err := s.Vault.Reveal(bindingName, sealed)
	if err != nil {
		return fmt.Errorf("read who came to meeting %s: %w", m.ID, err)
	}
	row := model.Attendee{
		ID: store.NewID(), MeetingID: m.ID, Attendee: residentID, ResidentID: residentID, PropertyID: propertyID,
		Name: s.Vault.Seal(attendeeName, name), At: now,
	}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("note who came to meeting %s: %w", m.ID, err)
	}
	return nil
}

// Signature is a line of the paper on which people sign in.
type Signature struct{ Name, PropertyID string }

// NoteAttendance copies the sheet of paper on which people signed in, with a
// scan of it.
func (s *Service) NoteAttendance(ctx context.Context, caller model.Caller, m *model.Meeting, signed []Signature, scans []string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		now := s.now()
		switch {
		case m.CancelledAt != nil:
			return ErrMeetingCancelled
		case now.Before(m.SignInFrom()):
			return ErrMeetingNotBegun
		}
		var ids []string
		for _, line := range signed {
			ids = append(ids, line.PropertyID)
		}
		var known []string
		query := "SELECT p.id " + audience.HomesJoined + "WHERE p.id IN ? AND " + audience.HomesOf[m.AudienceType]
		if err := tx.Raw(query, ids, m.AudienceID).Scan(&known).Error; err != nil {
			return fmt.Errorf("find the homes of who came to meeting %s: %w", m.ID, err)
		}
		rows := make([]model.Attendee, 0, len(signed))
		for i, line := range signed {
			if line.PropertyID != "" && !slices.Contains(known, line.PropertyID) {
				return fault.Unknown(fmt.Sprintf("body.attendees[%d].property_id", i), "这套房屋不在会议的范围内")
			}
			id := store.NewID()
			rows = append(rows, model.Attendee{
				ID: id, MeetingID: m.ID, Attendee: id, PropertyID: line.PropertyID, Name: s.Vault.Seal(attendeeName, line.Name), NotedBy: caller.ID, At: now,
			})
		}
		if err := tx.Create(&rows).Error; err != nil {
			return fmt.Errorf("note who came to meeting %s: %w", m.ID, err)
		}
		if err := files.Attach(tx, caller, AttendancePapers(m.ID), scans, "body.file_ids"); err != nil {
			return err
		}
		return s.recordMeeting(ctx, tx, caller, m, "note_attendance", "")
	})
}

// AttendancePapers is what the scans of a meeting's sheets belong to.
func AttendancePapers(id string) model.About { return model.About{Type: "meeting", ID: id} }

// Attended is somebody who came, readable.
type Attended struct {
	model.Attendee
	Who, Label string
}

// AttendanceOf lists who came to a meeting, in the order in which they came.
func (s *Service) AttendanceOf(ctx context.Context, meetingID string, l Listing) ([]Attended, int64, error) {
	rows, total, err := store.Page[Attended](s.DB.Read(ctx), store.List{
		Of: "who came to meeting " + meetingID, Columns: "a.*, COALESCE(p.label, '') AS label", Order: "a.at, a.id",
		From: "FROM meeting_attendees a LEFT JOIN properties p ON p.id = a.property_id WHERE a.meeting_id = ?", Args: []any{meetingID},
	}, l.Offset, l.Limit)
	if err != nil {
		return nil, 0, err
	}
	for i := range rows {
		if rows[i].Who, err = s.Vault.Reveal(attendeeName, rows[i].Name); err != nil {
			return nil, 0, fmt.Errorf("read who came to meeting %s: %w", meetingID, err)
		}
	}
	return rows, total, nil
}

// AttendanceCount is how many came: what other residents may know.
func (s *Service) AttendanceCount(ctx context.Context, meetingID string) (count int64, err error) {
	if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM meeting_attendees WHERE meeting_id = ?", meetingID).Scan(&count).Error; err != nil {
		return 0, fmt.Errorf("count who came to meeting %s: %w", meetingID, err)
	}
	return count, nil
}

// A meeting is there for residents once its notice was shown.
const meetingsForHomes = `FROM meetings WHERE audience_id IN ? AND EXISTS (SELECT 1 FROM notices n WHERE n.id = notice_id
AND n.published_at <= ? AND (n.withdrawn_at IS NULL OR n.withdrawn_at >= n.published_at))`

// MeetingsForResident lists the meetings for one's own homes, the latest first.
func (s *Service) MeetingsForResident(ctx context.Context, caller model.Caller, l Listing) ([]model.Meeting, int64, error) {
	audiences, err := s.audiencesOf(s.DB.Read(ctx), caller.ID)
	if err != nil || len(audiences) == 0 {
		return nil, 0, err
	}
	return s.listMeetings(ctx, meetingsForHomes, []any{audiences, s.now()}, l)
}

// SeesMeeting is a meeting for one of a resident's homes.
func (s *Service) SeesMeeting(ctx context.Context, caller model.Caller, id string) (*model.Meeting, error) {
	m, err := meeting(s.DB.Read(ctx), meetingByID, id)
	if err != nil {
		return nil, err
	}
	audiences, err := s.audiencesOf(s.DB.Read(ctx), caller.ID)
	if err != nil {
		return nil, err
	}
	n, err := notice(s.DB.Read(ctx), noticeByID, m.NoticeID)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(audiences, m.AudienceID) || !shown(n, s.now()) {
		return nil, fault.ErrNotFound
	}
	return m, nil
}

// CameTo reports when a resident signed in; nil for not at all.
func (s *Service) CameTo(ctx context.Context, residentID, meetingID string) (*time.Time, error) {
	var rows []model.Attendee
	err := s.DB.Read(ctx).Raw("SELECT * FROM meeting_attendees WHERE meeting_id = ? AND attendee = ?", meetingID, residentID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0].At, nil
}
