package voting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused of a grant.
var (
	ErrGrantUntil        = fault.New(fault.Invalid, "grant_period", "委托期限应在现在之后、三年之内")
	ErrOwnGrant          = fault.New(fault.Conflict, "own_grant", "不能委托自己")
	ErrGrantEnded        = fault.New(fault.Conflict, "grant_ended", "这项委托已经撤销、过期或由他人接受")
	ErrGrantUsed         = fault.New(fault.Conflict, "grant_used", "代理人已经按委托提交了表决，委托不能再撤销；您可以在截止前自己重新提交")
	ErrAgentNotVerified  = fault.New(fault.Forbidden, "agent_not_verified", "代理人须先核实身份：绑定房屋或在小程序验证手机号")
	ErrGrantForOther     = fault.New(fault.Forbidden, "grant_for_other", "这项委托指定了其他人的手机号")
	ErrAgentBarred       = fault.New(fault.Forbidden, "agent_barred", "街道、社区工作人员和本小区物业服务企业的人员不能担任代理人")
	ErrTooManyPrincipals = fault.New(fault.Conflict, "too_many_principals", "一人同时接受的委托已达上限")
)

const (
	longestGrant = 3 * 366 * 24 * time.Hour

	grantToken    vault.Field = "grant.token"
	residentPhone vault.Field = "resident.phone" // as identity keeps it
)

// Offer asks that another cast for the owner of a voter (委托).
type Offer struct {
	VoterID    string
	MotionID   string // empty for every motion of these homes until then
	AgentPhone string // empty when whoever is shown the token may accept
	Until      time.Time
}

// Granted is a grant with the homes that it speaks for.
type Granted struct {
	model.Grant
	Homes []model.RollProperty
	Token string // that the agent accepts with, while it is offered
	Used  bool
}

// Grant lets another verified person cast for a voter of one's own. The agent
// takes it up with the token. Whoever casts under a grant cannot pass it on.
//
// Law: Civil Code arts 165, 169.
func (s *Service) Grant(ctx context.Context, caller model.Caller, o Offer) (Granted, error) {
	motionID, err := s.motionOfVoter(ctx, o.VoterID)
	if err != nil {
		return Granted{}, err
	}
	if o.MotionID != "" && o.MotionID != motionID {
		return Granted{}, fault.Unknown("body.motion_id", "这一户不在该表决的名册上")
	}
	e, err := s.MayCast(ctx, caller, motionID, o.VoterID)
	if err == nil && (e.Relation != model.RelationOwner) {
		err = ErrNotYourBallot
	}
	if err != nil {
		return Granted{}, err
	}
	phone := ""
	if o.AgentPhone != "" {
		number, sound := roster.CleanPhone(o.AgentPhone)
		if !sound {
			return Granted{}, fault.Unknown("body.agent_phone", "手机号不正确")
		}
		phone = s.Vault.Index(residentPhone, number)
	}
	granted, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (Granted, error) {
		m, err := motion(tx, motionByID, motionID)
		if err != nil {
			return Granted{}, err
		}
		now := s.now()
		if !o.Until.After(now) || o.Until.After(now.Add(longestGrant)) {
			return Granted{}, ErrGrantUntil.At("body.until", "应在现在之后、三年之内")
		}
		g := model.Grant{
			ID: store.NewID(), PrincipalID: caller.ID, AgentPhoneIndex: phone, EstateID: m.EstateID, AreaCode: m.AreaCode,
			MotionID: o.MotionID, Scope: "在表决、意愿调查中代为提交意见", Source: model.GrantByPhone, Status: model.GrantOffered,
			FromAt: now, UntilAt: instant(o.Until), CreatedAt: now,
		}
		g.TokenHash = digestOfToken(s.tokenOf(g.ID))
		return s.keepGrant(ctx, tx, g, motionID, o.VoterID)
	})
	granted.Token = s.tokenOf(granted.ID)
	return granted, err
}

// tokenOf is made from the grant's id by the vault's key, so that it need not
// be kept anywhere to be shown again.
func (s *Service) tokenOf(grantID string) string { return s.Vault.Index(grantToken, grantID) }

func digestOfToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (s *Service) motionOfVoter(ctx context.Context, voterID string) (string, error) {
	var ids []string
	if err := s.DB.Read(ctx).Raw("SELECT DISTINCT motion_id FROM roll_properties WHERE voter_id = ?", voterID).Scan(&ids).Error; err != nil {
		return "", fmt.Errorf("find the motion of voter %s: %w", voterID, err)
	}
	if len(ids) == 0 {
		return "", fault.Unknown("body.voter_id", "没有这一户")
	}
	return ids[0], nil
}

