package public

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"gongdi/api"
	"gongdi/service/fault"
	"gongdi/service/wechat"
)

// What is refused of pushes. Neither changes anything.
var (
	ErrPushForged = fault.New(fault.Forbidden, "push_forged", "这不是平台刚刚发来的消息")
	ErrPushTorn   = fault.New(fault.Invalid, "push_unreadable", "消息内容无法识别")
)

// largestPush is more than the platform ever sends.
const largestPush = 64 << 10

func (h *handlers) pushes(a *api.API) {
	const tag, path = "平台", "/wechat/push"
	api.Handle(a, get(path, tag, "the platform asks whether this is the office"), h.echo)
	push := api.Route{Method: http.MethodPost, Path: "/api/v1/public" + path, Tag: tag, Name: "what the platform tells, signed and encrypted", Who: api.Anyone, MaxBody: largestPush}
	api.Handle(a, push, h.push)
	api.Handle(a, get("/media/{token}", tag, "a picture that the platform is to judge, for half an hour"), h.media)
}

// Signature is what the platform signs.
type Signature struct {
	Signature string `query:"signature" maxLength:"64"`
	Timestamp string `query:"timestamp" maxLength:"20"`
	Nonce     string `query:"nonce" maxLength:"64"`
}

func (s Signature) query() url.Values {
	return url.Values{"signature": {s.Signature}, "timestamp": {s.Timestamp}, "nonce": {s.Nonce}}
}

func plainText(text string) *api.File {
	return &api.File{ContentType: "text/plain; charset=utf-8", Body: []byte(text)}
}

func (h *handlers) echo(_ context.Context, in *struct {
	Signature
	Echo string `query:"echostr" maxLength:"128"`
}) (*api.File, error) {
	q := in.query()
	q.Set("echostr", in.Echo)
	echo, err := h.Desk.Handshake(q)
	if err != nil {
		return nil, pushFault(err)
	}
	return plainText(echo), nil
}

func (h *handlers) push(ctx context.Context, in *struct {
	Signature
	MsgSignature string `query:"msg_signature" maxLength:"64"`
	RawBody      []byte
}) (*api.File, error) {
	q := in.query()
	q.Set("msg_signature", in.MsgSignature)
	event, err := h.Desk.Open(q, in.RawBody)
	if err != nil {
		return nil, pushFault(err)
	}
	if err := h.Hear(ctx, event); err != nil {
		return nil, err
	}
	return plainText("success"), nil
}

func pushFault(err error) error {
	switch {
	case errors.Is(err, wechat.ErrForged):
		return ErrPushForged
	case errors.Is(err, wechat.ErrPushTorn):
		return ErrPushTorn
	}
	return err
}

func (h *handlers) media(ctx context.Context, in *struct {
	Token string `path:"token" maxLength:"200"`
}) (*api.File, error) {
	f, content, err := h.Safety.Picture(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
