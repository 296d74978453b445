package funds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/registry"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	bankPayer    vault.Field = "bank_movement.payer"
	bankWords    vault.Field = "bank_movement.words"
	bankMovement vault.Field = "bank_movement.slot"
)

// BankRead is a bank's list with where each of its rows stands.
type BankRead struct {
	List     model.BankList
	Findings []BankFinding
	Counts   BankCounts
	Rows     []BankRow // those that were asked for
}

// BankCounts are of the readable rows of a list.
type BankCounts struct {
	Rows, Known, Outgoing, Entered int
}

// BankRow is one readable row.
type BankRow struct {
	Sheet    string
	Line     int
	Known    bool // an earlier list named it
	Movement model.BankMovement
	Payer    string
	Words    string
	Receipt  string             // that stands for it; empty for none
	Stage    model.VoucherStage // of the receipt
	Proposed []Candidate        // of one that came in and is not entered
}

// Open reports whether the row can still be entered.
func (r *BankRow) Open() bool { return r.Receipt == "" && r.Movement.Direction == model.MoneyIn }

// errDryBank undoes what a dry run has kept.
var errDryBank = errors.New("a dry run")

// ReadBank reads a bank's list, keeps its rows, and proposes to which pledges
// they belong. A row that another list named is the same movement. A dry run
// keeps nothing.
func (s *Service) ReadBank(ctx context.Context, caller model.Caller, src io.ReaderAt, size int64, dry bool) (*BankRead, error) {
	sheet, err := readBank(ctx, src, size, quantity.DateOf(s.now()))
	if err != nil {
		return nil, err
	}
	if dry {
		var out *BankRead
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
			list, err := s.keepBank(ctx, tx, caller, sheet)
			if err != nil {
				return err
			}
			if out, err = s.readBankList(tx, caller, list, 0, mostMovements); err != nil {
				return err
			}
			return errDryBank
		})
		if errors.Is(err, errDryBank) {
			out.List.ID, err = "", nil
		}
		return out, err
	}
	list, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.BankList, error) { return s.keepBank(ctx, tx, caller, sheet) })
	if err != nil {
		return nil, err
	}
	return s.readBankList(s.DB.Read(ctx), caller, list, 0, mostMovements)
}

func (s *Service) keepBank(ctx context.Context, tx *gorm.DB, caller model.Caller, sheet *bankSheet) (*model.BankList, error) {
	list := &model.BankList{ID: store.NewID(), AreaCode: caller.AreaCode, CreatedBy: caller.ID, CreatedAt: s.now()}
	rows, findings := s.movements(sheet, list)
	text, err := json.Marshal(append(slices.Clone(sheet.findings), findings...))
	if err != nil {
		return nil, fmt.Errorf("write the findings of a bank's list: %w", err)
	}
	list.Findings = string(text)
	if err := tx.Create(list).Error; err != nil {
		return nil, fmt.Errorf("keep a bank's list: %w", err)
	}
	for some := range slices.Chunk(rows, atOnce) {
		if err := keepMovements(tx, some); err != nil {
			return nil, err
		}
	}
	return list, s.record(ctx, tx, caller, "upload", aboutBank(list.ID), list.AreaCode, "")
}

func aboutBank(id string) model.About { return model.About{Type: "bank_list", ID: id} }

type namedMovement struct {
	model.BankMovement
	row model.BankRow
}