const homesOfVoter = "SELECT * FROM roll_properties WHERE motion_id = ? AND voter_id = ? ORDER BY position"

func (s *Service) keepGrant(ctx context.Context, tx *gorm.DB, g model.Grant, motionID, voterID string) (Granted, error) {
	out := Granted{Grant: g}
	if err := tx.Raw(homesOfVoter, motionID, voterID).Scan(&out.Homes).Error; err != nil {
		return out, fmt.Errorf("read the homes of voter %s: %w", voterID, err)
	}
	if err := gorm.G[model.Grant](tx).Create(ctx, &g); err != nil {
		return out, fmt.Errorf("keep grant %s: %w", g.ID, err)
	}
	for _, h := range out.Homes {
		if err := gorm.G[model.GrantProperty](tx).Create(ctx, &model.GrantProperty{GrantID: g.ID, PropertyID: h.PropertyID}); err != nil {
			return out, fmt.Errorf("keep the homes of grant %s: %w", g.ID, err)
		}
	}
	return out, nil
}

const (
	grantByDigest = "SELECT * FROM grants WHERE token_hash = ?"
	grantByID     = "SELECT * FROM grants WHERE id = ?"
	agentRow      = "SELECT id, phone_index FROM residents WHERE id = ?"
	tiesOfAgent   = "SELECT COUNT(*) FROM bindings WHERE resident_id = ? AND status = 'verified'"
	// Whoever granted on paper is known by their first home.
	principalOf  = "CASE WHEN principal_id <> '' THEN principal_id ELSE (SELECT MIN(p.property_id) FROM grant_properties p WHERE p.grant_id = grants.id) END"
	principalsOf = "SELECT DISTINCT " + principalOf + " FROM grants WHERE agent_id = ? AND status = 'active' AND until_at > ?"
)

// Accept takes up a grant by its token: by the person whose phone it names, or
// by the first who comes when it names none.
func (s *Service) Accept(ctx context.Context, caller model.Caller, token string) (Granted, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (Granted, error) {
		g, err := grant(tx, s.DB.Locked(grantByDigest), digestOfToken(token))
		if err != nil {
			return Granted{}, err
		}
		now := s.now()
		switch {
		case g.Status == model.GrantActive && g.AgentID == caller.ID:
			return s.granted(tx, *g) // tapped twice
		case g.PrincipalID == caller.ID:
			return Granted{}, ErrOwnGrant
		case g.Status != model.GrantOffered || !now.Before(g.UntilAt):
			return Granted{}, ErrGrantEnded
		}
		if err := s.mayBeAgent(tx, caller.ID, g, now); err != nil {
			return Granted{}, err
		}
		g.AgentID, g.Status, g.AcceptedAt = caller.ID, model.GrantActive, &now
		if err := saveGrant(tx, g); err != nil {
			return Granted{}, err
		}
		err = messages.Tell(tx, []string{g.PrincipalID}, messages.News{
			Kind: "grant_accepted", AboutType: "grant", AboutID: g.ID, Text: "您的表决委托已被接受；在使用之前您可以随时撤销，您自己的提交总是优先", Hint: "您的表决委托已被接受",
		}, now)
		if err != nil {
			return Granted{}, err
		}
		return s.granted(tx, *g)
	})
}

// mayBeAgent holds the agent, so that two grants at once are counted one after
// the other.
func (s *Service) mayBeAgent(tx *gorm.DB, agentID string, g *model.Grant, now time.Time) error {
	var agent struct{ ID, PhoneIndex string }
	if err := tx.Raw(s.DB.Locked(agentRow), agentID).Take(&agent).Error; err != nil {
		return fmt.Errorf("hold an agent: %w", err)
	}
	if g.AgentPhoneIndex != "" && agent.PhoneIndex != g.AgentPhoneIndex {
		return ErrGrantForOther
	}
	if err := notBarred(tx, agentID, g.AreaCode); err != nil {
		return err
	}
	var ties int64
	if err := tx.Raw(tiesOfAgent, agentID).Scan(&ties).Error; err != nil {
		return fmt.Errorf("find an agent's ties: %w", err)
	}
	if ties == 0 && agent.PhoneIndex == "" {
		return ErrAgentNotVerified
	}
	return s.fewPrincipals(tx, agentID, g, now)
}

