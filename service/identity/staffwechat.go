package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
)

// What is refused of a log-in by linked WeChat.
var (
	ErrWechatNotLinked = fault.New(fault.Unauthenticated, "wechat_not_linked", "这个微信还没有关联工作人员账号，请先用账号密码登录并关联")
	ErrChooseAccount   = fault.New(fault.Conflict, "choose_account", "这个微信关联了几个账号，请选择以哪个身份登录")
)

// A link that ended stays known: what takes two people is held against it too.
const (
	linkFirst = "INSERT INTO staff_wechat (app_id, open_id, staff_id, linked_at) VALUES (?, ?, ?, ?)"
	linkAgain = "UPDATE staff_wechat SET linked_at = ?, unlinked_at = NULL WHERE app_id = ? AND open_id = ? AND staff_id = ?"
	endLinks  = "UPDATE staff_wechat SET unlinked_at = ? WHERE staff_id = ? AND unlinked_at IS NULL"
)

// LinkWechat lets a member of staff log in with their WeChat from now on. One
// person with two roles links both accounts. The password is needed, so that a
// screen left open links nobody; a wrong one counts like a wrong log-in.
func (s *Service) LinkWechat(ctx context.Context, caller model.Caller, password, code string) error {
	known, err := s.read(ctx, caller.ID)
	if err != nil {
		return err
	}
	c := claim{account: known, subject: s.lockSubject(known.Username), caller: caller}
	if err := s.prove(ctx, c, password, ErrPasswordWrong.At("body.password", "请重新输入")); err != nil {
		return err
	}
	person, err := s.Platform.Login(ctx, code)
	if err != nil {
		return err
	}
	return s.own(ctx, caller, "link_wechat", func(tx *gorm.DB, account model.Staff) error {
		now := s.now()
		if err := unlinkWechat(tx, account.ID, now); err != nil {
			return err
		}
		again := tx.Exec(linkAgain, now, s.AppID, person.OpenID, account.ID)
		err := again.Error
		if err == nil && again.RowsAffected == 0 {
			err = tx.Exec(linkFirst, s.AppID, person.OpenID, account.ID, now).Error
		}
		if err != nil {
			return fmt.Errorf("link an account: %w", err)
		}
		return nil
	})
}

// UnlinkWechat ends log-in by WeChat.
func (s *Service) UnlinkWechat(ctx context.Context, caller model.Caller) error {
	return s.own(ctx, caller, "unlink_wechat", func(tx *gorm.DB, account model.Staff) error { return unlinkWechat(tx, account.ID, s.now()) })
}

func unlinkWechat(tx *gorm.DB, staffID string, now time.Time) error {
	if err := tx.Exec(endLinks, now, staffID).Error; err != nil {
		return fmt.Errorf("unlink an account: %w", err)
	}
	return nil
}

// Post is an account that somebody may choose to log in as.
type Post struct {
	ID       string     `json:"id"`
	Role     model.Role `json:"role"`
	AreaCode string     `json:"area"`
}

const linkedAccounts = `SELECT a.* FROM staff_wechat l JOIN staff a ON a.id = l.staff_id
WHERE l.app_id = ? AND l.open_id = ? AND l.unlinked_at IS NULL AND a.disabled_at IS NULL ORDER BY a.created_at, a.id`

// EnterStaffByWechat logs a member of staff in with the code of wx.login. Who
// has several accounts says which; ErrChooseAccount carries them. A second
// factor is asked for as after a password.
func (s *Service) EnterStaffByWechat(ctx context.Context, code, staffID, totp, device string) (Pass, Account, error) {
	person, err := s.Platform.Login(ctx, code)
	if err != nil {
		return Pass{}, Account{}, err
	}
	var accounts []model.Staff
	if err := s.DB.Read(ctx).Raw(linkedAccounts, s.AppID, person.OpenID).Scan(&accounts).Error; err != nil {
		return Pass{}, Account{}, fmt.Errorf("find linked accounts: %w", err)
	}
	account, err := chosen(accounts, staffID)
	if err != nil {
		return Pass{}, Account{}, err
	}
	c := claim{account: account, subject: s.lockSubject(account.Username)}
	pass := s.issue(model.StaffSession, account.ID, device)
	err = s.letIn(ctx, c, pass, totp)
	if errors.Is(err, errSecondWrong) {
		err = s.wrong(ctx, c, ErrCredentialsInvalid)
	}
	if err != nil {
		return Pass{}, Account{}, s.refuse(ctx, c, err)
	}
	shown, err := s.show(ctx, account)
	return pass, shown, err
}

func chosen(accounts []model.Staff, staffID string) (model.Staff, error) {
	var posts []Post
	for _, a := range accounts {
		if a.ID == staffID || staffID == "" && len(accounts) == 1 {
			return a, nil
		}
		posts = append(posts, Post{ID: a.ID, Role: a.Role, AreaCode: a.AreaCode})
	}
	if len(posts) == 0 || staffID != "" {
		return model.Staff{}, ErrWechatNotLinked
	}
	return model.Staff{}, ErrChooseAccount.Carrying("accounts", posts)
}

const (
	linkedAsStaff = `SELECT COUNT(*) FROM staff_wechat e JOIN staff_wechat c ON c.app_id = e.app_id AND c.open_id = e.open_id
WHERE e.staff_id = ? AND c.staff_id = ?`
	linkedAsResident = `SELECT COUNT(*) FROM staff_wechat e JOIN wechat_accounts c ON c.app_id = e.app_id AND c.open_id = e.open_id
WHERE e.staff_id = ? AND c.resident_id = ?`
)

// OtherThan refuses, with refusal, a caller who is the person behind a staff
// account: by that account, by another one that was ever linked to the same
// WeChat, or as the resident of that WeChat. What takes two people, one with two accounts does
// not do alone.
func OtherThan(tx *gorm.DB, caller model.Caller, staffID string, refusal *fault.Error) error {
	query := linkedAsResident
	if caller.Kind == model.StaffSession {
		if caller.ID == staffID {
			return refusal
		}
		query = linkedAsStaff
	}
	var links int64
	if err := tx.Raw(query, staffID, caller.ID).Scan(&links).Error; err != nil {
		return fmt.Errorf("find who is behind account %s: %w", staffID, err)
	}
	if links > 0 {
		return refusal
	}
	return nil
}