// movements gives each line its key. A line that the file has named before is
// left out with a finding; of lines without the bank's reference the second,
// equal one is another movement.
func (s *Service) movements(sheet *bankSheet, list *model.BankList) (out []namedMovement, findings []BankFinding) {
	times, seen := map[string]int{}, map[string]bool{}
	for _, l := range sheet.lines {
		payer := strings.ToLower(rule.Compact(l.payer))
		facts := []string{string(l.direction), strconv.FormatInt(int64(l.amount), 10), payer}
		if telling(l.reference) {
			facts = append(facts, "reference", strings.ToLower(l.reference))
		} else {
			facts = append(facts, "facts", string(l.on), l.reference, rule.Fold(l.words))
			times[strings.Join(facts, "\x00")]++
			facts = append(facts, strconv.Itoa(times[strings.Join(facts, "\x00")]))
		}
		m := model.BankMovement{
			ID: store.NewID(), Slot: s.Vault.Index(bankMovement, strings.Join(facts, "\x00")), Direction: l.direction, OnDate: l.on, Amount: l.amount, Reference: l.reference,
			Payer: s.Vault.Seal(bankPayer, l.payer), PayerIndex: s.Vault.Index(bankPayer, payer), Words: s.Vault.Seal(bankWords, l.words), CreatedAt: list.CreatedAt,
		}
		if seen[m.Slot] {
			findings = append(findings, BankFinding{Sheet: l.sheet, Row: l.row, Code: "repeated", Message: "同一文件中已有这个流水号"})
			continue
		}
		seen[m.Slot] = true
		out = append(out, namedMovement{m, model.BankRow{ListID: list.ID, Position: len(out), Sheet: l.sheet, Line: l.row, MovementID: m.ID}})
	}
	return out, findings
}

// telling reports whether a bank's reference names one movement: a short one is
// the number of a day's entry, or of a slip.
func telling(reference string) bool { return len(reference) >= 8 }

func keepMovements(tx *gorm.DB, some []namedMovement) error {
	rows, slots := make([]model.BankMovement, 0, len(some)), make([]string, 0, len(some))
	for _, one := range some {
		rows, slots = append(rows, one.BankMovement), append(slots, one.Slot)
	}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, 100).Error; err != nil {
		return fmt.Errorf("keep what a bank says: %w", err)
	}
	var kept []struct{ ID, Slot string }
	if err := tx.Raw("SELECT id, slot FROM bank_movements WHERE slot IN ?", slots).Scan(&kept).Error; err != nil {
		return fmt.Errorf("find what banks said before: %w", err)
	}
	ids := map[string]string{}
	for _, k := range kept {
		ids[k.Slot] = k.ID
	}
	named := make([]model.BankRow, 0, len(some))
	for _, one := range some {
		one.row.Known = ids[one.Slot] != one.ID
		one.row.MovementID = ids[one.Slot]
		named = append(named, one.row)
	}
	if err := tx.CreateInBatches(named, 100).Error; err != nil {
		return fmt.Errorf("keep the rows of a bank's list: %w", err)
	}
	return nil
}

// BankListOf is a list in the area of a member of staff.
func (s *Service) BankListOf(ctx context.Context, caller model.Caller, id string) (*model.BankList, error) {
	var list model.BankList
	err := s.DB.Read(ctx).Raw("SELECT * FROM bank_lists WHERE id = ?", id).Take(&list).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound), err == nil && !caller.Covers(list.AreaCode):
		return nil, fault.ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("read bank list %s: %w", id, err)
	}
	return &list, nil
}

// BankList is a list as it stands now, with proposals for what is not entered.
func (s *Service) BankList(ctx context.Context, caller model.Caller, list *model.BankList, offset, limit int) (*BankRead, error) {
	return s.readBankList(s.DB.Read(ctx), caller, list, offset, limit)
}

const (
	bankCounts = `SELECT COUNT(*) AS ` + "`rows`" + `, COALESCE(SUM(r.known), 0) AS known, COALESCE(SUM(CASE WHEN m.direction = 'out' THEN 1 ELSE 0 END), 0) AS outgoing,
COALESCE(SUM(CASE WHEN v.id IS NULL THEN 0 ELSE 1 END), 0) AS entered ` + bankRowsOf
	bankRowsOf = `FROM bank_rows r JOIN bank_movements m ON m.id = r.movement_id
LEFT JOIN vouchers v ON v.id = m.voucher_id AND v.stage IN ('entered', 'booked') WHERE r.list_id = ?`
	bankRowsPage = "SELECT m.*, r.sheet, r.line, r.known, COALESCE(v.id, '') AS receipt, COALESCE(v.stage, '') AS stage " + bankRowsOf + " ORDER BY r.position LIMIT ? OFFSET ?"
)