// fewPrincipals counts principals, not grants: one who grants again, for
// another motion, is counted once.
func (s *Service) fewPrincipals(tx *gorm.DB, agentID string, g *model.Grant, now time.Time) error {
	var running []string
	var one string
	err := errors.Join(
		tx.Raw(principalsOf, agentID, now).Scan(&running).Error,
		tx.Raw("SELECT "+principalOf+" FROM grants WHERE id = ?", g.ID).Scan(&one).Error,
	)
	if err != nil {
		return fmt.Errorf("count an agent's principals: %w", err)
	}
	if len(running) >= s.Terms.principals() && !slices.Contains(running, one) {
		return ErrTooManyPrincipals
	}
	return nil
}

// Revoke ends a grant: by the principal until it is used, by the agent at any
// time. What was cast under it stands.
func (s *Service) Revoke(ctx context.Context, caller model.Caller, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		g, err := grant(tx, s.DB.Locked(grantByID), id)
		if err != nil {
			return err
		}
		if g.Status == model.GrantRevoked {
			return nil
		}
		used, err := usedGrant(tx, g.ID)
		if err != nil {
			return err
		}
		if used && g.MotionID != "" && g.PrincipalID == caller.ID {
			return ErrGrantUsed
		}
		now := s.now()
		g.Status, g.EndedAt = model.GrantRevoked, &now
		if err := saveGrant(tx, g); err != nil {
			return err
		}
		other := g.AgentID
		if other == caller.ID {
			other = g.PrincipalID
		}
		if other == "" {
			return nil
		}
		return messages.Tell(tx, []string{other}, messages.News{
			Kind: "grant_ended", AboutType: "grant", AboutID: g.ID, Text: "一项表决委托已经撤销", Hint: "一项表决委托已经撤销",
		}, now)
	})
}

// HasGrant refuses, with not found, a grant that is neither given nor held.
func (s *Service) HasGrant(ctx context.Context, caller model.Caller, id string) error {
	g, err := grant(s.DB.Read(ctx), grantByID, id)
	if err == nil && g.PrincipalID != caller.ID && g.AgentID != caller.ID {
		err = fault.ErrNotFound
	}
	return err
}

const grantsOfResident = "SELECT * FROM grants WHERE principal_id = ? OR agent_id = ? ORDER BY created_at DESC, id DESC"

// GrantsOf lists what a resident has granted and was granted, the newest first.
func (s *Service) GrantsOf(ctx context.Context, caller model.Caller) ([]Granted, error) {
	db := s.DB.Read(ctx)
	var rows []model.Grant
	if err := db.Raw(grantsOfResident, caller.ID, caller.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list a resident's grants: %w", err)
	}
	out := make([]Granted, 0, len(rows))
	for _, row := range rows {
		g, err := s.granted(db, row)
		if err != nil {
			return nil, err
		}
		if g.Status == model.GrantOffered && g.PrincipalID == caller.ID {
			g.Token = s.tokenOf(g.ID)
		}
		out = append(out, g)
	}
	return out, nil
}

const homesOfGrant = `SELECT p.id AS property_id, p.label FROM grant_properties g JOIN properties p ON p.id = g.property_id
WHERE g.grant_id = ? ORDER BY p.sort_key`

func (s *Service) granted(tx *gorm.DB, g model.Grant) (Granted, error) {
	out := Granted{Grant: g}
	if err := tx.Raw(homesOfGrant, g.ID).Scan(&out.Homes).Error; err != nil {
		return out, fmt.Errorf("read the homes of grant %s: %w", g.ID, err)
	}
	var err error
	out.Used, err = usedGrant(tx, g.ID)
	return out, err
}

func usedGrant(tx *gorm.DB, id string) (bool, error) {
	var n int64
	if err := tx.Raw("SELECT COUNT(*) FROM ballots WHERE grant_id = ?", id).Scan(&n).Error; err != nil {
		return false, fmt.Errorf("find what was cast under grant %s: %w", id, err)
	}
	return n > 0, nil
}

func grant(tx *gorm.DB, query string, arg any) (*model.Grant, error) {
	var g model.Grant
	err := tx.Raw(query, arg).Take(&g).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read a grant: %w", err)
	}
	return &g, nil
}

func saveGrant(tx *gorm.DB, g *model.Grant) error {
	if err := tx.Select("*").Where("id = ?", g.ID).UpdateColumns(g).Error; err != nil {
		return fmt.Errorf("save grant %s: %w", g.ID, err)
	}
	return nil
}
