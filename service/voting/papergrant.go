package voting

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused of a grant on paper.
var (
	ErrGrantDecided = fault.New(fault.Conflict, "grant_decided", "这项委托已经审核过")
	ErrAgentUnknown = fault.New(fault.Conflict, "agent_unknown", "代理人还没有在小程序验证这个手机号，请其先登录并验证")
	ErrOwnGrantWork = fault.New(fault.Forbidden, "own_grant_entry", "不能审核自己录入的委托书")
)

const grantName vault.Field = "grant.name"

// PaperGrant is a signed power of attorney (授权委托书) that was photographed.
//
// Law: Civil Code art. 165.
type PaperGrant struct {
	VoterID, MotionID string
	Principal         string // who signed
	Agent, AgentPhone string
	Scope             string
	Until             time.Time
	Pictures          []string
}

// EnterGrant records a power of attorney on paper; another member of staff
// decides on it.
func (s *Service) EnterGrant(ctx context.Context, caller model.Caller, p PaperGrant) (Granted, error) {
	motionID, err := s.motionOfVoter(ctx, p.VoterID)
	if err != nil {
		return Granted{}, err
	}
	if p.MotionID != "" && p.MotionID != motionID {
		return Granted{}, fault.Unknown("body.motion_id", "这一户不在该表决的名册上")
	}
	number, sound := roster.CleanPhone(p.AgentPhone)
	if !sound {
		return Granted{}, fault.Unknown("body.agent_phone", "手机号不正确")
	}
	if len(p.Pictures) == 0 {
		return Granted{}, fault.Unknown("body.file_ids", "请上传授权委托书的照片")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (Granted, error) {
		m, err := motion(tx, motionByID, motionID)
		if err != nil {
			return Granted{}, err
		}
		now := s.now()
		switch {
		case !caller.Covers(m.AreaCode):
			return Granted{}, fault.Unknown("body.voter_id", "没有这一户")
		case !p.Until.After(now) || p.Until.After(now.Add(longestGrant)):
			return Granted{}, ErrGrantUntil.At("body.until", "应在现在之后、三年之内")
		}
		g := model.Grant{
			ID: store.NewID(), PrincipalName: s.Vault.Seal(grantName, strings.TrimSpace(p.Principal)),
			AgentName: s.Vault.Seal(grantName, strings.TrimSpace(p.Agent)), AgentPhoneIndex: s.Vault.Index(residentPhone, number),
			EstateID: m.EstateID, AreaCode: m.AreaCode, MotionID: p.MotionID, Scope: p.Scope, Source: model.GrantByPaper,
			Status: model.GrantPending, FromAt: now, UntilAt: instant(p.Until), CreatedAt: now, EnteredBy: caller.ID,
		}
		g.TokenHash = digestOfToken(s.tokenOf(g.ID)) // nobody is given it; it only keeps the column unique
		if err := files.Attach(tx, caller, grantPapers(g.ID), p.Pictures, "body.file_ids"); err != nil {
			return Granted{}, err
		}
		out, err := s.keepGrant(ctx, tx, g, motionID, p.VoterID)
		if err != nil {
			return Granted{}, err
		}
		return out, s.record(ctx, tx, caller, m, model.CheckPaper, "enter_grant", "")
	})
}

func grantPapers(id string) model.About { return model.About{Type: "grant", ID: id} }

const residentByPhone = "SELECT id FROM residents WHERE phone_index = ? ORDER BY created_at LIMIT 1"

// DecideGrant approves or refuses a power of attorney that somebody else
// entered. One that runs may still be refused, at the principal's word, until
// it is used for its motion.
func (s *Service) DecideGrant(ctx context.Context, caller model.Caller, id string, approve bool, reason string) (PaperGranted, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (PaperGranted, error) {
		g, err := grant(tx, s.DB.Locked(grantByID), id)
		if err != nil {
			return PaperGranted{}, err
		}
		if err := s.decideGrant(tx, caller, g, approve); err != nil {
			return PaperGranted{}, err
		}
		g.Reason = reason
		if err := saveGrant(tx, g); err != nil {
			return PaperGranted{}, err
		}
		err = s.Audit.Record(ctx, tx, grantEntry(caller, g))
		if err != nil {
			return PaperGranted{}, err
		}
		return s.paperGranted(tx, *g)
	})
}

