package voting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused of a check of the roll.
var (
	ErrCheckUntil     = fault.New(fault.Invalid, "check_period", "核对截止应在现在之后、六十日之内")
	ErrReportAnswered = fault.New(fault.Conflict, "report_answered", "这条核对意见已经答复")
)

const (
	longestCheck = 60 * 24 * time.Hour

	reportWords vault.Field = "roll_report.words"
)

const ownersInScope = `SELECT DISTINCT b.resident_id FROM bindings b JOIN properties p ON p.id = b.property_id
WHERE b.status = 'verified' AND b.relation = 'owner' AND %s = ?`

// OpenCheck lets bound owners see, until an instant, how a draft's roll will
// have them, and report what is wrong (名册核对). They are told.
func (s *Service) OpenCheck(ctx context.Context, caller model.Caller, id string, until time.Time) (*model.Motion, error) {
	return s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		now := s.now()
		switch {
		case m.Stage != model.StageDraft:
			return ErrMotionNotDraft
		case !until.After(now) || until.After(now.Add(longestCheck)):
			return ErrCheckUntil.At("body.until", "应在现在之后、六十日之内")
		}
		at := instant(until)
		m.CheckUntil, m.UpdatedAt = &at, now
		if err := save(tx, m); err != nil {
			return err
		}
		var owners []string
		if err := tx.Raw(fmt.Sprintf(ownersInScope, scopeColumn[m.ScopeType]), m.ScopeID).Scan(&owners).Error; err != nil {
			return fmt.Errorf("find whom to tell of motion %s: %w", id, err)
		}
		news := messages.News{Kind: "roll_check", AboutType: "motion", AboutID: id, Text: "“" + m.Title + "”表决前核对名册：请查看您的房屋、面积和产权人是否正确，有误请在核对期内提出", Hint: "表决名册请您核对", Fields: map[string]string{"title": m.Title, "estate": m.ScopeLabel}}
		if err := messages.Tell(tx, owners, news, now); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, model.DraftMotions, "open_roll_check", "")
	})
}

// RollEntry is a home as a draft's roll will have it: with whom it counts, and
// for how much.
type RollEntry struct {
	MotionID, Title string
	Until           time.Time
	Home            model.RollProperty
	OwnersMasked    string
	With            []model.RollProperty // other homes of the same voter
	VoterArea       quantity.Area
	Reports         []model.RollReport // one's own
}

const checksOfResident = `SELECT * FROM motions WHERE stage = 'draft' AND check_until > ? AND estate_id IN (
  SELECT estate_id FROM bindings WHERE resident_id = ? AND status = 'verified' AND relation = 'owner') ORDER BY check_until, id`

const ownHomes = "SELECT property_id FROM bindings WHERE resident_id = ? AND status = 'verified' AND relation = 'owner'"

// ChecksOf is how the rolls under check will have a resident's own homes.
func (s *Service) ChecksOf(ctx context.Context, caller model.Caller) ([]RollEntry, error) {
	db := s.DB.Read(ctx)
	var motions []model.Motion
	var own []string
	err := errors.Join(db.Raw(checksOfResident, s.now(), caller.ID).Scan(&motions).Error, db.Raw(ownHomes, caller.ID).Scan(&own).Error)
	if err != nil {
		return nil, fmt.Errorf("find the rolls to check: %w", err)
	}
	var out []RollEntry
	for i := range motions {
		entries, err := s.entriesOf(db, caller, &motions[i], own)
		if err != nil {
			return nil, err
		}
		out = append(out, entries...)
	}
	return out, nil
}

