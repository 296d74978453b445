package funds

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// ErrPaperTooLong asks to narrow what is to be written to one file.
var ErrPaperTooLong = fault.New(fault.TooLarge, "paper_too_long", "内容太多，一个文件放不下：请按项目输出，或者改用表格文件")

// MostRows of a workbook, and MostPrinted of what is to be printed.
const (
	MostRows    = 50_000
	MostPrinted = 10_000
)

func fits(total int64, most int) error {
	if total > int64(most) {
		return ErrPaperTooLong.Carrying("at_most", most)
	}
	return nil
}

// StatusWords are the statuses of a pledge in the office's words.
var StatusWords = map[Status]string{
	StatusPledged: "认缴", StatusConfirmed: "已确认", StatusPartReceived: "部分到账", StatusReceived: "已到账", StatusRefunded: "已退还", StatusWithdrawn: "已撤回", StatusLapsed: "已失效",
}

var (
	lapseWords = map[Lapse]string{
		LapseMotion: "表决未通过", LapseChanged: "方案已变更", LapseWithdrawn: "方案已撤回", LapseShare: "分摊额超过所附上限", LapseHomes: "出资户数少于所附条件",
	}
	contributorWords = map[model.Contributor]string{
		model.Household: "住户", model.OriginalUnit: "原产权单位", model.PipelineCompany: "管线单位", model.SocialCapital: "社会资本", model.Treasury: "财政",
	}
	kindWords   = map[model.VoucherKind]string{model.Receipt: "到账", model.Refund: "退还", model.Expense: "支出", model.Reversal: "冲销"}
	groundWords = map[model.FiscalGround]string{
		model.GroundInfrastructure: "公共基础设施", model.GroundNoOwnerUnit: "无产权单位管理", model.GroundUnable: "居民或原产权单位无力承担", model.GroundNoFund: "无维修资金",
	}
)

// provenance is who makes a paper, and when.
func (s *Service) provenance(tx *gorm.DB, caller model.Caller) (document.Provenance, error) {
	return identity.Maker(tx, s.Vault, caller.ID, s.now())
}

// staffNames are the names of the office's accounts, by id.
func (s *Service) staffNames(tx *gorm.DB) (map[string]string, error) {
	var rows []struct{ ID, Username, Name string }
	if err := tx.Raw("SELECT id, username, name FROM staff").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read who keeps the ledger: %w", err)
	}
	names := map[string]string{}
	for _, r := range rows {
		name, err := s.Vault.Reveal("staff.name", r.Name)
		if err != nil {
			return nil, fmt.Errorf("read the name of account %s: %w", r.ID, err)
		}
		if name == "" {
			name = r.Username
		}
		names[r.ID] = name
	}
	return names, nil
}

// exported logs that a paper left the office.
func (s *Service) exported(ctx context.Context, caller model.Caller, right model.Right, thing model.About, area string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Actor: caller, Right: right, Verb: "export", ObjectType: thing.Type, ObjectID: thing.ID, AreaCode: area})
	})
}

// PledgePaper is the list of pledges to a purpose (认缴清单), owners masked; that
// it left is logged.
func (s *Service) PledgePaper(ctx context.Context, caller model.Caller, p *Purpose, most int) (document.PledgeList, error) {
	list := document.PledgeList{Purpose: p.Label, Lift: p.Type == model.ForLift}
	rows, total, err := s.PledgesTo(ctx, p.Purpose, 0, most)
	if err == nil {
		err = fits(total, most)
	}
	if err != nil {
		return list, err
	}
	db := s.DB.Read(ctx)
	owners, err := s.ownersTo(db, p.Purpose)
	if err != nil {
		return list, err
	}
	came, err := totalsOf(db, Filter{Purpose: p.Purpose}, BySource)
	if err != nil {
		return list, err
	}
	pledged := map[model.Source]quantity.Fen{}
	for i := range rows {
		list.Lines = append(list.Lines, linesOf(i+1, &rows[i], owners[rows[i].PropertyID])...)
		for _, part := range rows[i].Parts {
			if !rows[i].Standing.over() {
				pledged[part.Source] += part.Amount
			}
		}
	}
	list.Sources = sourceTotals(pledged, came)
	if list.From, err = s.provenance(db, caller); err != nil {
		return list, err
	}
	return list, s.exported(ctx, caller, model.ReadFunds, model.About{Type: "pledges_" + string(p.Type), ID: p.ID}, p.AreaCode)
}

