package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/identity"
)

type enteredBody struct {
	Token     string     `json:"token"`
	ExpiresAt time.Time  `json:"expires_at" doc:"at the latest; sooner when it is not used"`
	Staff     memberBody `json:"staff"`
}

// memberBody is an account as its own holder sees it.
type memberBody struct {
	ID         string     `json:"id"`
	Username   string     `json:"username"`
	Name       string     `json:"name"`
	Role       model.Role `json:"role"`
	Area       string     `json:"area"`
	MustChange bool       `json:"must_change_password" doc:"nothing else is allowed until the password is changed"`
	TOTP       bool       `json:"totp" doc:"whether it has a second factor"`
}

func (h *handlers) sessions(a *api.API) {
	const tag = "登录"
	desk := api.SessionDesk{Identity: h.Identity}
	enter := post("/session", tag, "log in", "")
	enter.Who = api.Anyone
	api.Handle(a, enter, h.enter)
	wechat := post("/session/wechat", tag, "log in with the linked WeChat", "")
	wechat.Who = api.Anyone
	api.Handle(a, wechat, h.enterByWechat)
	link := route(http.MethodPut, "/session/wechat", tag, "link one's WeChat to log in with it", model.ReadOwnAccount)
	link.Status = http.StatusNoContent
	api.Handle(a, link, h.linkWechat)
	api.Handle(a, gone("/session/wechat", tag, "unlink one's WeChat", model.ReadOwnAccount), h.unlinkWechat)
	api.Handle(a, renewing(get("/session", tag, "oneself", model.ReadOwnAccount)), h.me)
	api.Handle(a, renewing(gone("/session", tag, "log out", model.ReadOwnAccount)), desk.Leave)
	change := route(http.MethodPut, "/password", tag, "change one's own password", model.ReadOwnAccount)
	change.Status = http.StatusNoContent
	api.Handle(a, renewing(change), h.changePassword)
	api.Handle(a, get("/sessions", tag, "where one is logged in", model.ReadOwnAccount), desk.List)
	api.Handle(a, gone("/sessions/{id}", tag, "log out elsewhere", model.ReadOwnAccount), desk.Revoke)
	api.Handle(a, gone("/sessions", tag, "log out everywhere, here too", model.ReadOwnAccount), desk.RevokeAll)
}

// renewing lets a route be used before a first password is changed.
func renewing(r api.Route) api.Route {
	r.Renewing = true
	return r
}

func gone(path, tag, name string, right model.Right) api.Route {
	r := route(http.MethodDelete, path, tag, name, right)
	r.Status = http.StatusNoContent
	return r
}

func (h *handlers) enter(ctx context.Context, in *struct {
	Device string `header:"User-Agent" hidden:"true"`
	Body   struct {
		Username string `json:"username" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1"`
		TOTP     string `json:"totp,omitempty" maxLength:"40" doc:"where the account has a second factor: its code, or a recovery code"`
	}
}) (*api.Body[enteredBody], error) {
	pass, account, err := h.Identity.EnterStaff(ctx, identity.Credentials{
		Username: in.Body.Username, Password: in.Body.Password, TOTP: in.Body.TOTP,
	}, in.Device)
	if err != nil {
		return nil, err
	}
	return api.Answer(enteredBody{Token: pass.Token, ExpiresAt: api.Time(pass.Session.ExpiresAt), Staff: member(account)}), nil
}

func (h *handlers) enterByWechat(ctx context.Context, in *struct {
	Device string `header:"User-Agent" hidden:"true"`
	Body   struct {
		Code    string `json:"code" minLength:"1" maxLength:"200" doc:"of wx.login"`
		StaffID string `json:"staff_id,omitempty" maxLength:"64" doc:"which account, where several are linked"`
		TOTP    string `json:"totp,omitempty" maxLength:"40"`
	}
}) (*api.Body[enteredBody], error) {
	pass, account, err := h.Identity.EnterStaffByWechat(ctx, in.Body.Code, in.Body.StaffID, in.Body.TOTP, in.Device)
	if err != nil {
		return nil, err
	}
	return api.Answer(enteredBody{Token: pass.Token, ExpiresAt: api.Time(pass.Session.ExpiresAt), Staff: member(account)}), nil
}

func (h *handlers) linkWechat(ctx context.Context, in *struct {
	Body struct {
		Code     string `json:"code" minLength:"1" maxLength:"200" doc:"of wx.login"`
		Password string `json:"password" minLength:"1" doc:"the account's, so that a borrowed screen links nobody"`
	}
}) (*api.Nothing, error) {
	return nil, h.Identity.LinkWechat(ctx, api.Caller(ctx), in.Body.Password, in.Body.Code)
}

func (h *handlers) unlinkWechat(ctx context.Context, _ *struct{}) (*api.Nothing, error) {
	return nil, h.Identity.UnlinkWechat(ctx, api.Caller(ctx))
}

func (h *handlers) me(ctx context.Context, _ *struct{}) (*api.Body[memberBody], error) {
	account, err := h.Identity.Account(ctx, api.Caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(member(account)), nil
}

func (h *handlers) changePassword(ctx context.Context, in *struct {
	Body struct {
		Old string `json:"old_password" minLength:"1"`
		New string `json:"new_password" minLength:"1"`
	}
}) (*api.Nothing, error) {
	return nil, h.Identity.ChangePassword(ctx, api.Caller(ctx), in.Body.Old, in.Body.New)
}

func member(a identity.Account) memberBody {
	return memberBody{ID: a.ID, Username: a.Username, Name: a.Name, Role: a.Role, Area: a.AreaCode, MustChange: a.MustChange, TOTP: a.TOTP}
}
