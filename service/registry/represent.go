package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	rule "gongdi/model/rule/roster"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused of a representation.
var (
	ErrRepresentationDecided = fault.New(fault.Conflict, "representation_decided", "这项代表资格已经审核过或已经结束")
	ErrOwnRepresentation     = fault.New(fault.Forbidden, "own_representation", "不能审核自己录入的代表资格，请由另一名工作人员审核")
	ErrRepresentativeUnknown = fault.New(fault.Conflict, "representative_unknown", "代表人还没有在小程序验证这个手机号，请其先登录并验证；只用纸质投票的，不填手机号")
)

const (
	representativeName  vault.Field = "representation.name"
	representativePhone vault.Field = "representation.phone"
	representationWords vault.Field = "representation.words"
	residentPhone       vault.Field = "resident.phone" // as identity keeps it
)

// NewRepresentation is a representation to be entered.
type NewRepresentation struct {
	PropertyID, OwnerID string
	Basis               model.Basis
	Name, Phone         string // a phone only for who votes on one
	Words               string
	Until               *time.Time
	Papers              []string
}

// Representative is a representation as the office reads it.
type Representative struct {
	model.Representation
	Label       string
	FullName    string
	PhoneMasked string
	Explained   string
	Papers      []string
}

// Represent records that somebody votes in an owner's place, with the papers
// that show it. Another member of staff decides on it.
func (s *Service) Represent(ctx context.Context, caller model.Caller, n NewRepresentation) (Representative, error) {
	err := s.HasProperty(ctx, caller, n.PropertyID)
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.Unknown("body.property_id", "没有找到这套房屋")
	}
	if err != nil {
		return Representative{}, err
	}
	n.Name = rule.Clean(n.Name, nameLimit)
	switch {
	case rule.IsBlank(n.Name):
		return Representative{}, fault.Unknown("body.name", "请填写代表人姓名")
	case n.Until != nil && !n.Until.After(s.now()):
		return Representative{}, fault.Unknown("body.until", "期限应在现在之后")
	}
	if n.Phone != "" {
		phone, sound := rule.CleanPhone(n.Phone)
		if !sound {
			return Representative{}, fault.Unknown("body.phone", "手机号不正确")
		}
		n.Phone = phone
	}
	id, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (string, error) { return s.represent(ctx, tx, caller, n) })
	if err != nil {
		return Representative{}, err
	}
	return s.representative(s.DB.Read(ctx), id)
}

func (s *Service) represent(ctx context.Context, tx *gorm.DB, caller model.Caller, n NewRepresentation) (string, error) {
	var p model.Property
	if err := tx.Raw(propertyByID, n.PropertyID).Take(&p).Error; err != nil {
		return "", fmt.Errorf("read home %s: %w", n.PropertyID, err)
	}
	owners, err := ownersOf(tx, []string{n.PropertyID})
	if err != nil {
		return "", err
	}
	isOwner := func(o model.Owner) bool { return o.ID == n.OwnerID }
	if n.OwnerID != "" && !slices.ContainsFunc(owners[n.PropertyID], isOwner) {
		return "", fault.Unknown("body.owner_id", "没有找到这位产权人")
	}
	area, err := s.areaOf(tx, p.EstateID)
	if err != nil {
		return "", err
	}
	r := model.Representation{
		ID: store.NewID(), EstateID: p.EstateID, AreaCode: area, PropertyID: p.ID, OwnerID: n.OwnerID, Basis: n.Basis,
		Name: s.Vault.Seal(representativeName, n.Name), Phone: s.Vault.Seal(representativePhone, n.Phone),
		PhoneIndex: s.Vault.Index(residentPhone, n.Phone), Words: s.Vault.Seal(representationWords, n.Words),
		Status: model.RepresentationPending, EnteredBy: caller.ID, EnteredAt: s.now(),
	}
	if n.Until != nil {
		until := n.Until.UTC().Truncate(time.Millisecond)
		r.UntilAt = &until
	}
	if err := gorm.G[model.Representation](tx).Create(ctx, &r); err != nil {
		return "", fmt.Errorf("keep a representation: %w", err)
	}
	if err := files.Attach(tx, caller, representationPapers(r.ID), n.Papers, "body.file_ids"); err != nil {
		return "", err
	}
	return r.ID, s.Audit.Record(ctx, tx, representationEntry(caller, &r, "enter_representation", ""))
}

func representationPapers(id string) model.About { return model.About{Type: "representation", ID: id} }

