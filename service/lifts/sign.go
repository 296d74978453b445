package lifts

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// What is refused of signatures.
var (
	ErrVersionPast     = fault.New(fault.Conflict, "agreement_outdated", "方案已有新版本，请阅读后签署现行版本")
	ErrWritingRequired = fault.New(fault.Forbidden, "writing_required", "单位产权须由产权单位书面签署，请向社区递交盖章的协议")
	ErrAgreementFormed = fault.New(fault.Conflict, "agreement_formed", "出资各户都已签署，协议已经成立，不能单方撤回")
	ErrMotionFailed    = fault.New(fault.Conflict, "motion_not_passed", "业主表决没有通过这一版方案，协议自动失效，不能签署")
	ErrNotOccupied     = fault.New(fault.Conflict, "not_occupied", "这一版方案没有占用本户的专有部分")
	ErrNothingSigned   = fault.New(fault.Conflict, "nothing_signed", "没有等待核对的签署")
	ErrOwnSignature    = fault.New(fault.Forbidden, "own_signature", "不能核对自己录入的签署")
)

// Declaration is what somebody declares for a home on one version.
type Declaration struct {
	PropertyID string
	Version    int
	Kind       model.LiftPaper
	Accept     bool
	SignedOn   quantity.Date // of a paper
	Scans      []string      // of a paper
}

// Sign takes an owner's declaration on the phone, and gives the office's signed
// receipt for it. It binds who signs this version, and nobody else; until all
// who pay have signed it can be taken back.
//
// Law: Civil Code art. 490 para. 1, 「当事人采用合同书形式订立合同的，自当事人均签名、
// 盖章或者按指印时合同成立」; electronic form, art. 469 para. 3.
func (s *Service) Sign(ctx context.Context, caller model.Caller, planID string, t *Tie, d Declaration) (*model.LiftSignature, error) {
	if t.Relation != model.RelationOwner {
		return nil, ErrOwnersOnly
	}
	if t.Tenure == model.TenureOrganisation {
		return nil, ErrWritingRequired
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.LiftSignature, error) {
		p, err := s.signable(tx, planID, d)
		if err != nil {
			return nil, err
		}
		row := model.LiftSignature{
			ID: store.NewID(), PlanID: planID, Version: d.Version, PropertyID: d.PropertyID, Kind: d.Kind, Accept: d.Accept, Channel: model.LiftByPhone,
			ResidentID: caller.ID, Relation: t.Relation, Proof: t.Proof, Digest: p.As.Digest, SignedOn: quantity.DateOf(s.now()), At: s.now(),
		}
		if row.Receipt, err = s.Key.Sign([]byte(ReceiptText(&row))); err != nil {
			return nil, err
		}
		if err := gorm.G[model.LiftSignature](tx).Create(ctx, &row); err != nil {
			return nil, fmt.Errorf("keep a signature on lift plan %s: %w", planID, err)
		}
		return &row, nil
	})
}

// ReceiptText is what the office signs: which home declared what on which
// version, by the digest of that version, and when.
func ReceiptText(s *model.LiftSignature) string {
	return fmt.Sprintf("gongdi-lift-signature-1\nplan=%s\nversion=%d\nproperty=%s\nkind=%s\naccept=%t\ndigest=%s\nat=%s\n",
		s.PlanID, s.Version, s.PropertyID, s.Kind, s.Accept, s.Digest, s.At.UTC().Format(time.RFC3339Nano))
}

// signable holds a variant whose present version a home may declare itself on.
func (s *Service) signable(tx *gorm.DB, planID string, d Declaration) (*Plan, error) {
	held, err := s.hold(tx, planID)
	switch {
	case err != nil:
		return nil, err
	case d.Version > held.Version:
		return nil, fault.Unknown("body.agreement_version", "没有这个版本")
	case d.Version < held.Version:
		return nil, ErrVersionPast.Carrying("version", held.Version)
	}
	p, err := read(tx, held, held.Version)
	if err != nil {
		return nil, err
	}
	own := p.share(d.PropertyID)
	switch {
	case own == nil:
		return nil, fault.ErrNotFound
	case d.Kind == model.LiftConsent && !own.Occupied:
		return nil, ErrNotOccupied
	}
	verdict, err := s.verdict(tx, p)
	if err != nil {
		return nil, err
	}
	if d.Accept && verdict == voting.VerdictNotPassed {
		return nil, ErrMotionFailed
	}
	if d.Accept || d.Kind == model.LiftConsent {
		return p, nil
	}
	state, err := signatures(tx, p)
	if err != nil {
		return nil, err
	}
	if state.Formed() {
		return nil, ErrAgreementFormed
	}
	return p, nil
}

