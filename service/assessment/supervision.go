package assessment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/assess"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	visitFindings vault.Field = "supervision_visit.findings"
	visitDone     vault.Field = "supervision_visit.done_words"
)

// ErrDone says that what was promised is done already.
var ErrDone = fault.New(fault.Conflict, "already_done", "这一事项已经完成")

// Visit is a supervision visit, readable.
type Visit struct {
	model.SupervisionVisit
	UnitName    string
	Found, Said string   // what was found; what was done about it
	Files       []string `gorm:"-"`
}

// VisitPictures is what the pictures of a visit belong to: whoever may see the
// visit may see them.
func VisitPictures(id string) model.About { return model.About{Type: "supervision_visit", ID: id} }

// tellUnit puts news into the inboxes of a unit's accounts.
func tellUnit(tx *gorm.DB, unit model.Assessed, area string, news messages.News, at time.Time) error {
	if unit.UnitKind == assess.Community {
		return messages.TellCommunity(tx, unit.UnitCode, news, at)
	}
	return messages.TellDesks(tx, []string{unit.UnitCode}, area, news, at)
}

// NoteVisit notes a visit on the spot with its pictures, and tells the unit what
// it has to mend.
func (s *Service) NoteVisit(ctx context.Context, caller model.Caller, v model.SupervisionVisit, found string, pictures []string) (*Visit, error) {
	switch {
	case v.HeldOn > s.today():
		return nil, fault.ErrInvalid.At("body.held_on", "督查日期不能在将来")
	case v.DueOn != "" && v.DueOn < v.HeldOn:
		return nil, fault.ErrInvalid.At("body.due_on", "整改期限不能早于督查日期")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Visit, error) {
		area := tableArea(caller)
		if err := s.has(tx, area, v.Assessed, "body.unit.code"); err != nil {
			return nil, err
		}
		v.ID, v.AreaCode, v.StaffID, v.At = store.NewID(), area, caller.ID, s.now()
		v.Findings = s.Vault.Seal(visitFindings, found)
		if err := tx.Create(&v).Error; err != nil {
			return nil, fmt.Errorf("note a visit: %w", err)
		}
		if err := files.Attach(tx, caller, VisitPictures(v.ID), pictures, "body.file_ids"); err != nil {
			return nil, err
		}
		text := "督查（" + string(v.HeldOn) + "）已登记"
		if v.DueOn != "" {
			text += "，请于" + string(v.DueOn) + "前整改"
		}
		news := messages.News{Kind: "supervision_visit", AboutType: "supervision_visit", AboutID: v.ID, Text: text, Hint: "有一项督查整改事项"}
		if err := tellUnit(tx, v.Assessed, area, news, v.At); err != nil {
			return nil, err
		}
		return &Visit{SupervisionVisit: v, Found: found, Files: pictures}, s.record(ctx, tx, caller, audit.Entry{Verb: "visit", ObjectType: "supervision_visit", ObjectID: v.ID, AreaCode: area})
	})
}

// Narrowed is which visits or decisions are asked for.
type Narrowed struct {
	id          string        // of the only one
	Unit        string        // its code
	From, Until quantity.Date // of the day by which they are to be done
	Open        bool          // not done
	Overdue     bool          // not done, and the day is past
	Offset      int
	Limit       int
}

// withUnit reads how a row's unit is called too; a department by its latest name.
const withUnit = `x.*, COALESCE((SELECT a.name FROM areas a WHERE x.unit_kind = 'community' AND a.code = x.unit_code),
(SELECT d.name FROM departments d WHERE x.unit_kind = 'department' AND d.code = x.unit_code AND d.valid_until = ''), x.unit_code) AS unit_name`

