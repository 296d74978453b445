package registry

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// BindRequest is a resident's word that they belong to a home. Only the owner,
// or one who acts for an organisation that owns it, binds as owner.
type BindRequest struct {
	PropertyID     string
	Name           string
	IDLast6        string // of the document number; may be empty
	PhoneCode      string // of the platform's phone button; may be empty
	Relation       model.Relation
	PrivacyVersion string
}

// claim is a request with what is known of it beforehand.
type claim struct {
	BindRequest
	residentID string
	phone      string
	refused    error // what already forbids it, unless it is a repetition
}

var lastSix = regexp.MustCompile(`^[0-9A-Z]{6}$`)

// Bind ties a resident to a home (绑定). An owner whose name and last six of the
// document number, or name and the roster's phone, match is verified at once;
// everybody else is pending for the community. What did not match is never
// told. It refuses with ErrTooManyTries and identity.ErrPrivacyNotAccepted.
func (s *Service) Bind(ctx context.Context, caller model.Caller, r BindRequest) (Bound, error) {
	if err := r.normalise(); err != nil {
		return Bound{}, err
	}
	if version, _ := s.Identity.Privacy(); r.PrivacyVersion != version {
		return Bound{}, identity.ErrPrivacyNotAccepted
	}
	c := claim{BindRequest: r, residentID: caller.ID}
	c.phone, c.refused = s.prepare(ctx, c)
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (Bound, error) {
		if c.refused != nil {
			return Bound{}, c.refused
		}
		return s.bind(ctx, tx, c)
	})
}

func (r *BindRequest) normalise() error {
	r.Name = rule.Clean(r.Name, nameLimit)
	r.IDLast6 = strings.ToUpper(rule.Fold(r.IDLast6))
	switch {
	case nameKey(r.Name) == "":
		return fault.Unknown("body.name", "请填写姓名")
	case r.IDLast6 != "" && !lastSix.MatchString(r.IDLast6):
		return fault.Unknown("body.id_last6", "请填写证件号码的后六位")
	case !slices.Contains([]model.Relation{model.RelationOwner, model.RelationTenant, model.RelationFamily}, r.Relation):
		return fault.Unknown("body.relation", "应为产权人、承租人或者家庭成员")
	}
	return nil
}

// tries reports whether the request is a try at matching.
func (c claim) tries() bool {
	return c.Relation == model.RelationOwner && (c.IDLast6 != "" || c.phone != "")
}

const homeThere = "SELECT id FROM properties WHERE id = ?"

// prepare does what needs no transaction: a phone code works only once, so that
// it is not spent on what is refused anyway.
func (s *Service) prepare(ctx context.Context, c claim) (string, error) {
	var row struct{ ID string }
	err := s.DB.Read(ctx).Raw(homeThere, c.PropertyID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", fault.Unknown("body.property_id", "没有找到这套房屋")
	}
	if err != nil {
		return "", fmt.Errorf("find home %s: %w", c.PropertyID, err)
	}
	if c.PhoneCode == "" {
		return "", nil
	}
	if c.Relation == model.RelationOwner {
		if err := s.refuseSpent(s.DB.Read(ctx), c.residentID); err != nil {
			return "", err
		}
	}
	return s.Identity.Phone(ctx, c.PhoneCode)
}

const (
	residentRow  = "SELECT id FROM residents WHERE id = ?"
	standingTies = "SELECT * FROM bindings WHERE resident_id = ? AND property_id = ? AND status IN ('pending', 'verified') ORDER BY id"
)

// bind runs with the resident and the home held, in this order, so that wrong
// tries are counted exactly however many come at once.
func (s *Service) bind(ctx context.Context, tx *gorm.DB, c claim) (Bound, error) {
	var held struct{ ID string }
	if err := tx.Raw(s.DB.Locked(residentRow), c.residentID).Take(&held).Error; err != nil {
		return Bound{}, fmt.Errorf("hold a resident: %w", err)
	}
	var p model.Property
	if err := tx.Raw(s.DB.Locked(propertyByID), c.PropertyID).Take(&p).Error; err != nil {
		return Bound{}, fmt.Errorf("hold home %s: %w", c.PropertyID, err)
	}
	if err := s.acknowledge(ctx, tx, c); err != nil {
		return Bound{}, err
	}
	var standing []model.Binding
	if err := tx.Raw(standingTies, c.residentID, c.PropertyID).Scan(&standing).Error; err != nil {
		return Bound{}, fmt.Errorf("find bindings to home %s: %w", c.PropertyID, err)
	}
	for _, b := range standing {
		if b.Status == model.BindingVerified && b.Relation == c.Relation {
			return s.bound(tx, b.ID)
		}
	}
	b, err := s.judge(tx, c)
	if err != nil {
		return Bound{}, err
	}
	b.EstateID = p.EstateID
	if err := s.replace(ctx, tx, b, standing); err != nil {
		return Bound{}, err
	}
	if err := s.tellOwners(tx, b, p.Label); err != nil {
		return Bound{}, err
	}
	return s.bound(tx, b.ID)
}

