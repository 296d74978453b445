package identity_test

import (
	"errors"
	"strings"
	"testing"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/identity"
)

func TestAnAccountMadeByAnAdministratorMustChangeItsPasswordFirst(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		if b.account("root-admin", model.RoleAdmin).MustChange {
			t.Error("one made on the server can be used at once")
		}
		_, admin := b.staff("root-admin")
		made, err := b.CreateStaff(ctx, admin, identity.NewStaff{
			Username: " Clerk.One ", Role: model.RoleCommunity, AreaCode: street.Code, Name: "钱测试", Password: password,
		})
		b.must(err)
		if !made.MustChange || made.Username != "clerk.one" || made.Name != "钱测试" {
			t.Errorf("got %+v", made)
		}
		first, caller := b.staff("clerk.one")
		other, _ := b.staff("CLERK.ONE")
		if !caller.MustChange {
			t.Error("the session does not say so")
		}
		b.must(b.ChangePassword(ctx, caller, password, "Battery-staple-8"))
		caller, err = b.Who(ctx, first.Token)
		if err != nil || caller.MustChange {
			t.Errorf("the session that changed it goes on: %+v, %v", caller, err)
		}
		if _, err := b.Who(ctx, other.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("the others end: %v", err)
		}
		if _, err := b.enter("clerk.one", password); !errors.Is(err, identity.ErrCredentialsInvalid) {
			t.Errorf("the old password: %v", err)
		}
		if n := b.count("SELECT COUNT(*) FROM staff WHERE name LIKE '%测试%' OR password_hash LIKE '%horse%'"); n != 0 {
			t.Error("readable in the database")
		}
		want := "accounts.manage.create own_account.enter accounts.manage.create own_account.enter own_account.enter " +
			"own_account.change_password own_account.enter=credentials_invalid"
		if got := b.actions(); got != want {
			t.Errorf("audit log:\n%s", got)
		}
	})
}

func TestWhatAnAccountMayNotBe(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.account("taken", model.RoleAdmin)
		_, admin := b.staff("taken")
		sound := identity.NewStaff{Username: "clerk", Role: model.RoleStreet, AreaCode: street.Code, Password: password}
		for _, c := range []struct {
			name string
			by   model.Caller
			with func(n *identity.NewStaff)
			want error
		}{
			{"a name with spaces", admin, func(n *identity.NewStaff) { n.Username = "two words" }, fault.ErrInvalid},
			{"one letter", admin, func(n *identity.NewStaff) { n.Username = "a" }, fault.ErrInvalid},
			{"somebody's", admin, func(n *identity.NewStaff) { n.Username = "Taken" }, identity.ErrUsernameTaken},
			{"no such role", admin, func(n *identity.NewStaff) { n.Role = "king" }, fault.ErrInvalid},
			{"outside the administrator's area", admin, func(n *identity.NewStaff) { n.AreaCode = county.Code }, fault.ErrInvalid},
			{"an area that is not there", admin, func(n *identity.NewStaff) { n.AreaCode = street.Code + "999" }, fault.ErrInvalid},
			{"an area that is not there, on the server", identity.Console, func(n *identity.NewStaff) { n.AreaCode = "520524" }, fault.ErrInvalid},
			{"a wildcard for an area", identity.Console, func(n *identity.NewStaff) { n.AreaCode = "" }, fault.ErrInvalid},
			{"a long name", admin, func(n *identity.NewStaff) { n.Name = strings.Repeat("长", 51) }, fault.ErrInvalid},
			{"a weak password", admin, func(n *identity.NewStaff) { n.Password = "12345678" }, identity.ErrPasswordWeak},
		} {
			n := sound
			c.with(&n)
			if _, err := b.CreateStaff(ctx, c.by, n); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if n := b.count("SELECT COUNT(*) FROM staff"); n != 1 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestPasswordRules(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for _, c := range []struct {
			name     string
			password string
			role     model.Role
			allowed  bool
		}{
			{"eight characters of three classes", "Abcdefg7", model.RoleStreet, true},
			{"seven", "Abcdef7", model.RoleStreet, false},
			{"Chinese letters are characters of their own class", "共缔老旧小区A7", model.RoleStreet, true},
			{"two classes", "abcdefgh7", model.RoleStreet, false},
			{"nine for an administrator", "Abcdefgh7", model.RoleAdmin, false},
			{"ten for an administrator", "Abcdefghi7", model.RoleAdmin, true},
			{"with the username inside", "x-Someone-7", model.RoleStreet, false},
			{"among the common ones", "P@ssw0rd", model.RoleStreet, false},
			{"128 characters", strings.Repeat("a", 125) + "A-7", model.RoleStreet, true},
			{"129 characters", strings.Repeat("a", 126) + "A-7", model.RoleStreet, false},
		} {
			_, err := b.CreateStaff(ctx, identity.Console, identity.NewStaff{
				Username: "someone", Role: c.role, AreaCode: street.Code, Password: c.password,
			})
			if c.allowed && err != nil || !c.allowed && !errors.Is(err, identity.ErrPasswordWeak) {
				t.Errorf("%s: %v", c.name, err)
			}
			b.exec("DELETE FROM staff")
		}
	})
}