// mine narrows a list to what a caller may see: their area's, and what the
// county noted of it; a unit what is its own.
func (s *Service) mine(caller model.Caller, n Narrowed) (conditions string, args []any) {
	area := tableArea(caller)
	parts := []string{"(x.area_code LIKE ? OR SUBSTR(?, 1, LENGTH(x.area_code)) = x.area_code)"}
	args = []any{area + "%", area}
	add := func(part string, values ...any) {
		parts, args = append(parts, part), append(args, values...)
	}
	if unit, all := own(caller); !all {
		add("x.unit_kind = ? AND x.unit_code = ?", unit.UnitKind, unit.UnitCode)
	} else if caller.Role == model.RoleStreet {
		add("(x.unit_kind = 'department' OR x.unit_code LIKE ?)", area+"%")
	}
	if n.id != "" {
		add("x.id = ?", n.id)
	}
	if n.Unit != "" {
		add("x.unit_code = ?", n.Unit)
	}
	if n.From != "" {
		add("x.due_on >= ?", n.From)
	}
	if n.Until != "" {
		add("x.due_on <> '' AND x.due_on <= ?", n.Until)
	}
	if n.Open || n.Overdue {
		add("x.due_on <> '' AND x.done_on = ''")
	}
	if n.Overdue {
		add("x.due_on < ?", s.today())
	}
	return strings.Join(parts, " AND "), args
}

// Visits lists what was found on the spot, the latest first.
func (s *Service) Visits(ctx context.Context, caller model.Caller, n Narrowed) ([]Visit, int64, error) {
	db := s.DB.Read(ctx)
	where, args := s.mine(caller, n)
	rows, total, err := store.Page[Visit](db, store.List{
		Of: "visits", Columns: withUnit, From: "FROM supervision_visits x WHERE " + where, Order: "x.held_on DESC, x.id DESC", Args: args,
	}, n.Offset, n.Limit)
	if err != nil {
		return nil, 0, err
	}
	for i := range rows {
		found, errFound := s.Vault.Reveal(visitFindings, rows[i].Findings)
		said, errSaid := s.Vault.Reveal(visitDone, rows[i].DoneWords)
		if err := errors.Join(errFound, errSaid); err != nil {
			return nil, 0, fmt.Errorf("read a visit: %w", err)
		}
		rows[i].Found, rows[i].Said = found, said
	}
	return rows, total, withPictures(db, rows)
}

const picturesOfVisits = "SELECT * FROM files WHERE about_type = ? AND about_id IN ? ORDER BY created_at, id"

func withPictures(db *gorm.DB, visits []Visit) error {
	at := map[string]int{}
	for i := range visits {
		at[visits[i].ID] = i
	}
	if len(at) == 0 {
		return nil
	}
	var pictures []model.File
	if err := db.Raw(picturesOfVisits, VisitPictures("").Type, slices.Collect(maps.Keys(at))).Scan(&pictures).Error; err != nil {
		return fmt.Errorf("list the pictures of visits: %w", err)
	}
	for _, f := range pictures {
		v := &visits[at[f.AboutID]]
		v.Files = append(v.Files, f.ID)
	}
	return nil
}

// VisitOf is one visit that a caller may see.
func (s *Service) VisitOf(ctx context.Context, caller model.Caller, id string) (*Visit, error) {
	return one(s.Visits(ctx, caller, Narrowed{id: id, Limit: 1}))
}

// one is what a list of an id holds; not found when it holds nothing.
func one[T any](rows []T, _ int64, err error) (*T, error) {
	if err == nil && len(rows) == 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// ErrNothingToMend says that a visit set no day.
var ErrNothingToMend = fault.New(fault.Conflict, "nothing_to_mend", "这次督查没有需要整改的问题")

// Mend notes that what a visit found is mended, by the unit or by who assesses;
// today is the day.
func (s *Service) Mend(ctx context.Context, caller model.Caller, v *Visit, words string) error {
	const mend = "UPDATE supervision_visits SET done_on = ?, done_words = ?, done_by = ? WHERE id = ? AND done_on = ''"
	if v.DueOn == "" {
		return ErrNothingToMend
	}
	return s.done(ctx, caller, "supervision_visit", v.ID, v.AreaCode, mend, s.Vault.Seal(visitDone, words))
}

func (s *Service) done(ctx context.Context, caller model.Caller, what, id, area, update, sealed string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(update, s.today(), sealed, caller.ID, id)
		if done.Error != nil {
			return fmt.Errorf("note that %s %s is done: %w", what, id, done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrDone
		}
		return s.record(ctx, tx, caller, audit.Entry{Right: model.FollowDecisions, Verb: "done", ObjectType: what, ObjectID: id, AreaCode: area})
	})
}
