package identity

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/vault"
)

// residentPhone is the field that a resident's phone is sealed as.
const residentPhone vault.Field = "resident.phone"

// Phone asks the platform for the number behind a phone code, as it is
// compared (rule/roster.CleanPhone). A code works once: this is done before a
// transaction, AttachPhone in it. The refusals are the platform's.
func (s *Service) Phone(ctx context.Context, code string) (string, error) {
	number, err := s.Platform.Phone(ctx, code)
	if err != nil {
		return "", err
	}
	cleaned, _ := roster.CleanPhone(number) // one of another country stays as it is
	return cleaned, nil
}

// AttachPhone keeps a number that Phone gave as the resident's own, sealed.
func (s *Service) AttachPhone(_ context.Context, tx *gorm.DB, residentID, number string) error {
	err := tx.Exec("UPDATE residents SET phone = ?, phone_index = ? WHERE id = ?",
		s.Vault.Seal(residentPhone, number), s.Vault.Index(residentPhone, number), residentID).Error
	if err != nil {
		return fmt.Errorf("keep a resident's phone: %w", err)
	}
	return nil
}

// Resident shows somebody to themselves, with their phone masked; no phone is
// an empty one.
func (s *Service) Resident(ctx context.Context, id string) (resident model.Resident, phoneMasked string, err error) {
	resident, err = gorm.G[model.Resident](s.DB.Read(ctx)).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return resident, "", fault.ErrNotFound
	}
	if err != nil {
		return resident, "", fmt.Errorf("read a resident: %w", err)
	}
	number, err := s.Vault.Reveal(residentPhone, resident.Phone)
	if err != nil {
		return resident, "", fmt.Errorf("read a resident's phone: %w", err)
	}
	return resident, roster.MaskPhone(number), nil
}
