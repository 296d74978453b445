package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

// EnterWechat logs a resident in with the code of wx.login. Whoever comes for
// the first time becomes a resident. The refusals are the platform's.
func (s *Service) EnterWechat(ctx context.Context, code, device string) (Pass, model.Resident, error) {
	person, err := s.Platform.Login(ctx, code)
	if err != nil {
		return Pass{}, model.Resident{}, err
	}
	pass := s.issue(model.ResidentSession, "", device)
	resident, err := s.enter(ctx, person.OpenID, &pass)
	if errors.Is(err, gorm.ErrDuplicatedKey) { // the same person's first log-in elsewhere came before
		resident, err = s.enter(ctx, person.OpenID, &pass)
	}
	if err != nil {
		return Pass{}, model.Resident{}, fmt.Errorf("log a resident in: %w", err)
	}
	return pass, resident, nil
}

func (s *Service) enter(ctx context.Context, openID string, pass *Pass) (resident model.Resident, err error) {
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		resident, err = s.residentOf(ctx, tx, openID)
		if err != nil {
			return err
		}
		pass.Session.SubjectID = resident.ID
		return keepSession(ctx, tx, pass.Session)
	})
	return resident, err
}

const ofOpenID = `SELECT r.id, r.nickname, r.phone, r.phone_index, r.created_at
FROM wechat_accounts w JOIN residents r ON r.id = w.resident_id WHERE w.app_id = ? AND w.open_id = ?`

func (s *Service) residentOf(ctx context.Context, tx *gorm.DB, openID string) (model.Resident, error) {
	var resident model.Resident
	err := tx.Raw(ofOpenID, s.AppID, openID).Take(&resident).Error
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		return resident, err
	}
	now := s.now()
	resident = model.Resident{ID: store.NewID(), Nickname: nickname(), CreatedAt: now}
	if err := gorm.G[model.Resident](tx).Create(ctx, &resident); err != nil {
		return resident, err
	}
	account := model.WechatAccount{AppID: s.AppID, OpenID: openID, ResidentID: resident.ID, CreatedAt: now}
	return resident, gorm.G[model.WechatAccount](tx).Create(ctx, &account)
}

// nickname is a first name to be called by that says nothing about anybody.
func nickname() string { return "居民" + rand.Text()[:6] }
