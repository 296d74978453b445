package resident

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/registry"
)

func (h *handlers) bindings(a *api.API) {
	const tag = "绑定房屋"
	bind := route(http.MethodPost, "/me/bindings", tag, "tie oneself to a home")
	bind.Status = http.StatusCreated
	api.Handle(a, bind, h.bind)
	api.Handle(a, get("/me/bindings", tag, "one's own ties"), h.listBindings)
	leave := gone("/me/bindings/{id}", tag, "move out")
	leave.Thing = h.isMine
	api.Handle(a, leave, h.moveOut)
}

func (h *handlers) isMine(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return nil, h.Registry.HasBinding(ctx, caller, param("id"))
}

func (h *handlers) bind(ctx context.Context, in *struct {
	Body struct {
		PropertyID     string `json:"property_id" minLength:"1" maxLength:"64"`
		Name           string `json:"name" minLength:"1" maxLength:"100"`
		IDLast6        string `json:"id_last6,omitempty" maxLength:"12" doc:"the last six characters of the document number"`
		PhoneCode      string `json:"phone_code,omitempty" maxLength:"200" doc:"of the platform's phone button"`
		Relation       string `json:"relation" enum:"owner,tenant,family"`
		PrivacyVersion string `json:"privacy_version" maxLength:"64"`
	}
}) (*api.Body[tieBody], error) {
	bound, err := h.Registry.Bind(ctx, api.Caller(ctx), registry.BindRequest{
		PropertyID: in.Body.PropertyID, Name: in.Body.Name, IDLast6: in.Body.IDLast6, PhoneCode: in.Body.PhoneCode,
		Relation: model.Relation(in.Body.Relation), PrivacyVersion: in.Body.PrivacyVersion,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(tie(bound)), nil
}

func (h *handlers) listBindings(ctx context.Context, _ *struct{}) (*api.Body[api.List[tieBody]], error) {
	ties, err := h.Registry.BindingsOf(ctx, api.Caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(ties, tie)), nil
}

func (h *handlers) moveOut(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Registry.MoveOut(ctx, api.Caller(ctx), in.ID)
}