func linesOf(number int, p *Pledged, owners []owner) []document.PledgeLine {
	who, masked := p.Label, []string{}
	if p.Contributor != model.Household {
		who = contributor(p.Contributor, p.Called)
	}
	for _, o := range owners {
		masked = append(masked, o.NameMasked)
	}
	lines := make([]document.PledgeLine, 0, len(p.Parts))
	for _, part := range p.Parts {
		lines = append(lines, document.PledgeLine{
			Number: number, Contributor: who, Owners: strings.Join(masked, "、"), Source: model.Sources[part.Source], Status: StatusWords[p.Standing.Status], Notes: notesOn(p),
			Pledged: part.Amount, Received: p.Standing.BySource[part.Source], Counts: !p.Standing.over(), On: quantity.DateOf(p.CreatedAt),
		})
	}
	return lines
}

// contributor names one that is no household; a kind that is its name is said once.
func contributor(kind model.Contributor, name string) string {
	if word := contributorWords[kind]; name != "" && name != word {
		return word + "：" + name
	}
	return contributorWords[kind]
}

func notesOn(p *Pledged) string {
	var notes []string
	if p.Standing.Because != "" {
		notes = append(notes, lapseWords[p.Standing.Because])
	}
	if p.Standing.RefundDue > 0 {
		notes = append(notes, "应退 "+p.Standing.RefundDue.String()+" 元")
	}
	if p.Most != nil {
		notes = append(notes, "分摊额至多 "+p.Most.String()+" 元")
	}
	if p.LeastHomes != nil {
		notes = append(notes, fmt.Sprintf("至少 %d 户出资", *p.LeastHomes))
	}
	if p.DueOn != "" && !p.Standing.over() {
		notes = append(notes, string(p.DueOn)+" 前缴")
	}
	if p.Ground != "" {
		notes = append(notes, "依据："+groundWords[p.Ground])
	}
	return strings.Join(notes, "；")
}

// sourceTotals set what is pledged beside what came in, in the order of the
// policy's list.
func sourceTotals(pledged map[model.Source]quantity.Fen, came []Total) []document.SourceTotal {
	var out []document.SourceTotal
	for _, source := range model.SourceOrder {
		t := document.SourceTotal{Source: model.Sources[source], Pledged: pledged[source]}
		for _, c := range came {
			if c.Key == string(source) {
				t.In, t.Out = c.In, c.Out
			}
		}
		if t.Pledged != 0 || t.In != 0 || t.Out != 0 {
			out = append(out, t)
		}
	}
	return out
}

