package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
)

func (h *handlers) totp(a *api.API) {
	const tag = "登录"
	api.Handle(a, renewing(post("/totp", tag, "a new secret for one's authenticator", model.ReadOwnAccount)), h.offerTOTP)
	api.Handle(a, renewing(post("/totp/confirm", tag, "begin to be asked for codes; gives the recovery codes, once", model.ReadOwnAccount)), h.confirmTOTP)
	drop := post("/totp/drop", tag, "end one's second factor", model.ReadOwnAccount)
	drop.Status = http.StatusNoContent
	api.Handle(a, drop, h.dropTOTP)
}

type enrolmentBody struct {
	Secret string `json:"secret" doc:"shown this once"`
	URI    string `json:"uri" doc:"for the authenticator, as a code to scan"`
}

func (h *handlers) offerTOTP(ctx context.Context, in *struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[enrolmentBody], error) {
	e, err := h.Identity.OfferTOTP(ctx, api.Caller(ctx), in.Body.Password)
	if err != nil {
		return nil, err
	}
	return api.Answer(enrolmentBody(e)), nil
}

type recoveryBody struct {
	Codes []string `json:"recovery_codes"`
}

func (h *handlers) confirmTOTP(ctx context.Context, in *struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"20"`
	}
}) (*api.Body[recoveryBody], error) {
	codes, err := h.Identity.ConfirmTOTP(ctx, api.Caller(ctx), in.Body.Code)
	if err != nil {
		return nil, err
	}
	return api.Answer(recoveryBody{Codes: codes}), nil
}

func (h *handlers) dropTOTP(ctx context.Context, in *struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"500"`
		Code     string `json:"code" minLength:"1" maxLength:"40"`
	}
}) (*api.Nothing, error) {
	return nil, h.Identity.DropTOTP(ctx, api.Caller(ctx), in.Body.Password, in.Body.Code)
}

func (h *handlers) resetTOTP(ctx context.Context, in *reasonBody) (*api.Body[accountBody], error) {
	return h.changed(ctx, in.ID, h.Identity.ResetTOTP(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}