func (p *Plan) share(propertyID string) *model.LiftShare {
	for i := range p.Shares {
		if p.Shares[i].PropertyID == propertyID {
			return &p.Shares[i]
		}
	}
	return nil
}

// Enter records a declaration on paper with its scan; it counts when another
// person has compared the two.
func (s *Service) Enter(ctx context.Context, caller model.Caller, planID string, d Declaration) (*model.LiftSignature, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.LiftSignature, error) {
		p, err := s.signable(tx, planID, d)
		if err != nil {
			return nil, err
		}
		if d.SignedOn > quantity.DateOf(s.now()) || d.SignedOn < quantity.DateOf(p.As.CreatedAt) {
			return nil, fault.Unknown("body.signed_on", "签署日期应在这一版方案编制之后，不能在将来")
		}
		row := model.LiftSignature{
			ID: store.NewID(), PlanID: planID, Version: d.Version, PropertyID: d.PropertyID, Kind: d.Kind, Accept: d.Accept, Channel: model.LiftByPaper,
			Proof: model.ProofPaper, Digest: p.As.Digest, SignedOn: d.SignedOn, EnteredBy: caller.ID, At: s.now(),
		}
		if err := gorm.G[model.LiftSignature](tx).Create(ctx, &row); err != nil {
			return nil, fmt.Errorf("keep a paper on lift plan %s: %w", planID, err)
		}
		if err := files.Attach(tx, caller, Scans(row.ID), d.Scans, "body.scan_file_ids"); err != nil {
			return nil, err
		}
		return &row, s.record(ctx, tx, caller, model.SignLifts, &p.Plan, "enter", "")
	})
}

// Scans is what the scans of one paper belong to.
func Scans(signatureID string) model.About {
	return model.About{Type: "lift_signature", ID: signatureID}
}

const unconfirmed = "SELECT * FROM lift_signatures WHERE plan_id = ? AND property_id = ? AND kind = ? AND channel = 'paper' AND confirmed_by = '' ORDER BY at DESC, id DESC LIMIT 1"

// Confirm is the second person's look at a paper. The variant must still be at
// the version that was signed.
func (s *Service) Confirm(ctx context.Context, caller model.Caller, planID, propertyID string, kind model.LiftPaper) (*model.LiftSignature, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.LiftSignature, error) {
		held, err := s.hold(tx, planID)
		if err != nil {
			return nil, err
		}
		var rows []model.LiftSignature
		if err := tx.Raw(unconfirmed, planID, propertyID, kind).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("find what is to be compared on lift plan %s: %w", planID, err)
		}
		switch {
		case len(rows) == 0:
			return nil, ErrNothingSigned
		case rows[0].Version != held.Version:
			return nil, ErrVersionPast.Carrying("version", held.Version)
		}
		if err := identity.OtherThan(tx, caller, rows[0].EnteredBy, ErrOwnSignature); err != nil {
			return nil, err
		}
		now := s.now()
		rows[0].ConfirmedBy, rows[0].ConfirmedAt = caller.ID, &now
		if err := tx.Exec("UPDATE lift_signatures SET confirmed_by = ?, confirmed_at = ? WHERE id = ?", caller.ID, now, rows[0].ID).Error; err != nil {
			return nil, fmt.Errorf("confirm a paper on lift plan %s: %w", planID, err)
		}
		return &rows[0], s.record(ctx, tx, caller, model.SignLifts, held, "confirm", "")
	})
}

// verdict is what the owners' vote on the present version came to.
func (s *Service) verdict(tx *gorm.DB, p *Plan) (voting.Verdict, error) {
	if p.As.MotionID == "" {
		return voting.VerdictNone, nil
	}
	stage, outcome, err := voting.Outcome(tx, p.As.MotionID)
	if err != nil {
		return "", err
	}
	return voting.VerdictOf(stage, outcome), nil
}

// HasSignature refuses, with not found, a paper on another variant.
func (s *Service) HasSignature(ctx context.Context, planID, id string) error {
	var n int
	if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM lift_signatures WHERE id = ? AND plan_id = ?", id, planID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a paper on lift plan %s: %w", planID, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}