// PapersOfRepresentation is what the papers of a representation belong to.
func (s *Service) PapersOfRepresentation(id string) model.About { return representationPapers(id) }

func representationEntry(caller model.Caller, r *model.Representation, verb, reason string) audit.Entry {
	return audit.Entry{
		Actor: caller, Right: model.DecideBindings, Verb: verb, ObjectType: "representation", ObjectID: r.ID, AreaCode: r.AreaCode, Reason: reason,
	}
}

const representationByID = "SELECT * FROM representations WHERE id = ?"

// HasRepresentation refuses, with not found, one outside the caller's area.
func (s *Service) HasRepresentation(ctx context.Context, caller model.Caller, id string) error {
	return s.within(ctx, caller, "SELECT id, area_code FROM representations WHERE id = ?", id)
}

// DecideRepresentation approves or refuses what somebody else entered. An
// approved representative with a phone is bound to the home as its owner is.
func (s *Service) DecideRepresentation(ctx context.Context, caller model.Caller, id string, approve bool, reason string) (Representative, error) {
	return s.changeRepresentation(ctx, caller, id, func(tx *gorm.DB, r *model.Representation) (string, error) {
		if r.Status != model.RepresentationPending {
			return "", ErrRepresentationDecided
		}
		if err := identity.OtherThan(tx, caller, r.EnteredBy, ErrOwnRepresentation); err != nil {
			return "", err
		}
		now := s.now()
		r.DecidedBy, r.DecidedAt, r.Reason = caller.ID, &now, reason
		if !approve {
			r.Status = model.RepresentationRefused
			return "refuse_representation", nil
		}
		r.Status = model.RepresentationActive
		return "approve_representation", s.bindRepresentative(ctx, tx, r)
	})
}

// EndRepresentation ends one that runs, for a reason; what was cast stands.
func (s *Service) EndRepresentation(ctx context.Context, caller model.Caller, id, reason string) (Representative, error) {
	return s.changeRepresentation(ctx, caller, id, func(tx *gorm.DB, r *model.Representation) (string, error) {
		if r.Status != model.RepresentationActive {
			return "", ErrRepresentationDecided
		}
		now := s.now()
		r.Status, r.Reason, r.EndedBy, r.EndedAt = model.RepresentationEnded, reason, caller.ID, &now
		if r.ResidentID != "" {
			told := messages.News{Kind: newsEnded, AboutType: "representation", AboutID: r.ID, Text: "您代表产权人参加表决的资格已经结束：" + reason, Hint: "您代表产权人的资格已经结束"}
			if err := messages.Tell(tx, []string{r.ResidentID}, told, now); err != nil {
				return "", err
			}
		}
		return "end_representation", endRepresented(tx, []string{r.ID}, now)
	})
}

func (s *Service) changeRepresentation(ctx context.Context, caller model.Caller, id string, change func(*gorm.DB, *model.Representation) (string, error)) (Representative, error) {
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var r model.Representation
		if err := tx.Raw(s.DB.Locked(representationByID), id).Take(&r).Error; err != nil {
			return fmt.Errorf("hold representation %s: %w", id, err)
		}
		verb, err := change(tx, &r)
		if err != nil {
			return err
		}
		if err := tx.Select("*").Where("id = ?", id).UpdateColumns(&r).Error; err != nil {
			return fmt.Errorf("save representation %s: %w", id, err)
		}
		return s.Audit.Record(ctx, tx, representationEntry(caller, &r, verb, r.Reason))
	})
	if err != nil {
		return Representative{}, err
	}
	return s.representative(s.DB.Read(ctx), id)
}

const residentOfPhone = "SELECT id FROM residents WHERE phone_index = ? ORDER BY created_at LIMIT 1"

