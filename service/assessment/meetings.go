package assessment

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	meetingPresent vault.Field = "joint_meeting.present"
	meetingMinutes vault.Field = "joint_meeting.minutes"
	decisionWords  vault.Field = "joint_decision.words"
	decisionDone   vault.Field = "joint_decision.done_words"
)

// Meeting is a joint meeting, readable, with what it decided.
type Meeting struct {
	model.JointMeeting
	Came      []string
	Said      string
	Decisions []Decision
}

// Decision is one of a joint meeting's, readable.
type Decision struct {
	model.JointDecision
	UnitName      string
	MeetingTitle  string
	HeldOn        quantity.Date
	CaseNumber    string
	What, Outcome string
}

// Meet notes a joint meeting with what it decided, and tells the owners.
func (s *Service) Meet(ctx context.Context, caller model.Caller, m Meeting) (string, error) {
	if m.HeldOn > s.today() {
		return "", fault.ErrInvalid.At("body.held_on", "会议日期不能在将来")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (string, error) {
		row := m.JointMeeting
		row.ID, row.AreaCode, row.StaffID, row.At = store.NewID(), tableArea(caller), caller.ID, s.now()
		row.Present, row.Minutes = s.Vault.Seal(meetingPresent, strings.Join(m.Came, "\n")), s.Vault.Seal(meetingMinutes, m.Said)
		if err := tx.Create(&row).Error; err != nil {
			return "", fmt.Errorf("note a joint meeting: %w", err)
		}
		for i, d := range m.Decisions {
			if err := s.decide(tx, caller, &row, i+1, d, fmt.Sprintf("body.decisions[%d]", i)); err != nil {
				return "", err
			}
		}
		return row.ID, s.record(ctx, tx, caller, audit.Entry{Verb: "meet", ObjectType: "joint_meeting", ObjectID: row.ID, AreaCode: row.AreaCode})
	})
}

const caseOfArea = "SELECT COALESCE((SELECT id FROM complaints WHERE (id = ? OR number = ?) AND area_code LIKE ?), '')"

// decide keeps one decision: its owner, its day, and the case that it is about.
func (s *Service) decide(tx *gorm.DB, caller model.Caller, m *model.JointMeeting, number int, d Decision, at string) error {
	if err := s.has(tx, m.AreaCode, d.Assessed, at+".unit.code"); err != nil {
		return err
	}
	if d.DueOn < m.HeldOn {
		return fault.ErrInvalid.At(at+".due_on", "完成期限不能早于会议日期")
	}
	row := d.JointDecision
	if row.ComplaintID != "" {
		var id string
		if err := tx.Raw(caseOfArea, row.ComplaintID, row.ComplaintID, m.AreaCode+"%").Scan(&id).Error; err != nil {
			return fmt.Errorf("find the case of a decision: %w", err)
		}
		if id == "" {
			return fault.Unknown(at+".complaint", "没有这件诉求")
		}
		row.ComplaintID = id
	}
	row.ID, row.MeetingID, row.Number, row.AreaCode, row.StaffID, row.At = store.NewID(), m.ID, number, m.AreaCode, caller.ID, s.now()
	row.Words = s.Vault.Seal(decisionWords, d.What)
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("note a decision: %w", err)
	}
	news := messages.News{
		Kind: "joint_decision", AboutType: "joint_decision", AboutID: row.ID, Hint: "联席会议有一项议定事项",
		Text: fmt.Sprintf("联席会议（%s）第%d项由贵单位办理，请于%s前完成", m.HeldOn, number, row.DueOn),
	}
	return tellUnit(tx, row.Assessed, m.AreaCode, news, row.At)
}

// Decide adds a decision to a meeting.
func (s *Service) Decide(ctx context.Context, caller model.Caller, m *Meeting, d Decision) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var held model.JointMeeting // held, so that two decisions at once get two numbers
		if err := tx.Raw(s.DB.Locked("SELECT * FROM joint_meetings WHERE id = ?"), m.ID).Take(&held).Error; err != nil {
			return fmt.Errorf("hold meeting %s: %w", m.ID, err)
		}
		var numbers int
		if err := tx.Raw("SELECT COUNT(*) FROM joint_decisions WHERE meeting_id = ?", m.ID).Scan(&numbers).Error; err != nil {
			return fmt.Errorf("count the decisions of meeting %s: %w", m.ID, err)
		}
		if err := s.decide(tx, caller, &held, numbers+1, d, "body"); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, audit.Entry{Verb: "decide", ObjectType: "joint_meeting", ObjectID: m.ID, AreaCode: m.AreaCode})
	})
}

