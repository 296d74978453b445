package voting

import (
	"context"
	"fmt"
	"io"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/document"
	"gongdi/service/evidence"
	"gongdi/service/store"
)

// Announce writes the result as it is posted (表决结果公告, A4).
func (s *Service) Announce(ctx context.Context, caller model.Caller, id string, w io.Writer) error {
	r, err := s.announcement(ctx, id)
	if err != nil {
		return err
	}
	if err := s.exported(ctx, caller, id, model.ExportResult, "pdf", ""); err != nil {
		return err
	}
	return document.ResultPDF(w, r)
}

// Workbook writes the result as a workbook, with the roll and who took part.
func (s *Service) Workbook(ctx context.Context, caller model.Caller, id string, w io.Writer) error {
	r, err := s.announcement(ctx, id)
	if err != nil {
		return err
	}
	var rows []document.VoterRow
	for offset := 0; ; offset += batch {
		doors, _, err := s.DoorsOf(ctx, Doors{MotionID: id, Offset: offset, Limit: batch})
		if err != nil {
			return err
		}
		for _, d := range doors {
			rows = append(rows, voterRow(d))
		}
		if len(doors) < batch {
			break
		}
	}
	if err := s.exported(ctx, caller, id, model.ExportResult, "xlsx", ""); err != nil {
		return err
	}
	return document.ResultWorkbook(w, r, rows)
}

func voterRow(d Door) document.VoterRow {
	row := document.VoterRow{
		Building: d.Building, Unit: d.Unit, OwnersMasked: d.OwnersMasked, Area: d.Area,
		Participation: document.Participation(d.Participation),
	}
	for _, p := range d.Properties {
		row.Labels = append(row.Labels, p.Label)
	}
	return row
}

// exported logs that a result left the house.
func (s *Service) exported(ctx context.Context, caller model.Caller, id string, right model.Right, verb, reason string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		m, err := motion(tx, motionByID, id)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, right, verb, reason)
	})
}

// announcement gathers what a sealed result is printed from.
func (s *Service) announcement(ctx context.Context, id string) (document.Result, error) {
	m, err := s.Over(ctx, id)
	if err != nil {
		return document.Result{}, err
	}
	db := s.DB.Read(ctx)
	tally, err := s.sealedTally(ctx, m)
	if err != nil {
		return document.Result{}, err
	}
	kept, err := result(db, id)
	if err != nil {
		return document.Result{}, err
	}
	sealed, err := evidence.ParseSealed(kept.SealedText)
	if err != nil {
		return document.Result{}, err
	}
	r := facts(m, tally)
	r.ChainHead = sealed.Ballots.ChainHead
	if err := s.addPeriod(db, m, &r); err != nil {
		return document.Result{}, err
	}
	if err := db.Raw("SELECT name FROM estates WHERE id = ?", m.EstateID).Scan(&r.Estate).Error; err != nil {
		return document.Result{}, fmt.Errorf("read the estate of motion %s: %w", id, err)
	}
	named, err := s.ScrutineersOf(ctx, id)
	if err != nil {
		return document.Result{}, err
	}
	for _, n := range named {
		r.Supervisors = append(r.Supervisors, n.FullName)
	}
	return r, s.addHomes(db, m, &r)
}

func facts(m *model.Motion, t *Tally) document.Result {
	r := document.Result{
		Kind: document.Kind(m.Kind), Title: m.Title, Text: m.Text, Scope: m.ScopeLabel, Convener: m.Convener,
		Citation: t.Rule.Citation, Outcome: document.Outcome(t.Result.Outcome),
		Roll: figure(t.Totals.Roll), Participating: figure(t.Totals.Participating()), Agree: figure(t.Totals.Agree),
		Oppose: figure(t.Totals.Oppose), Abstain: figure(t.Totals.Abstain), Invalid: figure(t.Totals.Invalid),
		Quorum:      requirement(t.Rule.Quorum, t.Result.Shortfall.QuorumHeads, t.Result.Shortfall.QuorumArea),
		Approval:    requirement(t.Rule.Approval, t.Result.Shortfall.ApprovalHeads, t.Result.Shortfall.ApprovalArea),
		AgreeOfRoll: t.Rule.Base == vote.Roll, RollDigest: m.RollDigest, Signed: quantity.DateOf(*m.SealedAt),
	}
	if m.OwnersVote() {
		r.Subject = subjectWords[m.Subject]
	}
	if t.Result.Outcome == vote.Undetermined {
		r.UndeterminedReason = "有产权人交来的表决票因填写有误等原因未计入参与表决。若将其计为参与而未同意，结论即有不同；法律对此没有明文，故结果待定。"
	}
	for _, p := range t.Proofs {
		r.Proofs = append(r.Proofs, fmt.Sprintf("%s %d人", proofWords[p.Proof], p.Count.Heads))
	}
	r.Silence = silenceWords(t.Silence)
	for _, p := range t.Buildings {
		r.Buildings = append(r.Buildings, part(orElse(p.Building, "（未分栋）"), p.Totals))
	}
	for _, p := range t.Units {
		r.Units = append(r.Units, part(orElse(p.Building+p.Unit, "（未分单元）"), p.Totals))
	}
	for _, c := range t.Channels {
		row := part(document.Participation(c.Channel).Words(), c.Totals)
		row.Roll = document.Figure{}
		r.Channels = append(r.Channels, row)
	}
	for _, item := range t.Items {
		r.Items = append(r.Items, document.Item{Label: item.Label, Heads: item.Heads})
	}
	for _, reason := range t.Reasons {
		r.InvalidReasons = append(r.InvalidReasons, document.InvalidReason{Label: invalidWords[reason.Reason], Figure: figure(reason.Count)})
	}
	return r
}

