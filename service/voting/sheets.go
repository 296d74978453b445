package voting

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/paper"
	"gongdi/model/rule/vote"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// What is refused of printed papers.
var (
	ErrNothingToPrint = fault.New(fault.Conflict, "nothing_to_print", "该范围内没有可以打印的表决票")
	ErrSameScope      = fault.New(fault.Invalid, "scope_differs", "一张纸上的几个事项须属于同一小区、同一类别（业主表决或意愿调查）")
)

// privacyLine stands on each paper.
const privacyLine = "个人信息说明：所填信息仅用于本次表决的身份核实、计票与存档，依法保存，不作他用。"

// Printing asks for papers of one or several motions of one scope.
type Printing struct {
	MotionIDs      []string
	Building, Unit string // narrow it; empty for all
	// Forms are the questionnaires that motions carry, by motion.
	Forms map[string]*document.PaperForm
}

// Print makes a sheet for each voter, with a code that names the voter and the
// motions on it, and writes them in walking order. Voters who stand for the
// same homes in several motions get one sheet for all of them; where the
// motions' rolls differ, each motion its own.
func (s *Service) Print(ctx context.Context, caller model.Caller, p Printing, w io.Writer) error {
	var papers document.Papers
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		motions, err := s.printable(tx, caller, p.MotionIDs)
		if err != nil {
			return err
		}
		voters, err := s.sheetVoters(tx, motions, p)
		if err != nil {
			return err
		}
		if papers, err = s.drawSheets(ctx, tx, caller, motions, voters); err != nil {
			return err
		}
		for i, m := range motions {
			papers.Motions[i].Form = p.Forms[m.ID]
			if err := s.record(ctx, tx, caller, m, model.PrintPapers, "print", ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return document.BallotPapers(w, papers)
}

func (s *Service) printable(tx *gorm.DB, caller model.Caller, ids []string) ([]*model.Motion, error) {
	motions := make([]*model.Motion, 0, len(ids))
	for i, id := range ids {
		m, err := motion(tx, motionByID, id)
		if errors.Is(err, fault.ErrNotFound) || err == nil && !caller.Covers(m.AreaCode) {
			return nil, fault.Unknown(fmt.Sprintf("body.motion_ids[%d]", i), "没有这个事项")
		}
		if err != nil {
			return nil, err
		}
		if status := m.StatusAt(s.now()); status != model.StatusScheduled && status != model.StatusOpen {
			return nil, ErrMotionNotOpen
		}
		if i > 0 && (m.EstateID != motions[0].EstateID || m.OwnersVote() != motions[0].OwnersVote()) {
			return nil, ErrSameScope.At(fmt.Sprintf("body.motion_ids[%d]", i), "与第一个事项的范围或类别不同")
		}
		motions = append(motions, m)
	}
	return motions, nil
}

// sheetVoter is whom one sheet is for: the voter of each motion on it.
type sheetVoter struct {
	row   model.RollVoter
	homes []model.RollProperty
	on    map[string]string // voter by motion
}

const votersToPrint = "SELECT * FROM roll_voters WHERE motion_id = ? ORDER BY position"

func (s *Service) sheetVoters(tx *gorm.DB, motions []*model.Motion, p Printing) ([]*sheetVoter, error) {
	var out []*sheetVoter
	known := map[string]*sheetVoter{} // by the homes they stand for
	for _, m := range motions {
		var rows []model.RollVoter
		var properties []model.RollProperty
		err := errors.Join(tx.Raw(votersToPrint, m.ID).Scan(&rows).Error, tx.Raw(rolledInOrder, m.ID).Scan(&properties).Error)
		if err != nil {
			return nil, fmt.Errorf("read the roll of motion %s: %w", m.ID, err)
		}
		own := map[string][]model.RollProperty{}
		for _, h := range properties {
			own[h.VoterID] = append(own[h.VoterID], h)
		}
		for _, row := range rows {
			if p.Building != "" && row.Building != p.Building || p.Unit != "" && row.Unit != p.Unit {
				continue
			}
			key := homesKey(own[row.ID])
			if known[key] == nil {
				known[key] = &sheetVoter{row: row, homes: own[row.ID], on: map[string]string{}}
				out = append(out, known[key])
			}
			known[key].on[m.ID] = row.ID
		}
	}
	if len(out) == 0 {
		return nil, ErrNothingToPrint
	}
	slices.SortStableFunc(out, func(a, b *sheetVoter) int { return inWalkingOrder(partAt(a), partAt(b)) })
	return out, nil
}

const rolledInOrder = "SELECT * FROM roll_properties WHERE motion_id = ? ORDER BY position"

func partAt(v *sheetVoter) Part { return Part{Building: v.row.Building, Unit: v.row.Unit} }

func homesKey(homes []model.RollProperty) string {
	ids := make([]string, 0, len(homes))
	for _, h := range homes {
		ids = append(ids, h.PropertyID)
	}
	slices.Sort(ids)
	return strings.Join(ids, ",")
}

// drawSheets keeps the sheets and gives what is printed on them. Motions that
// not every voter has are printed apart, so that nobody finds a question that
// is not theirs.
func (s *Service) drawSheets(ctx context.Context, tx *gorm.DB, caller model.Caller, motions []*model.Motion, voters []*sheetVoter) (document.Papers, error) {
	m := motions[0]
	out := document.Papers{Convener: m.Convener, Privacy: privacyLine}
	if err := tx.Raw("SELECT name FROM estates WHERE id = ?", m.EstateID).Scan(&out.Estate).Error; err != nil {
		return out, fmt.Errorf("read an estate's name: %w", err)
	}
	for _, m := range motions {
		question := document.PaperMotion{Kind: document.Kind(m.Kind), Title: m.Title, Text: m.Text, Closes: m.ClosesAt}
		for _, item := range m.Items {
			question.Items = append(question.Items, item.Label)
		}
		out.Motions = append(out.Motions, question)
	}
	names, err := s.ownerNames(tx, voters)
	if err != nil {
		return out, err
	}
	for _, v := range voters {
		if len(v.on) != len(motions) {
			return out, ErrSameScope.At("body.motion_ids", "这几个事项的名册不同，请分别打印")
		}
		code, err := s.keepSheet(ctx, tx, caller, m, v)
		if err != nil {
			return out, err
		}
		printed := document.PaperVoter{Code: string(code), Building: v.row.Building, Unit: v.row.Unit, Area: v.row.Area}
		for _, h := range v.homes {
			printed.Homes = append(printed.Homes, document.PaperHome{Label: h.Label, Area: h.Area})
			for _, name := range names[h.PropertyID] {
				if !slices.Contains(printed.Owners, name) {
					printed.Owners = append(printed.Owners, name)
				}
			}
		}
		out.Voters = append(out.Voters, printed)
	}
	return out, nil
}

func (s *Service) keepSheet(ctx context.Context, tx *gorm.DB, caller model.Caller, m *model.Motion, v *sheetVoter) (paper.Code, error) {
	code, err := paper.New(rand.Reader)
	if err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	sheet := model.Sheet{
		ID: store.NewID(), Code: string(code), EstateID: m.EstateID, AreaCode: m.AreaCode, PrintedBy: caller.ID, PrintedAt: s.now(),
	}
	if err := gorm.G[model.Sheet](tx).Create(ctx, &sheet); err != nil {
		return "", fmt.Errorf("keep a sheet: %w", err)
	}
	for motionID, voterID := range v.on {
		line := model.SheetBallot{SheetID: sheet.ID, MotionID: motionID, VoterID: voterID}
		if err := gorm.G[model.SheetBallot](tx).Create(ctx, &line); err != nil {
			return "", fmt.Errorf("keep a sheet: %w", err)
		}
	}
	return code, nil
}

// ownerNames reads the owners' full names by home: a paper names whom it is for.
func (s *Service) ownerNames(tx *gorm.DB, voters []*sheetVoter) (map[string][]string, error) {
	var ids []string
	for _, v := range voters {
		for _, h := range v.homes {
			ids = append(ids, h.PropertyID)
		}
	}
	names := map[string][]string{}
	for chunk := range slices.Chunk(ids, batch) {
		var rows []struct{ PropertyID, Name string }
		if err := tx.Raw("SELECT property_id, name FROM owners WHERE property_id IN ? ORDER BY property_id, position", chunk).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("read owners to print: %w", err)
		}
		for _, r := range rows {
			name, err := s.Vault.Reveal("owner.name", r.Name)
			if err != nil {
				return nil, fmt.Errorf("read an owner to print: %w", err)
			}
			names[r.PropertyID] = append(names[r.PropertyID], name)
		}
	}
	return names, nil
}

// SheetLine is one motion on a sheet, with how its voter stands.
type SheetLine struct {
	Motion *model.Motion
	Voter  model.RollVoter
	Homes  []model.RollProperty
}

const linesOfSheet = "SELECT * FROM sheet_ballots WHERE sheet_id = ? ORDER BY motion_id"

// Sheet finds a printed sheet by what a clerk typed or scanned; not found where
// it is not in the caller's area or grid.
func (s *Service) Sheet(ctx context.Context, caller model.Caller, typed string) (*model.Sheet, []SheetLine, error) {
	code, err := paper.Parse(typed)
	if err != nil {
		return nil, nil, fault.ErrNotFound
	}
	db := s.DB.Read(ctx)
	var sheets []model.Sheet
	if err := db.Raw("SELECT * FROM sheets WHERE code = ?", string(code)).Scan(&sheets).Error; err != nil {
		return nil, nil, fmt.Errorf("find a sheet: %w", err)
	}
	if len(sheets) == 0 || !caller.Covers(sheets[0].AreaCode) {
		return nil, nil, fault.ErrNotFound
	}
	var rows []model.SheetBallot
	if err := db.Raw(linesOfSheet, sheets[0].ID).Scan(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("read sheet %s: %w", sheets[0].ID, err)
	}
	lines := make([]SheetLine, 0, len(rows))
	for _, r := range rows {
		m, err := s.Of(ctx, caller, r.MotionID)
		if err != nil {
			return nil, nil, err
		}
		if err := s.HasDoor(ctx, caller, m, r.VoterID); err != nil {
			return nil, nil, err
		}
		line := SheetLine{Motion: m}
		if err := db.Raw(rollVoter, r.MotionID, r.VoterID).Take(&line.Voter).Error; err != nil {
			return nil, nil, fmt.Errorf("read sheet %s: %w", sheets[0].ID, err)
		}
		if err := db.Raw(homesOfVoter, r.MotionID, r.VoterID).Scan(&line.Homes).Error; err != nil {
			return nil, nil, fmt.Errorf("read sheet %s: %w", sheets[0].ID, err)
		}
		lines = append(lines, line)
	}
	return &sheets[0], lines, nil
}

// EnterSheet records all that stands on one sheet, or nothing of it.
func (s *Service) EnterSheet(ctx context.Context, caller model.Caller, sheet *model.Sheet, entries []Paper, scans []string) ([]vote.Standing, error) {
	standings, err := store.Do(ctx, s.DB, func(tx *gorm.DB) ([]vote.Standing, error) {
		out := make([]vote.Standing, 0, len(entries))
		if err := files.Attach(tx, caller, scansOfSheet(sheet.ID), scans, "body.scan_file_ids"); err != nil {
			return nil, err
		}
		for i, p := range entries {
			p.SheetID = sheet.ID
			standing, err := s.enter(ctx, tx, caller, p)
			if err != nil {
				return nil, Within(err, i)
			}
			out = append(out, standing)
		}
		return out, nil
	})
	if err == nil {
		for _, p := range entries {
			s.tallies.forget(p.MotionID)
		}
	}
	return standings, err
}

// Within moves a fault of one entry to its place among several.
func Within(err error, i int) error {
	var refused *fault.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	moved := *refused
	moved.Fields = slices.Clone(refused.Fields)
	for n := range moved.Fields {
		moved.Fields[n].Location = strings.Replace(moved.Fields[n].Location, "body.", fmt.Sprintf("body.entries[%d].", i), 1)
	}
	return &moved
}

func scansOfSheet(id string) model.About { return model.About{Type: "sheet", ID: id} }