func (s *Service) bindRepresentative(ctx context.Context, tx *gorm.DB, r *model.Representation) error {
	if r.PhoneIndex == "" {
		return nil
	}
	var residents []string
	if err := tx.Raw(residentOfPhone, r.PhoneIndex).Scan(&residents).Error; err != nil {
		return fmt.Errorf("find the representative of home %s: %w", r.PropertyID, err)
	}
	if len(residents) == 0 {
		return ErrRepresentativeUnknown
	}
	r.ResidentID = residents[0]
	name, err := s.Vault.Reveal(representativeName, r.Name)
	if err != nil {
		return fmt.Errorf("read representation %s: %w", r.ID, err)
	}
	version, _ := s.Identity.Privacy()
	b := model.Binding{
		ID: store.NewID(), ResidentID: r.ResidentID, PropertyID: r.PropertyID, EstateID: r.EstateID, OwnerID: r.OwnerID,
		Relation: model.RelationOwner, Status: model.BindingVerified, Proof: model.ProofDocument, Name: s.Vault.Seal(boundName, name),
		RepresentationID: r.ID, UntilAt: r.UntilAt, PrivacyVersion: version, DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt, CreatedAt: *r.DecidedAt,
	}
	var standing []model.Binding
	if err := tx.Raw(standingTies, b.ResidentID, b.PropertyID).Scan(&standing).Error; err != nil {
		return fmt.Errorf("find bindings to home %s: %w", b.PropertyID, err)
	}
	if err := s.replace(ctx, tx, &b, standing); err != nil {
		return err
	}
	var label string
	if err := tx.Raw("SELECT label FROM properties WHERE id = ?", b.PropertyID).Scan(&label).Error; err != nil {
		return fmt.Errorf("read home %s: %w", b.PropertyID, err)
	}
	if err := s.tellOwners(tx, &b, label); err != nil {
		return err
	}
	return messages.Tell(tx, []string{b.ResidentID}, news(newsVerified, b.ID, "您代表房屋 "+label+" 的产权人参加表决的资格已经社区审核。"), *r.DecidedAt)
}

func endRepresented(tx *gorm.DB, ids []string, now time.Time) error {
	err := tx.Exec("UPDATE bindings SET status = 'ended', decided_at = ? WHERE representation_id IN ? AND status = 'verified'", now, ids).Error
	if err != nil {
		return fmt.Errorf("end the bindings of representatives: %w", err)
	}
	return nil
}

// EndExpired ends representations whose term is over; they give no right from
// the instant it ends, whenever this comes round.
func (s *Service) EndExpired(ctx context.Context) error {
	now := s.now()
	const over = "SELECT id FROM representations WHERE status = 'active' AND until_at <= ?"
	var ids []string
	if err := s.DB.Read(ctx).Raw(over, now).Scan(&ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec("UPDATE representations SET status = 'ended', ended_at = until_at, reason = '期限届满' WHERE id IN ? AND status = 'active'", ids).Error; err != nil {
			return fmt.Errorf("end expired representations: %w", err)
		}
		return endRepresented(tx, ids, now)
	})
}

// Representations narrows a list of them.
type Representations struct {
	Status        model.RepresentationStatus
	Offset, Limit int
}

const representationsOf = "FROM representations r JOIN properties p ON p.id = r.property_id WHERE r.area_code LIKE ? AND (? = '' OR r.status = ?)"

// RepresentationsOf lists those of the caller's area, the oldest first.
func (s *Service) RepresentationsOf(ctx context.Context, caller model.Caller, q Representations) ([]Representative, int64, error) {
	db := s.DB.Read(ctx)
	ids, total, err := store.Page[string](db, store.List{
		Of: "representations", Columns: "r.id", From: representationsOf, Order: "r.entered_at, r.id", Args: []any{caller.AreaCode + "%", q.Status, q.Status},
	}, q.Offset, q.Limit)
	if err != nil {
		return nil, 0, err
	}
	out := make([]Representative, 0, len(ids))
	for _, id := range ids {
		r, err := s.representative(db, id)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, r)
	}
	return out, total, nil
}

func (s *Service) representative(db *gorm.DB, id string) (Representative, error) {
	var row struct {
		model.Representation
		Label string
	}
	if err := db.Raw("SELECT r.*, p.label FROM representations r JOIN properties p ON p.id = r.property_id WHERE r.id = ?", id).Take(&row).Error; err != nil {
		return Representative{}, fmt.Errorf("read representation %s: %w", id, err)
	}
	out := Representative{Representation: row.Representation, Label: row.Label, Papers: []string{}}
	name, errName := s.Vault.Reveal(representativeName, row.Name)
	phone, errPhone := s.Vault.Reveal(representativePhone, row.Phone)
	words, errWords := s.Vault.Reveal(representationWords, row.Words)
	if err := errors.Join(errName, errPhone, errWords); err != nil {
		return out, fmt.Errorf("read representation %s: %w", id, err)
	}
	out.FullName, out.PhoneMasked, out.Explained = name, rule.MaskPhone(phone), words
	papers, err := files.Of(db, representationPapers(id))
	for _, f := range papers {
		out.Papers = append(out.Papers, f.ID)
	}
	return out, err
}