const meetingsIn = "FROM joint_meetings m WHERE m.area_code LIKE ?"

// Meetings lists joint meetings, the latest first, without their decisions.
func (s *Service) Meetings(ctx context.Context, caller model.Caller, offset, limit int) ([]Meeting, int64, error) {
	rows, total, err := store.Page[model.JointMeeting](s.DB.Read(ctx), store.List{
		Of: "joint meetings", Columns: "m.*", From: meetingsIn, Order: "m.held_on DESC, m.id DESC", Args: []any{tableArea(caller) + "%"},
	}, offset, limit)
	if err != nil {
		return nil, 0, err
	}
	out := make([]Meeting, 0, len(rows))
	for _, row := range rows {
		m, err := s.readable(row)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, m)
	}
	return out, total, nil
}

func (s *Service) readable(row model.JointMeeting) (Meeting, error) {
	came, errCame := s.Vault.Reveal(meetingPresent, row.Present)
	said, errSaid := s.Vault.Reveal(meetingMinutes, row.Minutes)
	if err := errors.Join(errCame, errSaid); err != nil {
		return Meeting{}, fmt.Errorf("read meeting %s: %w", row.ID, err)
	}
	m := Meeting{JointMeeting: row, Said: said, Came: []string{}}
	if came != "" {
		m.Came = strings.Split(came, "\n")
	}
	return m, nil
}

// MeetingOf is one meeting of a caller's area, with its decisions.
func (s *Service) MeetingOf(ctx context.Context, caller model.Caller, id string) (*Meeting, error) {
	db, area := s.DB.Read(ctx), tableArea(caller)
	var rows []model.JointMeeting
	if err := db.Raw("SELECT m.* "+meetingsIn+" AND m.id = ?", area+"%", id).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find meeting %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	m, err := s.readable(rows[0])
	if err != nil {
		return nil, err
	}
	m.Decisions, _, err = s.decisions(db, "x.meeting_id = ?", []any{id}, 0, mostDecisions)
	return &m, err
}

// mostDecisions is the most that one meeting has.
const mostDecisions = 100

// Decisions lists what joint meetings decided, by its day; a unit its own.
func (s *Service) Decisions(ctx context.Context, caller model.Caller, n Narrowed) ([]Decision, int64, error) {
	where, args := s.mine(caller, n)
	return s.decisions(s.DB.Read(ctx), where, args, n.Offset, n.Limit)
}

const decisionColumns = `(SELECT m.title FROM joint_meetings m WHERE m.id = x.meeting_id) AS meeting_title,
(SELECT m.held_on FROM joint_meetings m WHERE m.id = x.meeting_id) AS held_on,
COALESCE((SELECT c.number FROM complaints c WHERE c.id = x.complaint_id), '') AS case_number`

func (s *Service) decisions(db *gorm.DB, where string, args []any, offset, limit int) ([]Decision, int64, error) {
	rows, total, err := store.Page[Decision](db, store.List{
		Of: "decisions", Columns: withUnit + ", " + decisionColumns, From: "FROM joint_decisions x WHERE " + where, Order: "x.due_on, x.id", Args: args,
	}, offset, limit)
	if err != nil {
		return nil, 0, err
	}
	for i := range rows {
		what, errWhat := s.Vault.Reveal(decisionWords, rows[i].Words)
		outcome, errOutcome := s.Vault.Reveal(decisionDone, rows[i].DoneWords)
		if err := errors.Join(errWhat, errOutcome); err != nil {
			return nil, 0, fmt.Errorf("read a decision: %w", err)
		}
		rows[i].What, rows[i].Outcome = what, outcome
	}
	return rows, total, nil
}

// DecisionOf is one decision that a caller may see.
func (s *Service) DecisionOf(ctx context.Context, caller model.Caller, id string) (*Decision, error) {
	return one(s.Decisions(ctx, caller, Narrowed{id: id, Limit: 1}))
}

// Fulfil notes that a decision is done, by its owner or by who assesses; today
// is the day.
func (s *Service) Fulfil(ctx context.Context, caller model.Caller, d *Decision, words string) error {
	const fulfil = "UPDATE joint_decisions SET done_on = ?, done_words = ?, done_by = ? WHERE id = ? AND done_on = ''"
	return s.done(ctx, caller, "joint_decision", d.ID, d.AreaCode, fulfil, s.Vault.Seal(decisionDone, words))
}
