package identity

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// ErrPrivacyNotAccepted answers whoever has agreed to no, or to an older,
// version of the privacy notice.
var ErrPrivacyNotAccepted = fault.New(fault.Invalid, "privacy_not_accepted", "个人信息保护告知已有新版本，请阅读并同意后再继续")

//go:embed privacy.md
var privacyText string

// Privacy is the present privacy notice (个人信息保护告知): what is kept of
// residents, why, how long, and what they may ask for. The version follows from
// the text, so that no change goes unnoticed.
//
// Law: PIPL art. 17 (handler and contact, purpose, manner, categories,
// retention, rights), art. 30 (sensitive data), art. 35 (public bodies).
func (s *Service) Privacy() (version, text string) {
	text = strings.NewReplacer(
		"{{name}}", cmp.Or(s.Office.Name, "街道办事处"),
		"{{contact}}", cmp.Or(s.Office.Contact, "请到街道办事处或者您所在社区居民委员会的服务窗口当面提出"),
	).Replace(privacyText)
	sum := sm3.Sum([]byte(text))
	return hex.EncodeToString(sum[:8]), text
}

// Accept keeps that a resident agrees to a version of the notice, once.
// Another version than the present one is ErrPrivacyNotAccepted.
func (s *Service) Accept(ctx context.Context, tx *gorm.DB, residentID, version string) error {
	if present, _ := s.Privacy(); version != present {
		return ErrPrivacyNotAccepted
	}
	_, err := gorm.G[model.PrivacyAcceptance](tx).Where("resident_id = ? AND version = ?", residentID, version).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		acceptance := model.PrivacyAcceptance{ID: store.NewID(), ResidentID: residentID, Version: version, At: s.now()}
		err = gorm.G[model.PrivacyAcceptance](tx).Create(ctx, &acceptance)
	}
	if err != nil {
		return fmt.Errorf("keep the acceptance of the privacy notice: %w", err)
	}
	return nil
}