func (s *Service) readBankList(db *gorm.DB, caller model.Caller, list *model.BankList, offset, limit int) (*BankRead, error) {
	out := &BankRead{List: *list, Rows: []BankRow{}}
	if err := json.Unmarshal([]byte(list.Findings), &out.Findings); err != nil {
		return nil, fmt.Errorf("read the findings of bank list %s: %w", list.ID, err)
	}
	if err := db.Raw(bankCounts, list.ID).Take(&out.Counts).Error; err != nil {
		return nil, fmt.Errorf("count bank list %s: %w", list.ID, err)
	}
	var rows []struct {
		model.BankMovement
		Sheet, Receipt string
		Line           int
		Known          bool
		Stage          model.VoucherStage
	}
	if err := db.Raw(bankRowsPage, list.ID, limit, offset).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read bank list %s: %w", list.ID, err)
	}
	for _, r := range rows {
		row := BankRow{Sheet: r.Sheet, Line: r.Line, Known: r.Known, Movement: r.BankMovement, Receipt: r.Receipt, Stage: r.Stage}
		var err error
		if row.Payer, err = s.Vault.Reveal(bankPayer, r.Payer); err != nil {
			return nil, fmt.Errorf("read who paid: %w", err)
		}
		if row.Words, err = s.Vault.Reveal(bankWords, r.Words); err != nil {
			return nil, fmt.Errorf("read the words of a payment: %w", err)
		}
		out.Rows = append(out.Rows, row)
	}
	if err := markPapers(db, out.Rows); err != nil {
		return nil, err
	}
	return out, s.proposeAll(db, caller, out.Rows)
}

// papersOf finds receipts that stand under a bank's reference, with the payer
// of the movement that they were entered from, if any.
const papersOf = `SELECT v.id, v.stage, v.reference, v.amount, COALESCE(b.payer_index, '') AS payer_index FROM vouchers v
LEFT JOIN bank_movements b ON b.voucher_id = v.id WHERE v.kind = 'receipt' AND v.stage IN ('entered', 'booked') AND v.reference IN ?`

type paper struct {
	ID, Reference, PayerIndex string
	Stage                     model.VoucherStage
	Amount                    quantity.Fen
}

// is reports whether a paper is a movement: the same reference and amount, and
// not known to be another's.
func (p *paper) is(m *model.BankMovement) bool {
	return telling(m.Reference) && p.Reference == m.Reference && p.Amount == m.Amount && (p.PayerIndex == "" || m.PayerIndex == "" || p.PayerIndex == m.PayerIndex)
}