// LedgerPaper is a ledger in the order in which it was booked (收支台账); that it
// left is logged. Without a purpose it is the whole of the caller's area.
func (s *Service) LedgerPaper(ctx context.Context, caller model.Caller, f Filter, p *Purpose, most int) (document.LedgerList, error) {
	list := document.LedgerList{Several: p == nil}
	rows, total, err := s.Ledger(ctx, f, 0, most)
	if err == nil {
		err = fits(total, most)
	}
	if err != nil {
		return list, err
	}
	db := s.DB.Read(ctx)
	labels, thing, area := map[string]string{}, model.About{Type: "ledger"}, caller.AreaCode
	if p != nil {
		list.Purpose, labels[p.ID], thing.ID, area = p.Label, p.Label, p.ID, p.AreaCode
	} else if list.Purpose, labels, err = purposesIn(db, caller.AreaCode); err != nil {
		return list, err
	}
	names, err := s.staffNames(db)
	if err != nil {
		return list, err
	}
	if list.From, err = s.provenance(db, caller); err != nil {
		return list, err
	}
	came := map[model.Source]Total{}
	for i := range rows {
		r := &rows[i]
		t := came[r.Source]
		came[r.Source] = Total{Key: string(r.Source), In: t.In + r.In, Out: t.Out + r.Out}
		e := entryOf(r)
		e.Purpose, e.EnteredBy, e.CheckedBy = labels[r.PurposeID], names[r.EnteredBy], names[r.CheckedBy]
		list.Entries = append(list.Entries, e)
	}
	sums := make([]Total, 0, len(came))
	for _, t := range came {
		sums = append(sums, t)
	}
	list.Sources = sourceTotals(nil, sums)
	return list, s.exported(ctx, caller, model.ReadFunds, thing, area)
}

func entryOf(r *Booked) document.LedgerEntry {
	e := document.LedgerEntry{
		On: r.OnDate, Kind: kindWords[r.Kind], Source: model.Sources[r.Source], Who: r.Label, Note: r.Note, Reference: r.Reference, In: r.In, Out: r.Out, Ground: groundWords[r.Ground],
	}
	switch {
	case r.Payee != "":
		e.Who = r.Payee
	case r.Contrib != "" && r.Contrib != model.Household:
		e.Who = contributor(r.Contrib, r.CalledBy)
	}
	if r.MotionID != "" {
		e.Ground = "业主表决通过"
	}
	if r.Stage == model.VoucherReversed {
		e.Mark = "已冲销"
	}
	return e
}

const purposesOfArea = `SELECT p.id, CONCAT(p.unit_label, '加装电梯') AS label FROM lift_plans p WHERE p.area_code LIKE ?
UNION ALL SELECT e.id, CONCAT(e.name, '改造') AS label FROM estates e WHERE e.area_code LIKE ?`

// purposesIn names an area and all purposes in it.
func purposesIn(db *gorm.DB, area string) (name string, labels map[string]string, err error) {
	var rows []struct{ ID, Label string }
	if err := db.Raw(purposesOfArea, area+"%", area+"%").Scan(&rows).Error; err != nil {
		return "", nil, fmt.Errorf("name the purposes of area %s: %w", area, err)
	}
	labels = map[string]string{}
	for _, r := range rows {
		labels[r.ID] = r.Label
	}
	if err := db.Raw("SELECT name FROM areas WHERE code = ?", area).Scan(&name).Error; err != nil {
		return "", nil, fmt.Errorf("name area %s: %w", area, err)
	}
	return name, labels, nil
}

// owner is an owner of a home that pledged.
type owner struct{ PropertyID, ID, Name, NameMasked string }

const ownersWhoPledged = `SELECT o.property_id, o.id, o.name, o.name_masked FROM owners o
WHERE o.property_id IN (SELECT p.property_id FROM pledges p WHERE p.purpose_type = ? AND p.purpose_id = ?) ORDER BY o.property_id, o.position`

// ownersTo are the owners of the homes that pledged to a purpose, by home, their
// full names readable.
func (s *Service) ownersTo(db *gorm.DB, of model.Purpose) (map[string][]owner, error) {
	var rows []owner
	if err := db.Raw(ownersWhoPledged, of.Type, of.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read who pledged to %s %s: %w", of.Type, of.ID, err)
	}
	out := map[string][]owner{}
	for _, r := range rows {
		var err error
		if r.Name, err = s.Vault.Reveal("owner.name", r.Name); err != nil {
			return nil, fmt.Errorf("read owner %s: %w", r.ID, err)
		}
		out[r.PropertyID] = append(out[r.PropertyID], r)
	}
	return out, nil
}
