// Package complaints takes what residents report (诉求), leads it to the
// department whose duty it is, and follows it until the resident has had the
// last word.
package complaints

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/roster"
	"gongdi/model/rule/term"
	"gongdi/service/audit"
	"gongdi/service/calendar"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service keeps cases.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Now   func() time.Time
	// Street is the area of a case whose estate is not known.
	Street string
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

const (
	caseWords    vault.Field = "complaint.words"
	casePlace    vault.Field = "complaint.place"
	contactName  vault.Field = "complaint.contact_name"
	contactPhone vault.Field = "complaint.contact_phone"
	ratingWords  vault.Field = "complaint.rating_words"
	stepWords    vault.Field = "complaint_step.words"

	residentPhone vault.Field = "resident.phone" // as identity keeps it
)

// wordsMost is the longest text of a case or a step, in characters.
const wordsMost = 2000

// Filing is what a case is made from.
type Filing struct {
	Kind     model.CaseKind
	Channel  model.CaseChannel
	Words    string
	Category string // found from the words when empty
	EstateID string
	Place    string
	Files    []string // pictures, up to nine
	Voice    string   // a voice note, kept beside the words
	Danger   model.Danger
	// SharePhone lets departments see the resident's own phone; without it they
	// do not learn who filed it.
	SharePhone bool
	// Name and Phone are of whoever called or walked in; Anonymous keeps them
	// from departments.
	Name, Phone string
	Anonymous   bool
	Ticket      string    // of the 12345 centre
	At          time.Time // when the centre took it; else now
}

// Filed is a case that was taken, and whom to call at once.
type Filed struct {
	Case    model.Complaint
	Numbers []model.EmergencyNumber // in a danger
}

// File takes a case and leads it to whose duty it is.
func (s *Service) File(ctx context.Context, caller model.Caller, f Filing) (Filed, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (Filed, error) { return s.file(ctx, tx, caller, f) })
}

func (s *Service) file(ctx context.Context, tx *gorm.DB, caller model.Caller, f Filing) (Filed, error) {
	if err := said(f.Words); err != nil {
		return Filed{}, err
	}
	now := s.now()
	if !f.At.IsZero() {
		now = f.At
	}
	c := &model.Complaint{
		ID: store.NewID(), Kind: f.Kind, Channel: f.Channel, Words: s.Vault.Seal(caseWords, f.Words), Place: s.Vault.Seal(casePlace, f.Place),
		Building: buildingIn(f.Place), Status: complaint.Submitted, FiledAt: now, DueFrom: now, UpdatedAt: now, Ticket: f.Ticket,
	}
	c.FiledMonth = string(quantity.DateOf(now))[:7]
	estate, err := s.locate(tx, caller, c, f.EstateID)
	if err != nil {
		return Filed{}, err
	}
	if err := s.whose(tx, caller, c, f); err != nil {
		return Filed{}, err
	}
	r, err := routingOn(tx, quantity.DateOf(now))
	if err != nil {
		return Filed{}, err
	}
	if err := r.route(c, f, estate); err != nil {
		return Filed{}, err
	}
	cal, err := calendar.Of(tx, quantity.DateOf(now))
	if err != nil {
		return Filed{}, err
	}
	reckon(c, cal)
	c.FirstDueAt = c.DueAt
	if err := s.keep(ctx, tx, c); err != nil {
		return Filed{}, err
	}
	if err := s.attach(tx, caller, c.ID, f); err != nil {
		return Filed{}, err
	}
	if err := s.note(tx, c, &model.ComplaintStep{Step: model.StepFiled, ActorKind: string(caller.Kind), ActorID: caller.ID, OpenToResident: true}, ""); err != nil {
		return Filed{}, err
	}
	if err := s.tellDanger(tx, c, s.now()); err != nil {
		return Filed{}, err
	}
	numbers, err := numbersFor(tx, c.Danger)
	if err != nil || caller.Kind != model.StaffSession {
		return Filed{Case: *c, Numbers: numbers}, err
	}
	return Filed{Case: *c, Numbers: numbers}, s.record(ctx, tx, caller, model.FileComplaints, c, "file", "")
}

// said judges the words of a case or a step.
func said(words string) error {
	switch n := len([]rune(words)); {
	case strings.TrimSpace(words) == "":
		return fault.ErrInvalid.At("body.text", "请填写内容")
	case n > wordsMost:
		return fault.ErrInvalid.At("body.text", "最多 2000 个字")
	}
	return nil
}

const estateByID = "SELECT * FROM estates WHERE id = ?"

// locate finds the estate, whose area the case lies in; a member of staff
// files inside their own.
func (s *Service) locate(tx *gorm.DB, caller model.Caller, c *model.Complaint, estateID string) (*model.Estate, error) {
	c.AreaCode = s.Street
	if estateID == "" {
		if caller.Kind == model.StaffSession {
			c.AreaCode = caller.AreaCode
		}
		return nil, nil
	}
	var e model.Estate
	err := tx.Raw(estateByID, estateID).Take(&e).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && caller.Kind == model.StaffSession && !caller.Covers(e.AreaCode) {
		return nil, fault.Unknown("body.estate_id", "没有这个小区")
	}
	if err != nil {
		return nil, fmt.Errorf("find estate %s: %w", estateID, err)
	}
	c.AreaCode, c.EstateID = e.AreaCode, e.ID
	return &e, nil
}

