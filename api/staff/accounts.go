package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/identity"
)

// accountBody is an account as its administrator sees it.
type accountBody struct {
	ID          string     `json:"id"`
	Username    string     `json:"username"`
	Name        string     `json:"name"`
	Role        model.Role `json:"role"`
	Area        string     `json:"area"`
	Department  string     `json:"department,omitempty" doc:"whose cases a department's account sees"`
	MustChange  bool       `json:"must_change_password"`
	TOTP        bool       `json:"totp"`
	LockedUntil *time.Time `json:"locked_until" nullable:"true" doc:"by wrong passwords"`
	DisabledAt  *time.Time `json:"disabled_at" nullable:"true"`
	PasswordAt  time.Time  `json:"password_at"`
	CreatedAt   time.Time  `json:"created_at"`
}

type areaBody struct {
	Code     string     `json:"code"`
	Name     string     `json:"name"`
	Type     string     `json:"type" enum:"county,street,community"`
	Children []areaBody `json:"children"`
}

type accountPath struct {
	ID string `path:"id"`
}

type reasonBody struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (h *handlers) accounts(a *api.API) {
	const tag = "账号"
	create := post("/accounts", tag, "make an account, which must change its password first", model.ManageAccounts)
	create.Status = http.StatusCreated
	api.Handle(a, create, h.createAccount)
	api.Handle(a, get("/accounts", tag, "accounts of one's area", model.ManageAccounts), h.listAccounts)
	api.Handle(a, h.onAccount(get("/accounts/{id}", tag, "an account", model.ManageAccounts)), h.showAccount)
	api.Handle(a, h.onAccount(post("/accounts/{id}/disable", tag, "end an account", model.ManageAccounts)), h.disableAccount)
	api.Handle(a, h.onAccount(post("/accounts/{id}/restore", tag, "let a disabled account in again", model.ManageAccounts)), h.restoreAccount)
	api.Handle(a, h.onAccount(post("/accounts/{id}/password", tag, "give an account a password to be changed, and unlock it", model.ManageAccounts)), h.resetPassword)
	api.Handle(a, h.onAccount(post("/accounts/{id}/reset-totp", tag, "end the second factor of somebody who lost it", model.ManageAccounts)), h.resetTOTP)
	api.Handle(a, get("/areas", tag, "one's own part of the division", model.ReadAreas), h.listAreas)
}

// onAccount puts a route under an account of the caller's area.
func (h *handlers) onAccount(r api.Route) api.Route {
	r.Thing = api.Named(h.Identity.AccountWithin)
	return r
}

func (h *handlers) createAccount(ctx context.Context, in *struct {
	Body struct {
		Username string     `json:"username" minLength:"2" maxLength:"64"`
		Password string     `json:"password" minLength:"1"`
		Role     model.Role `json:"role" enum:"street,community,grid,department,county,auditor,admin"`
		Area     string     `json:"area" minLength:"1" maxLength:"12"`
		Dept     string     `json:"department,omitempty" maxLength:"32" doc:"code of the department, for the role department"`
		Name     string     `json:"name,omitempty" maxLength:"50"`
	}
}) (*api.Body[accountBody], error) {
	account, err := h.Identity.CreateStaff(ctx, api.Caller(ctx), identity.NewStaff{
		Username: in.Body.Username, Password: in.Body.Password, Role: in.Body.Role, AreaCode: in.Body.Area, Department: in.Body.Dept, Name: in.Body.Name,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(accountOf(account)), nil
}

func (h *handlers) listAccounts(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[accountBody]], error) {
	accounts, total, err := h.Identity.Accounts(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(accounts, total, accountOf)), nil
}

func (h *handlers) showAccount(ctx context.Context, _ *accountPath) (*api.Body[accountBody], error) {
	return api.Answer(accountOf(api.Found[identity.Account](ctx))), nil
}

func (h *handlers) disableAccount(ctx context.Context, in *reasonBody) (*api.Body[accountBody], error) {
	return h.changed(ctx, in.ID, h.Identity.DisableStaff(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}

func (h *handlers) restoreAccount(ctx context.Context, in *reasonBody) (*api.Body[accountBody], error) {
	return h.changed(ctx, in.ID, h.Identity.RestoreStaff(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}

func (h *handlers) resetPassword(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Password string `json:"password" minLength:"1"`
	}
}) (*api.Body[accountBody], error) {
	return h.changed(ctx, in.ID, h.Identity.ResetPassword(ctx, api.Caller(ctx), in.ID, in.Body.Password))
}

func (h *handlers) changed(ctx context.Context, id string, err error) (*api.Body[accountBody], error) {
	if err != nil {
		return nil, err
	}
	account, err := h.Identity.AccountWithin(ctx, api.Caller(ctx), id)
	if err != nil {
		return nil, err
	}
	return api.Answer(accountOf(account)), nil
}

func (h *handlers) listAreas(ctx context.Context, _ *struct{}) (*api.Body[[]areaBody], error) {
	tree, err := h.Identity.Areas(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(areas(tree)), nil
}

func accountOf(a identity.Account) accountBody {
	return accountBody{
		ID: a.ID, Username: a.Username, Name: a.Name, Role: a.Role, Area: a.AreaCode, Department: a.Department, MustChange: a.MustChange, TOTP: a.TOTP,
		LockedUntil: api.TimeOf(a.LockedUntil), DisabledAt: api.TimeOf(a.DisabledAt),
		PasswordAt: api.Time(a.PasswordAt), CreatedAt: api.Time(a.CreatedAt),
	}
}

func areas(parts []identity.Division) []areaBody {
	bodies := make([]areaBody, 0, len(parts))
	for _, d := range parts {
		bodies = append(bodies, areaBody{Code: d.Code, Name: d.Name, Type: string(d.Type), Children: areas(d.Parts)})
	}
	return bodies
}
