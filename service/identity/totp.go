package identity

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is answered of a second factor (动态口令).
var (
	ErrTOTPRequired   = fault.New(fault.Unauthenticated, "totp_required", "请输入动态口令")
	ErrTOTPEnrolled   = fault.New(fault.Conflict, "totp_enrolled", "已经启用动态口令；更换手机请先停用")
	ErrTOTPNotOffered = fault.New(fault.Conflict, "totp_not_offered", "请先获取动态口令密钥")
	ErrPasswordWrong  = fault.New(fault.Invalid, "password_wrong", "密码不正确")
	ErrTOTPCode       = fault.New(fault.Invalid, "totp_code_wrong", "动态口令不正确，请核对手机时间后重试")
)

const (
	totpSecret vault.Field = "staff.totp"

	totpPeriod  = 30 // seconds of a step
	totpDrift   = 1  // steps that a phone's clock may be off, either way
	secretBytes = 20
	recoveries  = 10
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// Enrolment is what a phone's authenticator is given, this once.
type Enrolment struct {
	Secret string
	URI    string
}

// OfferTOTP makes a secret for one's own account, against its password. It
// serves nothing until ConfirmTOTP; asked again, it is another.
func (s *Service) OfferTOTP(ctx context.Context, caller model.Caller, password string) (Enrolment, error) {
	account, err := s.proven(ctx, caller, password)
	if err != nil {
		return Enrolment{}, err
	}
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails since Go 1.24
	secret := base32Plain.EncodeToString(b)
	err = s.own(ctx, caller, "offer_totp", func(tx *gorm.DB, account model.Staff) error {
		if account.TOTPSecret != "" {
			return ErrTOTPEnrolled
		}
		return tx.Exec("UPDATE staff SET totp_offered = ? WHERE id = ?", s.Vault.Seal(totpSecret, secret), caller.ID).Error
	})
	label := url.PathEscape("共缔:" + account.Username)
	query := url.Values{"secret": {secret}, "issuer": {"共缔"}, "period": {fmt.Sprint(totpPeriod)}, "digits": {"6"}, "algorithm": {"SHA1"}}
	return Enrolment{Secret: secret, URI: "otpauth://totp/" + label + "?" + query.Encode()}, err
}

// ConfirmTOTP begins to ask for the second factor, once the phone has shown a
// right code. It gives ten recovery codes, each good once, for when it is lost.
func (s *Service) ConfirmTOTP(ctx context.Context, caller model.Caller, code string) ([]string, error) {
	codes := make([]string, recoveries)
	err := s.own(ctx, caller, "confirm_totp", func(tx *gorm.DB, account model.Staff) error {
		switch {
		case account.TOTPSecret != "":
			return ErrTOTPEnrolled
		case account.TOTPOffered == "":
			return ErrTOTPNotOffered
		}
		step, err := s.stepOf(account.TOTPOffered, code, 0)
		if err != nil {
			return err
		}
		if step == 0 {
			return ErrTOTPCode.At("body.code", "动态口令不正确")
		}
		err = tx.Exec("UPDATE staff SET totp_secret = totp_offered, totp_offered = '', totp_step = ? WHERE id = ?", step, caller.ID).Error
		if err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM staff_recovery WHERE staff_id = ?", caller.ID).Error; err != nil {
			return err
		}
		for i := range codes {
			codes[i] = newRecovery()
			if err := tx.Exec("INSERT INTO staff_recovery (staff_id, digest) VALUES (?, ?)", caller.ID, s.recovery(codes[i])).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// DropTOTP ends one's own second factor, against the password and a code. A
// wrong code counts like a wrong password.
func (s *Service) DropTOTP(ctx context.Context, caller model.Caller, password, code string) error {
	account, err := s.proven(ctx, caller, password)
	if err != nil {
		return err
	}
	err = s.own(ctx, caller, "drop_totp", func(tx *gorm.DB, account model.Staff) error {
		ok, err := s.second(tx, account, code)
		if err != nil {
			return err
		}
		if !ok {
			return errSecondWrong
		}
		return dropTOTP(tx, caller.ID)
	})
	if errors.Is(err, errSecondWrong) {
		c := claim{account: account, subject: s.lockSubject(account.Username), caller: caller}
		return s.wrong(ctx, c, ErrTOTPCode.At("body.code", "动态口令不正确"))
	}
	return err
}

// ResetTOTP ends somebody's second factor, when phone and recovery codes are lost.
func (s *Service) ResetTOTP(ctx context.Context, by model.Caller, id, reason string) error {
	return s.manage(ctx, by, id, "reset_totp", reason, func(tx *gorm.DB, _ model.Staff) error {
		if err := dropTOTP(tx, id); err != nil {
			return err
		}
		return endSessions(tx, model.StaffSession, id, "")
	})
}

func dropTOTP(tx *gorm.DB, id string) error {
	return errors.Join(
		tx.Exec("UPDATE staff SET totp_secret = '', totp_offered = '', totp_step = 0 WHERE id = ?", id).Error,
		tx.Exec("DELETE FROM staff_recovery WHERE staff_id = ?", id).Error,
	)
}

// second judges a code of an account that is held: no step and no recovery
// code serves twice, however many try at once.
func (s *Service) second(tx *gorm.DB, account model.Staff, code string) (bool, error) {
	step, err := s.stepOf(account.TOTPSecret, code, account.TOTPStep)
	if err != nil {
		return false, err
	}
	if step > 0 {
		return true, tx.Exec("UPDATE staff SET totp_step = ? WHERE id = ?", step, account.ID).Error
	}
	used := tx.Exec("DELETE FROM staff_recovery WHERE staff_id = ? AND digest = ?", account.ID, s.recovery(code))
	return used.RowsAffected == 1, used.Error
}

// stepOf is the step whose code this is, later than one that was used already;
// 0 when it is none.
func (s *Service) stepOf(sealed, code string, after int64) (int64, error) {
	secret, err := s.Vault.Reveal(totpSecret, sealed)
	if err != nil {
		return 0, fmt.Errorf("read a second factor: %w", err)
	}
	code = strings.TrimSpace(code)
	now := s.now().Unix() / totpPeriod
	for step := now - totpDrift; step <= now+totpDrift; step++ {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && ok && step > after {
			return step, nil
		}
	}
	return 0, nil
}

func newRecovery() string {
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails since Go 1.24
	text := strings.ToLower(base32Plain.EncodeToString(b))
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

func (s *Service) recovery(code string) string {
	return s.Vault.Index("staff.recovery", strings.ToLower(strings.TrimSpace(code)))
}

// proven is one's own account, after its password was shown once more.
func (s *Service) proven(ctx context.Context, caller model.Caller, password string) (model.Staff, error) {
	account, err := s.read(ctx, caller.ID)
	if err != nil {
		return account, err
	}
	c := claim{account: account, subject: s.lockSubject(account.Username), caller: caller}
	return account, s.prove(ctx, c, password, ErrPasswordWrong)
}

// own changes one's own account under its lock, and keeps that it was done.
func (s *Service) own(ctx context.Context, caller model.Caller, verb string, change func(*gorm.DB, model.Staff) error) error {
	defer s.recent.forget()
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		account, err := s.hold(tx, caller.ID)
		if err != nil {
			return fmt.Errorf("hold an account: %w", err)
		}
		if err := change(tx, account); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, ownEntry(caller, verb))
	})
}

// TOTPAt is the code that a secret shows at an instant, for whoever plays a phone.
func TOTPAt(secret string, at time.Time) (string, error) {
	return hotp.GenerateCode(secret, uint64(at.Unix()/totpPeriod))
}
