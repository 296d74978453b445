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
	"gongdi/service/identity"
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
	from, err := identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now())
	if err != nil {
		return err
	}
	return document.ResultWorkbook(w, r, rows, from)
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
	r, err := s.announced(db, m)
	if err != nil {
		return document.Result{}, err
	}
	addTally(&r, m, tally)
	r.ChainHead = sealed.Ballots.ChainHead
	if r.Supervisors, err = s.supervisors(ctx, id); err != nil {
		return document.Result{}, err
	}
	if err := s.addCorrections(db, m, sealed, &r); err != nil {
		return document.Result{}, err
	}
	if err := s.addIntake(ctx, m, &r); err != nil {
		return document.Result{}, err
	}
	return r, s.addHomes(db, m, &r)
}

// addCorrections tells what was changed in the published roll and what came of it.
func (s *Service) addCorrections(db *gorm.DB, m *model.Motion, sealed evidence.Sealed, r *document.Result) error {
	if sealed.Corrected == nil {
		return nil
	}
	applied, err := appliedTo(db, m.ID)
	if err != nil {
		return err
	}
	for _, c := range applied {
		line := document.Correction{At: *c.DecidedAt, Reason: c.Reason, Digest: c.DigestAfter}
		for _, change := range c.Changes {
			line.Changes = append(line.Changes, changeWords(change))
		}
		r.Corrections = append(r.Corrections, line)
	}
	r.Uncorrected = document.Outcome(sealed.Corrected.Uncorrected)
	return nil
}

func (s *Service) addIntake(ctx context.Context, m *model.Motion, r *document.Result) error {
	papers, err := s.IntakeOf(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, p := range papers {
		r.Intake = append(r.Intake, document.Intake{
			At: p.ReceivedAt, Way: wayWords[p.Way], Place: p.Place, Sheets: p.Sheets, Collectors: p.Names, Struck: p.StruckReason,
		})
	}
	return nil
}

// announced is what is known of a motion when its roll is frozen.
func (s *Service) announced(db *gorm.DB, m *model.Motion) (document.Result, error) {
	rule := m.Rule()
	r := document.Result{
		Kind: document.Kind(m.Kind), Title: m.Title, Text: m.Text, Scope: m.ScopeLabel, Convener: m.Convener,
		Citation: rule.Citation, Roll: document.Figure{Heads: m.RollHeads, Area: m.RollArea}, RollDigest: m.RollDigest,
		Quorum: requirement(rule.Quorum, 0, 0), Approval: requirement(rule.Approval, 0, 0), AgreeOfRoll: rule.Base == vote.Roll,
	}
	if m.OwnersVote() {
		r.Subject = subjectWords[m.Subject]
	}
	for _, item := range m.Items {
		r.Items = append(r.Items, document.Item{Label: item.Label})
	}
	if err := db.Raw("SELECT name FROM estates WHERE id = ?", m.EstateID).Scan(&r.Estate).Error; err != nil {
		return r, fmt.Errorf("read the estate of motion %s: %w", m.ID, err)
	}
	return r, s.addPeriod(db, m, &r)
}

func addTally(r *document.Result, m *model.Motion, t *Tally) {
	r.Outcome, r.Citation, r.Items = document.Outcome(t.Result.Outcome), t.Rule.Citation, nil
	r.Roll, r.Participating, r.Agree = figure(t.Totals.Roll), figure(t.Totals.Participating()), figure(t.Totals.Agree)
	r.Oppose, r.Abstain, r.Invalid = figure(t.Totals.Oppose), figure(t.Totals.Abstain), figure(t.Totals.Invalid)
	r.Quorum = requirement(t.Rule.Quorum, t.Result.Shortfall.QuorumHeads, t.Result.Shortfall.QuorumArea)
	r.Approval = requirement(t.Rule.Approval, t.Result.Shortfall.ApprovalHeads, t.Result.Shortfall.ApprovalArea)
	r.Signed = quantity.DateOf(*m.SealedAt)
	if t.Result.Outcome == vote.Undetermined {
		r.UndeterminedReason = "有产权人交来的表决票因填写有误等原因未计入参与表决。若将其计为参与而未同意，结论即有不同；法律对此没有明文，故结果待定。"
	}
	hidden := t.WithheldProofs()
	for i, p := range t.Proofs {
		if hidden[i] {
			r.Proofs = append(r.Proofs, proofWords[p.Proof]+"（人数不公布）")
			continue
		}
		r.Proofs = append(r.Proofs, fmt.Sprintf("%s %d人", proofWords[p.Proof], p.Count.Heads))
	}
	for _, b := range t.Bases {
		r.Bases = append(r.Bases, fmt.Sprintf("%s %d人", basisWords[b.Basis], b.Heads))
	}
	r.Silence = silenceWords(t.Silence)
	buildings, units := t.Withheld()
	for i, p := range t.Buildings {
		r.Buildings = append(r.Buildings, part(orElse(p.Building, "（未分栋）"), p.Totals))
		r.Buildings[i].Withheld = buildings[i]
	}
	for i, p := range t.Units {
		r.Units = append(r.Units, part(orElse(p.Building+p.Unit, "（未分单元）"), p.Totals))
		r.Units[i].Withheld = units[i]
	}
	channels := t.WithheldChannels()
	for i, c := range t.Channels {
		row := part(document.Participation(c.Channel).Words(), c.Totals)
		row.Roll, row.Withheld = document.Figure{}, channels[i]
		r.Channels = append(r.Channels, row)
	}
	for _, item := range t.Items {
		r.Items = append(r.Items, document.Item{Label: item.Label, Heads: item.Heads})
	}
	for _, reason := range t.Reasons {
		r.InvalidReasons = append(r.InvalidReasons, document.InvalidReason{Label: invalidWords[reason.Reason], Figure: figure(reason.Count)})
	}
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
		Published: *m.PublishedAt, Opens: m.OpensAt, Closes: m.ClosesAt, CountUntil: m.CountUntil,
	}
	if m.SealedAt != nil {
		r.Period.Sealed = *m.SealedAt
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
		case model.EventPublished, model.EventCancelled, model.EventCorrected:
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
	contestedOf  = homesOf + "v.invalid_reason = 'disputed'" + byPosition
	retractedOf  = homesOf + `EXISTS (SELECT 1 FROM ballots b WHERE b.motion_id = v.motion_id AND b.voter_id = v.id
AND b.word = 'retract' AND b.standing = 'counted')` + byPosition
)

func (s *Service) addHomes(db *gorm.DB, m *model.Motion, r *document.Result) error {
	for query, into := range map[string]*[]string{incompleteOf: &r.Incomplete, disputedOf: &r.Conflicts, waitingOf: &r.Unconfirmed, contestedOf: &r.Contested, retractedOf: &r.Retracted} {
		if err := db.Raw(query, m.ID).Scan(into).Error; err != nil {
			return fmt.Errorf("list the homes to explain of motion %s: %w", m.ID, err)
		}
	}
	return nil
}
