package identity

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What can be wrong with an account to be made or changed.
var (
	ErrUsernameTaken = fault.New(fault.Conflict, "username_taken", "这个用户名已经有人使用")
	ErrOwnAccount    = fault.New(fault.Conflict, "own_account", "不能对自己的账号进行这项操作")
)

// Console is whoever runs a command on the server itself: the accounts it
// makes can be used at once, wherever they act.
var Console = model.Caller{Kind: "console"}

// NewStaff is an account to be made.
type NewStaff struct {
	Username string
	Role     model.Role
	AreaCode string // must exist, inside the maker's own area
	// Department is the code of the department whose cases one of role
	// department sees; without one it sees none.
	Department string
	Name       string // of the person; may be empty
	Password   string
}

var (
	usernames = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,63}$`)
	areaCodes = regexp.MustCompile(`^[0-9]{6}([0-9]{3}){0,2}$`)
)

// nameMost is the longest name of a member of staff, in characters.
const nameMost = 50

// staffName is the field that the name of a member of staff is sealed as.
const staffName vault.Field = "staff.name"

// CreateStaff makes an account. One made by an administrator lies in their
// area and must change its password before it can do anything else; one made
// by Console may act anywhere and need not.
func (s *Service) CreateStaff(ctx context.Context, by model.Caller, n NewStaff) (Account, error) {
	n.Username = normalUsername(n.Username)
	if err := n.check(by); err != nil {
		return Account{}, err
	}
	hash, err := s.hash(ctx, n.Password)
	if err != nil {
		return Account{}, err
	}
	now := s.now()
	account := model.Staff{
		ID: store.NewID(), Username: n.Username, Role: n.Role, AreaCode: n.AreaCode, Department: n.Department, Name: s.Vault.Seal(staffName, n.Name),
		PasswordHash: hash, MustChange: by.Kind != Console.Kind, PasswordAt: now, CreatedAt: now,
	}
	// What is kept of a repeatable request is the identifier alone.
	id, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (string, error) {
		return account.ID, s.keepAccount(ctx, tx, by, account)
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Account{}, ErrUsernameTaken.At("body.username", "请换一个用户名")
	}
	if err != nil {
		return Account{}, fmt.Errorf("create an account: %w", err)
	}
	return s.Account(ctx, id)
}

func (n *NewStaff) check(by model.Caller) error {
	switch {
	case !usernames.MatchString(n.Username):
		return fault.ErrInvalid.At("body.username", "用户名为 2 至 64 个小写字母、数字、点、横线或下划线，以字母或数字开头")
	case !slices.Contains(model.Roles, n.Role):
		return fault.ErrInvalid.At("body.role", "没有这种角色")
	case !areaCodes.MatchString(n.AreaCode) || by.Kind != Console.Kind && !by.Covers(n.AreaCode):
		return errAreaUnknown
	case n.Department != "" && n.Role != model.RoleDepartment:
		return fault.ErrInvalid.At("body.department", "只有部门账号有所属部门")
	case len([]rune(n.Name)) > nameMost:
		return fault.ErrInvalid.At("body.name", "姓名最多 50 个字")
	}
	return checkPassword("body.password", n.Password, n.Username, n.Role)
}

var errDepartmentUnknown = fault.Unknown("body.department", "没有这个部门")

func departmentThere(tx *gorm.DB, code string) error {
	if code == "" {
		return nil
	}
	var n int64
	if err := tx.Raw("SELECT COUNT(*) FROM departments WHERE code = ?", code).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a department: %w", err)
	}
	if n == 0 {
		return errDepartmentUnknown
	}
	return nil
}

var errAreaUnknown = fault.Unknown("body.area", "没有这个辖区，或者不在您的辖区之内")

func (s *Service) keepAccount(ctx context.Context, tx *gorm.DB, by model.Caller, account model.Staff) error {
	_, err := gorm.G[model.Area](tx).Where("code = ?", account.AreaCode).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return errAreaUnknown
	}
	if err != nil {
		return err
	}
	if err := departmentThere(tx, account.Department); err != nil {
		return err
	}
	if err := gorm.G[model.Staff](tx).Create(ctx, &account); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, manageEntry(by, account, "create", ""))
}

func manageEntry(by model.Caller, account model.Staff, verb, reason string) audit.Entry {
	return audit.Entry{
		Actor: by, Right: model.ManageAccounts, Verb: verb, ObjectType: "staff", ObjectID: account.ID,
		AreaCode: account.AreaCode, Reason: reason,
	}
}
