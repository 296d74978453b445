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

// Account is an account of the office as its administrator sees it.
type Account struct {
	ID         string
	Username   string
	Role       model.Role
	AreaCode   string
	Name       string // readable
	MustChange bool
	// LockedUntil is when wrong passwords stop keeping it out; nil when they do not.
	LockedUntil *time.Time
	TOTP        bool // it has a second factor
	DisabledAt  *time.Time
	PasswordAt  time.Time
	CreatedAt   time.Time
}

// Account shows one account.
func (s *Service) Account(ctx context.Context, id string) (Account, error) {
	account, err := s.read(ctx, id)
	if err != nil {
		return Account{}, err
	}
	return s.shown(ctx, account)
}

// AccountWithin shows one account inside the caller's area; any other is not there.
func (s *Service) AccountWithin(ctx context.Context, by model.Caller, id string) (Account, error) {
	account, err := s.Account(ctx, id)
	if err == nil && !by.Covers(account.AreaCode) {
		return Account{}, fault.ErrNotFound
	}
	return account, err
}

// Accounts lists the accounts of the caller's part of the division by
// username, from an offset, and how many there are in all.
func (s *Service) Accounts(ctx context.Context, by model.Caller, offset, limit int) ([]Account, int64, error) {
	if by.Kind != model.StaffSession || by.AreaCode == "" {
		return nil, 0, nil
	}
	query := s.DB.Read(ctx).Model(&model.Staff{}).Where("area_code LIKE ?", by.AreaCode+"%")
	var total int64
	if err := query.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count accounts: %w", err)
	}
	var rows []model.Staff
	if err := query.Order("username").Offset(offset).Limit(limit).Find(&rows).Error; err != nil {
		return nil, 0, fmt.Errorf("list accounts: %w", err)
	}
	accounts := make([]Account, 0, len(rows))
	for _, row := range rows {
		account, err := s.shown(ctx, row)
		if err != nil {
			return nil, 0, err
		}
		accounts = append(accounts, account)
	}
	return accounts, total, nil
}

func (s *Service) read(ctx context.Context, id string) (model.Staff, error) {
	account, err := gorm.G[model.Staff](s.DB.Read(ctx)).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return account, fault.ErrNotFound
	}
	if err != nil {
		return account, fmt.Errorf("read an account: %w", err)
	}
	return account, nil
}

func (s *Service) shown(ctx context.Context, a model.Staff) (Account, error) {
	name, err := s.Vault.Reveal(staffName, a.Name)
	if err != nil {
		return Account{}, fmt.Errorf("read the name of an account: %w", err)
	}
	account := Account{
		ID: a.ID, Username: a.Username, Role: a.Role, AreaCode: a.AreaCode, Name: name, MustChange: a.MustChange, TOTP: a.TOTPSecret != "",
		DisabledAt: a.DisabledAt, PasswordAt: a.PasswordAt, CreatedAt: a.CreatedAt,
	}
	until, err := lockedUntil(s.DB.Read(ctx), s.lockSubject(a.Username), s.now())
	if err == nil && !until.IsZero() {
		account.LockedUntil = &until
	}
	return account, err
}