func figure(c vote.Count) document.Figure { return document.Figure(c) }

func requirement(f vote.Fraction, heads int64, area quantity.Area) document.Requirement {
	return document.Requirement{Ratio: document.Ratio(f), HeadsMet: heads == 0, AreaMet: area == 0}
}

func part(label string, t vote.Totals) document.Part {
	return document.Part{
		Label: label, Roll: figure(t.Roll), Participating: figure(t.Participating()), Agree: figure(t.Agree),
		Oppose: figure(t.Oppose), Abstain: figure(t.Abstain), Invalid: figure(t.Invalid),
	}
}

func (s *Service) addPeriod(db *gorm.DB, m *model.Motion, r *document.Result) error {
	r.Period = document.Period{
		Published: *m.PublishedAt, Opens: m.OpensAt, Closes: m.ClosesAt, CountUntil: m.CountUntil, Sealed: *m.SealedAt,
	}
	events, err := eventsOf(db, m.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		switch e.Kind {
		case model.EventExtended:
			from, to, err := extension(e)
			if err != nil {
				return err
			}
			r.Period.Extensions = append(r.Period.Extensions, document.Extension{From: from, To: to, Reason: e.Reason})
		case model.EventClosed:
			if m.ClosedEarly {
				r.Period.EarlyReason = e.Reason
			}
		case model.EventPublished, model.EventCancelled:
		}
	}
	return nil
}

const (
	homesOf      = "SELECT p.label FROM roll_properties p JOIN roll_voters v ON v.motion_id = p.motion_id AND v.id = p.voter_id WHERE p.motion_id = ? AND "
	byPosition   = " ORDER BY p.position"
	incompleteOf = homesOf + "p.incomplete <> ''" + byPosition
	disputedOf   = homesOf + "v.open_conflict > 0" + byPosition
	waitingOf    = homesOf + "v.unconfirmed > 0" + byPosition
)

func (s *Service) addHomes(db *gorm.DB, m *model.Motion, r *document.Result) error {
	for query, into := range map[string]*[]string{incompleteOf: &r.Incomplete, disputedOf: &r.Conflicts, waitingOf: &r.Unconfirmed} {
		if err := db.Raw(query, m.ID).Scan(into).Error; err != nil {
			return fmt.Errorf("list the homes to explain of motion %s: %w", m.ID, err)
		}
	}
	return nil
}

var subjectWords = map[model.Subject]string{
	"lift":                  "改建、重建建筑物及其附属设施（加装电梯，第一款第七项）",
	"alteration":            "改建、重建建筑物及其附属设施（第一款第七项）",
	"common_parts_business": "改变共有部分的用途或者利用共有部分从事经营活动（第一款第八项）",
	"fund_raise":            "筹集建筑物及其附属设施的维修资金（第一款第六项）",
	"fund_use":              "使用建筑物及其附属设施的维修资金（第一款第五项）",
	"hire_manager":          "选聘和解聘物业服务企业或者其他管理人（第一款第四项）",
	"committee":             "选举业主委员会或者更换业主委员会成员（第一款第三项）",
	"rules":                 "制定和修改业主大会议事规则、管理规约（第一款第一项、第二项）",
	"scheme":                "老旧小区改造方案",
	"other":                 "有关共有和共同管理权利的其他重大事项",
}

var proofWords = map[model.Proof]string{
	model.ProofRosterPhone: "姓名与名册手机号相符",
	model.ProofDocument:    "姓名与证件号码相符",
	model.ProofInPerson:    "当面核实证件",
	model.ProofPaper:       "纸质签名",
}

// silenceWords tells how the result would read under the estate's own rule.
func silenceWords(r *SilentReading) string {
	if r == nil {
		return ""
	}
	text := fmt.Sprintf("本小区%s%s规定：“%s”（%s通过）。已送达而未答复的 %d 人、%s 平方米。",
		r.Rule.Rule, r.Rule.Clause, r.Rule.Quote, r.Rule.AdoptedOn, r.Silent.Heads, r.Silent.Area)
	verdict := map[bool]string{true: "通过", false: "不通过"}[r.Passed]
	if !r.Follows {
		return text + "参与表决者中没有人数、面积均占多数的一方，不适用该规定。以上仅供参考，本公告以实际参与表决的结果为准。"
	}
	return text + fmt.Sprintf("若按该规定计入多数一方，同意 %d 人、%s 平方米，反对 %d 人、%s 平方米，为%s。以上仅供参考，本公告以实际参与表决的结果为准。",
		r.Totals.Agree.Heads, r.Totals.Agree.Area, r.Totals.Oppose.Heads, r.Totals.Oppose.Area, verdict)
}

var invalidWords = map[model.InvalidReason]string{
	model.InvalidSpoiled:     "填写不清或多选",
	model.InvalidUnsigned:    "未签名",
	model.InvalidNotOwner:    "签名人不是产权人",
	model.InvalidNoAuthority: "代理人没有授权",
	model.InvalidLate:        "逾期送达",
	model.InvalidForged:      "经查系他人冒签",
	model.InvalidDisputed:    "共有人之间有争议未解决",
}