func papers(db *gorm.DB, references []string) (out []paper, err error) {
	for some := range slices.Chunk(references, atOnce) {
		var rows []paper
		if err := db.Raw(papersOf, some).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("look for papers of a bank's list: %w", err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// markPapers finds what was entered by hand, or from a list that named it
// otherwise.
func markPapers(db *gorm.DB, rows []BankRow) error {
	var references []string
	for i := range rows {
		if rows[i].Open() && telling(rows[i].Movement.Reference) {
			references = append(references, rows[i].Movement.Reference)
		}
	}
	known, err := papers(db, references)
	if err != nil {
		return err
	}
	by := map[string][]paper{}
	for _, p := range known {
		by[p.Reference] = append(by[p.Reference], p)
	}
	for i := range rows {
		for _, p := range by[rows[i].Movement.Reference] {
			if rows[i].Open() && p.is(&rows[i].Movement) {
				rows[i].Receipt, rows[i].Stage = p.ID, p.Stage
			}
		}
	}
	return nil
}

func (s *Service) proposeAll(db *gorm.DB, caller model.Caller, rows []BankRow) error {
	if !slices.ContainsFunc(rows, func(r BankRow) bool { return r.Open() }) {
		return nil
	}
	open, err := s.openIn(db, caller.AreaCode)
	if err != nil {
		return err
	}
	owned, err := s.ownedBy(db, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		if r := &rows[i]; r.Open() {
			r.Proposed = open.propose(&r.Movement, r.Payer, r.Words, owned[registry.NameIndex(s.Vault, r.Payer)])
		}
	}
	return nil
}

const ownersNamed = "SELECT DISTINCT o.name_index, o.property_id FROM owners o WHERE o.name_index IN ?"

// ownedBy finds the homes of whoever paid, by the digest of the name.
func (s *Service) ownedBy(db *gorm.DB, rows []BankRow) (map[string][]string, error) {
	var names []string
	for i := range rows {
		if index := registry.NameIndex(s.Vault, rows[i].Payer); index != "" && rows[i].Open() {
			names = append(names, index)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	out := map[string][]string{}
	for some := range slices.Chunk(names, atOnce) {
		var found []struct{ NameIndex, PropertyID string }
		if err := db.Raw(ownersNamed, some).Scan(&found).Error; err != nil {
			return nil, fmt.Errorf("find whose homes payers own: %w", err)
		}
		for _, f := range found {
			out[f.NameIndex] = append(out[f.NameIndex], f.PropertyID)
		}
	}
	return out, nil
}

const (
	pledgesIn    = "SELECT p.* FROM pledges p WHERE p.area_code LIKE ? AND p.stage <> 'withdrawn' ORDER BY p.created_at, p.id"
	waitingInAll = "SELECT pledge_id, source, SUM(amount) AS amount FROM vouchers WHERE area_code LIKE ? AND stage = 'entered' AND kind = 'receipt' GROUP BY pledge_id, source"
)

// openIn finds the pledges of an area for which money may still come in; what
// waits for its check counts as come.
func (s *Service) openIn(db *gorm.DB, area string) (*openPledges, error) {
	var rows []model.Pledge
	if err := db.Raw(pledgesIn, area+"%").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the pledges of area %s: %w", area, err)
	}
	all, err := s.standAll(db, rows, map[string]*planState{})
	if err != nil {
		return nil, err
	}
	var held []model.PledgePart
	if err := db.Raw(waitingInAll, area+"%").Scan(&held).Error; err != nil {
		return nil, fmt.Errorf("add up what waits in area %s: %w", area, err)
	}
	waits := map[string]quantity.Fen{}
	for _, h := range held {
		waits[h.PledgeID+string(h.Source)] = h.Amount
	}
	var estates []struct{ ID, Name string }
	if err := db.Raw("SELECT id, name FROM estates WHERE area_code LIKE ?", area+"%").Scan(&estates).Error; err != nil {
		return nil, fmt.Errorf("list the estates of area %s: %w", area, err)
	}
	called := map[string]string{}
	for _, e := range estates {
		called[e.ID] = strings.ToUpper(rule.Compact(e.Name))
	}
	out := &openPledges{
		byCode: map[string][]*openPledge{}, byDoor: map[string][]*openPledge{}, byProperty: map[string][]*openPledge{}, byName: map[string][]*openPledge{},
		byLeft: map[quantity.Fen][]*openPledge{},
	}
	for i := range all {
		p := &openPledge{Pledged: &all[i], left: map[model.Source]quantity.Fen{}, home: rule.Place("", "", all[i].Label), estate: called[all[i].EstateID]}
		for _, part := range p.Parts {
			p.left[part.Source] = max(part.Amount-p.Standing.BySource[part.Source]-waits[p.ID+string(part.Source)], 0)
			p.whole += p.left[part.Source]
		}
		if p.whole > 0 && !p.Standing.over() {
			out.add(p)
		}
	}
	return out, nil
}
