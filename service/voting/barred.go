package voting

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/roster"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Somebody is barred by their phone, in a part of the division that holds the
// grant's estate, or because they log in to an account of the office with the
// same WeChat.
//
// Choice: none of the office or the property company is an agent, docs/law.md.
const barredIn = `SELECT COUNT(*) FROM (
SELECT g.id FROM barred_agents g JOIN residents r ON r.phone_index = g.phone_index AND r.phone_index <> ''
WHERE r.id = ? AND ? LIKE CONCAT(g.area_code, '%')
UNION ALL SELECT l.staff_id FROM staff_wechat l JOIN wechat_accounts w ON w.app_id = l.app_id AND w.open_id = l.open_id
JOIN staff a ON a.id = l.staff_id AND a.disabled_at IS NULL WHERE w.resident_id = ?) barred`

// notBarred refuses whoever may not be an agent in an area.
func notBarred(tx *gorm.DB, agentID, areaCode string) error {
	var n int64
	if err := tx.Raw(barredIn, agentID, areaCode, agentID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find whether an agent is barred: %w", err)
	}
	if n > 0 {
		return ErrAgentBarred
	}
	return nil
}

const (
	barredName  vault.Field = "barred_agent.name"
	barredPhone vault.Field = "barred_agent.phone"
)

// Barred is somebody who may not be an agent, as the office reads it.
type Barred struct {
	model.BarredAgent
	FullName, PhoneMasked string
}

// Bar names somebody of the office or of a property company who may not cast
// for owners (不得担任代理人); named twice, they are named once. Grants that they
// hold are revoked and the principals told; what was cast under them stands.
func (s *Service) Bar(ctx context.Context, caller model.Caller, name, phone, why string) (Barred, error) {
	number, sound := roster.CleanPhone(phone)
	if !sound {
		return Barred{}, fault.Unknown("body.phone", "手机号不正确")
	}
	b := model.BarredAgent{
		ID: store.NewID(), AreaCode: caller.AreaCode, PhoneIndex: s.Vault.Index(residentPhone, number), Phone: s.Vault.Seal(barredPhone, number),
		Name: s.Vault.Seal(barredName, strings.TrimSpace(name)), Why: why, NamedBy: caller.ID, NamedAt: s.now(),
	}
	id, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (string, error) {
		var there []string
		if err := tx.Raw("SELECT id FROM barred_agents WHERE phone_index = ? AND area_code = ?", b.PhoneIndex, b.AreaCode).Scan(&there).Error; err != nil {
			return "", fmt.Errorf("find who is barred: %w", err)
		}
		if len(there) > 0 {
			return there[0], nil
		}
		if err := gorm.G[model.BarredAgent](tx).Create(ctx, &b); err != nil {
			return "", fmt.Errorf("bar an agent: %w", err)
		}
		if err := s.revokeBarred(tx, b); err != nil {
			return "", err
		}
		return b.ID, s.Audit.Record(ctx, tx, barEntry(caller, b.ID, "bar"))
	})
	if err != nil {
		return Barred{}, err
	}
	return s.barred(s.DB.Read(ctx), id)
}

const (
	grantsOfPhone = `SELECT g.* FROM grants g JOIN residents r ON r.id = g.agent_id
WHERE r.phone_index = ? AND g.status = 'active' AND g.area_code LIKE ? ORDER BY g.id`
	revokeGrants = "UPDATE grants SET status = 'revoked', ended_at = ?, reason = '代理人不得担任代理' WHERE id IN ? AND status = 'active'"
)

func (s *Service) revokeBarred(tx *gorm.DB, b model.BarredAgent) error {
	var held []model.Grant
	if err := tx.Raw(grantsOfPhone, b.PhoneIndex, b.AreaCode+"%").Scan(&held).Error; err != nil {
		return fmt.Errorf("find the grants of a barred agent: %w", err)
	}
	if len(held) == 0 {
		return nil
	}
	var ids []string
	now := s.now()
	for _, g := range held {
		ids = append(ids, g.ID)
		if g.PrincipalID == "" {
			continue
		}
		err := messages.Tell(tx, []string{g.PrincipalID}, messages.News{
			Kind: "grant_ended", AboutType: "grant", AboutID: g.ID, Text: "您委托的代理人不得担任代理，委托已经终止；请您自己提交，或另行委托他人",
			Hint: "一项表决委托已经终止",
		}, now)
		if err != nil {
			return err
		}
	}
	if err := tx.Exec(revokeGrants, now, ids).Error; err != nil {
		return fmt.Errorf("revoke the grants of a barred agent: %w", err)
	}
	return nil
}

func barEntry(caller model.Caller, id, verb string) audit.Entry {
	return audit.Entry{Actor: caller, Right: model.CheckPaper, Verb: verb, ObjectType: "barred_agent", ObjectID: id, AreaCode: caller.AreaCode}
}

// Unbar takes somebody off the list.
func (s *Service) Unbar(ctx context.Context, caller model.Caller, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM barred_agents WHERE id = ?", id).Error; err != nil {
			return fmt.Errorf("unbar an agent: %w", err)
		}
		return s.Audit.Record(ctx, tx, barEntry(caller, id, "unbar"))
	})
}

// HasBarred refuses, with not found, a line outside the caller's area.
func (s *Service) HasBarred(ctx context.Context, caller model.Caller, id string) error {
	b, err := s.barred(s.DB.Read(ctx), id)
	if err == nil && !caller.Covers(b.AreaCode) {
		err = fault.ErrNotFound
	}
	return err
}

// BarredBy lists who may not be an agent, as named for the caller's area.
func (s *Service) BarredBy(ctx context.Context, caller model.Caller) ([]Barred, error) {
	db := s.DB.Read(ctx)
	var ids []string
	if err := db.Raw("SELECT id FROM barred_agents WHERE area_code LIKE ? ORDER BY named_at, id", caller.AreaCode+"%").Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("list who is barred: %w", err)
	}
	out := make([]Barred, 0, len(ids))
	for _, id := range ids {
		b, err := s.barred(db, id)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func (s *Service) barred(db *gorm.DB, id string) (Barred, error) {
	var b Barred
	err := db.Raw("SELECT * FROM barred_agents WHERE id = ?", id).Take(&b.BarredAgent).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return b, fault.ErrNotFound
	}
	if err != nil {
		return b, fmt.Errorf("read who is barred: %w", err)
	}
	phone, errPhone := s.Vault.Reveal(barredPhone, b.Phone)
	if b.FullName, err = s.Vault.Reveal(barredName, b.Name); err != nil || errPhone != nil {
		return b, fmt.Errorf("read who is barred: %w", errors.Join(err, errPhone))
	}
	b.PhoneMasked = roster.MaskPhone(phone)
	return b, nil
}