func TestOnesOwnPasswordIsChangedWithTheOldOne(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.account("clerk", model.RoleStreet)
		_, caller := b.staff("clerk")
		for _, c := range []struct {
			name, old, new string
			want           error
		}{
			{"the old one is wrong", "Wrong-one-7", "Battery-staple-8", identity.ErrOldPasswordWrong},
			{"the same again", password, password, identity.ErrPasswordUnchanged},
			{"too weak", password, "short", identity.ErrPasswordWeak},
		} {
			if err := b.ChangePassword(ctx, caller, c.old, c.new); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		for range 9 {
			if err := b.ChangePassword(ctx, caller, "Wrong-one-7", "Battery-staple-8"); !errors.Is(err, identity.ErrOldPasswordWrong) {
				t.Fatal(err)
			}
		}
		if err := b.ChangePassword(ctx, caller, password, "Battery-staple-8"); !errors.Is(err, identity.ErrAccountLocked) {
			t.Errorf("guessing the old one locks too: %v", err)
		}
		if strings.Count(b.actions(), "=old_password_wrong") != 10 {
			t.Error("the refusals are in the audit log")
		}
	})
}

func TestAnAdministratorDisablesRestoresAndResetsInTheirArea(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.account("root-admin", model.RoleAdmin)
		clerk := b.account("clerk", model.RoleStreet)
		_, admin := b.staff("root-admin")
		distant := model.Caller{Kind: model.StaffSession, ID: "x", Role: model.RoleAdmin, AreaCode: "520523002"}

		pass, _ := b.staff("clerk")
		if err := b.DisableStaff(ctx, distant, clerk.ID, ""); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("from another area: %v", err)
		}
		if err := b.ResetPassword(ctx, distant, clerk.ID, "Battery-staple-8"); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("from another area: %v", err)
		}
		if err := b.DisableStaff(ctx, admin, "nobody", ""); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("nobody's: %v", err)
		}
		for name, err := range map[string]error{
			"disable": b.DisableStaff(ctx, admin, admin.ID, ""),
			"reset":   b.ResetPassword(ctx, admin, admin.ID, "Battery-staple-8"),
		} {
			if !errors.Is(err, identity.ErrOwnAccount) {
				t.Errorf("%s one's own: %v", name, err)
			}
		}

		b.must(b.DisableStaff(ctx, admin, clerk.ID, "离职"))
		if _, err := b.Who(ctx, pass.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("disabled, logged in: %v", err)
		}
		if _, err := b.enter("clerk", password); !errors.Is(err, identity.ErrCredentialsInvalid) {
			t.Errorf("disabled, logging in: %v", err)
		}
		b.must(b.RestoreStaff(ctx, admin, clerk.ID, "返岗"))
		pass, _ = b.staff("clerk")

		if err := b.ResetPassword(ctx, admin, clerk.ID, "clerk-Clerk-7"); !errors.Is(err, identity.ErrPasswordWeak) {
			t.Errorf("a weak one: %v", err)
		}
		b.must(b.ResetPassword(ctx, admin, clerk.ID, "Battery-staple-8"))
		if _, err := b.Who(ctx, pass.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("reset, logged in: %v", err)
		}
		_, account, err := b.EnterStaff(ctx, identity.Credentials{Username: "clerk", Password: "Battery-staple-8"}, "")
		if err != nil || !account.MustChange {
			t.Errorf("reset: %+v, %v", account, err)
		}
		accounts, total, err := b.Accounts(ctx, admin, 1, 1)
		if err != nil || total != 2 || len(accounts) != 1 || accounts[0].Username != "root-admin" || accounts[0].Name != "赵测试" {
			t.Errorf("second page: %+v of %d, %v", accounts, total, err)
		}
		if _, total, err := b.Accounts(ctx, distant, 0, 10); total != 0 || err != nil {
			t.Errorf("another area sees %d, %v", total, err)
		}
		if _, err := b.AccountWithin(ctx, distant, clerk.ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("another area: %v", err)
		}
		for _, word := range []string{"accounts.manage.disable", "accounts.manage.restore", "accounts.manage.reset_password"} {
			if !strings.Contains(b.actions(), word) {
				t.Errorf("%s is not in the audit log", word)
			}
		}
	})
}