func (s *Service) entriesOf(db *gorm.DB, caller model.Caller, m *model.Motion, own []string) ([]RollEntry, error) {
	r, err := drawRoll(db, m)
	if err != nil {
		return nil, err
	}
	var reports []model.RollReport
	if err := db.Raw("SELECT * FROM roll_reports WHERE motion_id = ? AND resident_id = ? ORDER BY at, id", m.ID, caller.ID).Scan(&reports).Error; err != nil {
		return nil, fmt.Errorf("read the reports on motion %s: %w", m.ID, err)
	}
	byVoter, voters := map[string][]model.RollProperty{}, map[string]model.RollVoter{}
	for _, p := range r.properties {
		byVoter[p.VoterID] = append(byVoter[p.VoterID], p)
	}
	for _, v := range r.voters {
		voters[v.ID] = v
	}
	var out []RollEntry
	for _, p := range r.properties {
		if !slices.Contains(own, p.PropertyID) {
			continue
		}
		e := RollEntry{MotionID: m.ID, Title: m.Title, Until: *m.CheckUntil, Home: p, OwnersMasked: voters[p.VoterID].OwnersMasked, VoterArea: voters[p.VoterID].Area}
		for _, other := range byVoter[p.VoterID] {
			if other.PropertyID != p.PropertyID {
				e.With = append(e.With, other)
			}
		}
		for _, report := range reports {
			if report.PropertyID == p.PropertyID {
				e.Reports = append(e.Reports, report)
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// UnderCheck refuses, with not found, a draft whose roll is not under check, or
// not by this resident.
func (s *Service) UnderCheck(ctx context.Context, caller model.Caller, motionID string) error {
	var motions []model.Motion
	if err := s.DB.Read(ctx).Raw(checksOfResident, s.now(), caller.ID).Scan(&motions).Error; err != nil {
		return fmt.Errorf("find the rolls to check: %w", err)
	}
	if !slices.ContainsFunc(motions, func(m model.Motion) bool { return m.ID == motionID }) {
		return fault.ErrNotFound
	}
	return nil
}

// ReportRoll says what is wrong with one's own home on a roll under check.
func (s *Service) ReportRoll(ctx context.Context, caller model.Caller, motionID, propertyID, words string, pictures []string) (*model.RollReport, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.RollReport, error) {
		m, err := motion(tx, motionByID, motionID)
		if err != nil {
			return nil, err
		}
		if err := ownHomeIn(tx, caller, m, propertyID); err != nil {
			return nil, err
		}
		r := &model.RollReport{
			ID: store.NewID(), MotionID: motionID, PropertyID: propertyID, ResidentID: caller.ID,
			Words: s.Vault.Seal(reportWords, strings.TrimSpace(words)), Status: model.ReportOpen, At: s.now(),
		}
		if err := files.Attach(tx, caller, reportFiles(r.ID), pictures, "body.file_ids"); err != nil {
			return nil, err
		}
		if err := gorm.G[model.RollReport](tx).Create(ctx, r); err != nil {
			return nil, fmt.Errorf("keep a report on motion %s: %w", motionID, err)
		}
		return r, nil
	})
}

// ownHomeIn refuses a home that is not the resident's own, or that a motion
// does not reach.
func ownHomeIn(tx *gorm.DB, caller model.Caller, m *model.Motion, propertyID string) error {
	query := fmt.Sprintf(ownHomes+" AND property_id IN (SELECT p.id FROM properties p WHERE p.id = ? AND %s = ?)", scopeColumn[m.ScopeType])
	var own []string
	if err := tx.Raw(query, caller.ID, propertyID, m.ScopeID).Scan(&own).Error; err != nil {
		return fmt.Errorf("find a resident's homes: %w", err)
	}
	if len(own) == 0 {
		return fault.Unknown("body.property_id", "这不是您已核实的房屋，或者不在这次表决的范围内")
	}
	return nil
}

func reportFiles(id string) model.About { return model.About{Type: "roll_report", ID: id} }

// Reported is a report as the office reads it.
type Reported struct {
	model.RollReport
	Label string
	Words string
	Files []string
}

const reportsOfMotion = `SELECT r.*, p.label FROM roll_reports r JOIN properties p ON p.id = r.property_id
WHERE r.motion_id = ? ORDER BY r.at, r.id`

// ReportsOn lists what owners reported on a motion's roll, the oldest first.
func (s *Service) ReportsOn(ctx context.Context, motionID string) ([]Reported, error) {
	db := s.DB.Read(ctx)
	var rows []struct {
		model.RollReport
		Label string
	}
	if err := db.Raw(reportsOfMotion, motionID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the reports on motion %s: %w", motionID, err)
	}
	out := make([]Reported, 0, len(rows))
	for _, r := range rows {
		words, err := s.Vault.Reveal(reportWords, r.Words)
		if err != nil {
			return nil, fmt.Errorf("read report %s: %w", r.ID, err)
		}
		pictures, err := files.Of(db, reportFiles(r.ID))
		if err != nil {
			return nil, err
		}
		report := Reported{RollReport: r.RollReport, Label: r.Label, Words: words}
		for _, f := range pictures {
			report.Files = append(report.Files, f.ID)
		}
		out = append(out, report)
	}
	return out, nil
}

// HasReport refuses, with not found, a report that is not on a motion.
func (s *Service) HasReport(ctx context.Context, motionID, id string) error {
	var n int64
	if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM roll_reports WHERE id = ? AND motion_id = ?", id, motionID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find report %s: %w", id, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// PictureOf is what a picture of a report belongs to.
func (s *Service) PictureOf(reportID string) model.About { return reportFiles(reportID) }

const answerReport = `UPDATE roll_reports SET status = ?, answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND status = 'open'`

// AnswerReport tells the owner that the registry was mended, or why it is kept.
func (s *Service) AnswerReport(ctx context.Context, caller model.Caller, m *model.Motion, id string, outcome model.ReportStatus, answer string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		now := s.now()
		done := tx.Exec(answerReport, outcome, answer, caller.ID, now, id)
		if done.Error != nil {
			return fmt.Errorf("answer report %s: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrReportAnswered
		}
		var resident string
		if err := tx.Raw("SELECT resident_id FROM roll_reports WHERE id = ?", id).Scan(&resident).Error; err != nil {
			return fmt.Errorf("find who reported %s: %w", id, err)
		}
		words := map[model.ReportStatus]string{model.ReportMended: "已更正", model.ReportKept: "经核对未作更改"}[outcome]
		news := messages.News{Kind: "roll_report", AboutType: "motion", AboutID: m.ID, Text: "您对表决名册提出的意见" + words + "：" + answer, Hint: "您对名册的意见有了答复"}
		if err := messages.Tell(tx, []string{resident}, news, now); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, model.DraftMotions, "answer_report", string(outcome))
	})
}
