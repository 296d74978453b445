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
	Department string
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
	return s.show(ctx, account)
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
	accounts, err := s.shown(ctx, rows)
	return accounts, total, err
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

func (s *Service) show(ctx context.Context, account model.Staff) (Account, error) {
	accounts, err := s.shown(ctx, []model.Staff{account})
	if err != nil {
		return Account{}, err
	}
	return accounts[0], nil
}

func (s *Service) shown(ctx context.Context, rows []model.Staff) ([]Account, error) {
	subjects := make([]string, 0, len(rows))
	for _, a := range rows {
		subjects = append(subjects, s.lockSubject(a.Username))
	}
	locks, err := locksOf(s.DB.Read(ctx), subjects, s.now())
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, 0, len(rows))
	for i, a := range rows {
		name, err := s.Vault.Reveal(staffName, a.Name)
		if err != nil {
			return nil, fmt.Errorf("read the name of account %s: %w", a.ID, err)
		}
		account := Account{
			ID: a.ID, Username: a.Username, Role: a.Role, AreaCode: a.AreaCode, Department: a.Department, Name: name, MustChange: a.MustChange, TOTP: a.TOTPSecret != "",
			DisabledAt: a.DisabledAt, PasswordAt: a.PasswordAt, CreatedAt: a.CreatedAt,
		}
		if until, locked := locks[subjects[i]]; locked {
			account.LockedUntil = &until
		}
		accounts = append(accounts, account)
	}
	return accounts, nil
}