// whose notes who filed a case, and how they can be reached.
func (s *Service) whose(tx *gorm.DB, caller model.Caller, c *model.Complaint, f Filing) error {
	if caller.Kind != model.ResidentSession {
		c.FiledBy, c.Anonymous = caller.ID, f.Anonymous
		phone := ""
		if f.Phone != "" {
			clean, sound := roster.CleanPhone(f.Phone)
			if !sound {
				return fault.ErrInvalid.At("body.phone", "请填写正确的电话号码")
			}
			phone = clean
		}
		c.ContactName, c.ContactPhone = s.Vault.Seal(contactName, f.Name), s.Vault.Seal(contactPhone, phone)
		return nil
	}
	c.ResidentID, c.Anonymous = caller.ID, !f.SharePhone
	if !f.SharePhone {
		return nil
	}
	var sealed string
	if err := tx.Raw("SELECT phone FROM residents WHERE id = ?", caller.ID).Scan(&sealed).Error; err != nil {
		return fmt.Errorf("read a resident's phone: %w", err)
	}
	phone, err := s.Vault.Reveal(residentPhone, sealed)
	if err != nil {
		return fmt.Errorf("read a resident's phone: %w", err)
	}
	c.ContactPhone = s.Vault.Seal(contactPhone, phone)
	return nil
}

var blocks = regexp.MustCompile(`([0-9]{1,3})\s*(?:栋|幢|号楼|#)`)

// buildingIn finds the block that a place names, normalised; none is "".
func buildingIn(place string) string {
	half := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, place)
	found := blocks.FindStringSubmatch(half)
	if found == nil {
		return ""
	}
	return strings.TrimLeft(found[1], "0") + "栋"
}

// reckon sets the deadlines that run from c.DueFrom.
func reckon(c *model.Complaint, cal term.Calendar) {
	accept := cal.Deadline(c.DueFrom, 1, term.Receipt{Closes: c.Closes})
	due := cal.Deadline(c.DueFrom, c.ResolveDays+c.ExtensionDays, term.Receipt{Closes: c.Closes})
	c.AcceptDueAt, c.DueAt, c.Provisional = accept.At.UTC(), due.At.UTC(), due.Provisional
	if c.Danger != model.NoDanger {
		c.AcceptDueAt, c.DueAt, c.Provisional = c.DueFrom.Add(model.DangerDue), c.DueFrom.Add(model.DangerDue), false
		if c.ExtensionDays > 0 {
			later := cal.Deadline(c.DueFrom, c.ExtensionDays, term.Receipt{})
			c.DueAt, c.Provisional = later.At.UTC(), later.Provisional
		}
	}
	c.Alerts = 0
	schedule(c, cal)
}

const mostPictures = 9

// attach makes the uploads belong to the case: pictures, and one voice note.
func (s *Service) attach(tx *gorm.DB, caller model.Caller, id string, f Filing) error {
	if err := files.Attach(tx, caller, Papers(id), f.Files, "body.file_ids"); err != nil {
		return err
	}
	if f.Voice != "" {
		if err := files.Attach(tx, caller, Papers(id), []string{f.Voice}, "body.voice_id"); err != nil {
			return err
		}
	}
	return s.onlySound(tx, id, f.Voice != "")
}

// longestVoice is the most bytes of a voice note: a minute at the best quality
// that the platform records in (320 kbit/s).
const longestVoice = 60 * 320_000 / 8

// onlySound refuses more than nine pictures, more than one voice note, and one
// that is no sound or longer than a minute.
func (s *Service) onlySound(tx *gorm.DB, id string, voice bool) error {
	of, err := files.Of(tx, Papers(id))
	if err != nil {
		return err
	}
	voices := slices.DeleteFunc(slices.Clone(of), func(f model.File) bool { return !strings.HasPrefix(f.MediaType, "audio/") })
	switch {
	case voice && len(voices) == 0:
		return fault.ErrInvalid.At("body.voice_id", "这不是录音")
	case len(voices) > 1:
		return fault.ErrInvalid.At("body.voice_id", "只能附一段语音")
	case len(voices) == 1 && voices[0].Size > longestVoice:
		return fault.ErrInvalid.At("body.voice_id", "录音太长，请在一分钟以内")
	case len(of)-len(voices) > mostPictures:
		return fault.ErrInvalid.At("body.file_ids", "最多 9 张图片")
	}
	return nil
}

// Papers is what the pictures and the voice note of a case belong to.
func Papers(id string) model.About { return model.About{Type: "complaint", ID: id} }

// StepPapers is what the pictures of a step belong to.
func StepPapers(stepID string) model.About { return model.About{Type: "complaint_step", ID: stepID} }

func numbersFor(db *gorm.DB, danger model.Danger) ([]model.EmergencyNumber, error) {
	if danger == model.NoDanger {
		return nil, nil
	}
	var rows []model.EmergencyNumber
	if err := db.Raw("SELECT * FROM emergency_numbers WHERE danger = ? AND number <> '' ORDER BY sort", danger).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the emergency numbers: %w", err)
	}
	return rows, nil
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, right model.Right, c *model.Complaint, verb, reason string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: right, Verb: verb, ObjectType: "complaint", ObjectID: c.ID, AreaCode: c.AreaCode, Reason: reason,
	})
}