func (s *Service) acknowledge(ctx context.Context, tx *gorm.DB, c claim) error {
	if err := s.Identity.Accept(ctx, tx, c.residentID, c.PrivacyVersion); err != nil {
		return err
	}
	if c.phone == "" {
		return nil
	}
	return s.Identity.AttachPhone(ctx, tx, c.residentID, c.phone)
}

// judge makes the binding of a claim, verified where it matches.
func (s *Service) judge(tx *gorm.DB, c claim) (*model.Binding, error) {
	now := s.now()
	b := &model.Binding{
		ID: store.NewID(), ResidentID: c.residentID, PropertyID: c.PropertyID, Relation: c.Relation, Status: model.BindingPending,
		Name: s.Vault.Seal(boundName, c.Name), Phone: s.Vault.Seal(boundPhone, c.phone), PrivacyVersion: c.PrivacyVersion, CreatedAt: now,
	}
	if !c.tries() {
		return b, nil
	}
	if err := s.refuseSpent(tx, c.residentID); err != nil {
		return nil, err
	}
	paused, err := spent(tx, triesAtHome(c.PropertyID, quantity.DateOf(now)))
	if err != nil || paused {
		return b, err
	}
	owner, proof, err := s.match(tx, c)
	if err != nil {
		return nil, err
	}
	if proof == model.ProofNone {
		return b, s.wrong(tx, c.residentID, c.PropertyID)
	}
	b.OwnerID, b.Proof, b.Status, b.DecidedAt = owner, proof, model.BindingVerified, &now
	return b, nil
}

// match compares a claim with each owner of the home; the stronger proof goes first.
func (s *Service) match(tx *gorm.DB, c claim) (ownerID string, proof model.Proof, err error) {
	owners, err := ownersOf(tx, []string{c.PropertyID})
	if err != nil {
		return "", model.ProofNone, err
	}
	name, number, phone := s.nameIndex(c.Name), s.Vault.Index(ownerTail, c.IDLast6), s.Vault.Index(ownerPhone, c.phone)
	for _, o := range owners[c.PropertyID] {
		switch {
		case o.NameIndex != name:
		case number != "" && o.DocumentTailIndex == number:
			return o.ID, model.ProofDocument, nil
		case phone != "" && o.PhoneIndex == phone && proof == model.ProofNone:
			ownerID, proof = o.ID, model.ProofRosterPhone
		}
	}
	return ownerID, proof, nil
}

const endTies = "UPDATE bindings SET status = 'ended', decided_at = ? WHERE id IN ?"

// replace stores a binding in the place of one's pending one; a verified one
// also takes the place of what the resident was to the home before.
func (s *Service) replace(ctx context.Context, tx *gorm.DB, b *model.Binding, standing []model.Binding) error {
	var ended []string
	for _, old := range standing {
		if old.Status == model.BindingPending || b.Status == model.BindingVerified {
			ended = append(ended, old.ID)
		}
	}
	if len(ended) > 0 {
		if err := tx.Exec(endTies, b.CreatedAt, ended).Error; err != nil {
			return fmt.Errorf("end earlier bindings: %w", err)
		}
	}
	if err := gorm.G[model.Binding](tx).Create(ctx, b); err != nil {
		return fmt.Errorf("store a binding: %w", err)
	}
	return nil
}

const (
	boundOwners   = "SELECT DISTINCT resident_id FROM bindings WHERE property_id = ? AND status = 'verified' AND relation = 'owner' AND resident_id <> ? ORDER BY resident_id"
	textRequested = "有人申请绑定您的房屋 %s。如果您不知情，请联系社区。"
)

// tellOwners tells every other bound owner of the home, without saying who asks.
func (s *Service) tellOwners(tx *gorm.DB, b *model.Binding, label string) error {
	var others []string
	if err := tx.Raw(boundOwners, b.PropertyID, b.ResidentID).Scan(&others).Error; err != nil {
		return fmt.Errorf("find the bound owners of home %s: %w", b.PropertyID, err)
	}
	return messages.Tell(tx, others, news(newsRequested, b.ID, fmt.Sprintf(textRequested, label)), s.now())
}