func (s *Service) decideGrant(tx *gorm.DB, caller model.Caller, g *model.Grant, approve bool) error {
	now := s.now()
	switch {
	case g.Status == model.GrantActive && !approve:
		used, err := usedGrant(tx, g.ID)
		if err == nil && used && g.MotionID != "" {
			err = ErrGrantUsed
		}
		g.Status, g.EndedAt = model.GrantRevoked, &now
		return err
	case g.Status != model.GrantPending:
		return ErrGrantDecided
	}
	if err := identity.OtherThan(tx, caller, g.EnteredBy, ErrOwnGrantWork); err != nil {
		return err
	}
	g.DecidedBy, g.Status = caller.ID, model.GrantRefused
	if approve {
		return s.activate(tx, g, now)
	}
	return nil
}

func (s *Service) activate(tx *gorm.DB, g *model.Grant, now time.Time) error {
	var agents []string
	if err := tx.Raw(residentByPhone, g.AgentPhoneIndex).Scan(&agents).Error; err != nil {
		return fmt.Errorf("find the agent of grant %s: %w", g.ID, err)
	}
	if len(agents) == 0 {
		return ErrAgentUnknown
	}
	if err := s.mayBeAgent(tx, agents[0], g, now); err != nil {
		return err
	}
	g.AgentID, g.Status, g.AcceptedAt = agents[0], model.GrantActive, &now
	return messages.Tell(tx, agents, messages.News{
		Kind: "grant_approved", AboutType: "grant", AboutID: g.ID, Text: "一份指定您为代理人的授权委托书已经社区审核，您可以在有效期内代为提交表决", Hint: "您已被指定为表决代理人",
	}, now)
}

// GrantPage narrows a list of grants on paper.
type GrantPage struct {
	Status        model.GrantStatus
	Offset, Limit int
}

// PaperGranted is a power of attorney as the office reads it.
type PaperGranted struct {
	Granted
	Principal, Agent string
	Pictures         []string
}

const paperGrants = "FROM grants WHERE source = 'paper' AND area_code LIKE ? AND (? = '' OR status = ?)"

// PaperGrants lists powers of attorney of the caller's area, the oldest first.
func (s *Service) PaperGrants(ctx context.Context, caller model.Caller, p GrantPage) ([]PaperGranted, int64, error) {
	db := s.DB.Read(ctx)
	rows, total, err := store.Page[model.Grant](db, store.List{
		Of: "grants on paper", Columns: "*", From: paperGrants, Order: "created_at, id", Args: []any{caller.AreaCode + "%", p.Status, p.Status},
	}, p.Offset, p.Limit)
	if err != nil {
		return nil, 0, err
	}
	out := make([]PaperGranted, 0, len(rows))
	for _, row := range rows {
		g, err := s.paperGranted(db, row)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, g)
	}
	return out, total, nil
}

func (s *Service) paperGranted(db *gorm.DB, row model.Grant) (PaperGranted, error) {
	g, err := s.granted(db, row)
	if err != nil {
		return PaperGranted{}, err
	}
	out := PaperGranted{Granted: g}
	if out.Principal, err = s.Vault.Reveal(grantName, row.PrincipalName); err != nil {
		return out, fmt.Errorf("read grant %s: %w", row.ID, err)
	}
	if out.Agent, err = s.Vault.Reveal(grantName, row.AgentName); err != nil {
		return out, fmt.Errorf("read grant %s: %w", row.ID, err)
	}
	pictures, err := files.Of(db, grantPapers(row.ID))
	for _, f := range pictures {
		out.Pictures = append(out.Pictures, f.ID)
	}
	return out, err
}

// HasPaperGrant refuses, with not found, a power of attorney outside the
// caller's area.
func (s *Service) HasPaperGrant(ctx context.Context, caller model.Caller, id string) error {
	g, err := grant(s.DB.Read(ctx), grantByID, id)
	if err == nil && (g.Source != model.GrantByPaper || !caller.Covers(g.AreaCode)) {
		err = fault.ErrNotFound
	}
	return err
}

// PapersOfGrant is what the pictures of a power of attorney belong to.
func (s *Service) PapersOfGrant(id string) model.About { return grantPapers(id) }
