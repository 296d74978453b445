// Package wechat is the office's line to the mini-program platform (微信小程序):
// who is logging in, and which phone they let us know. What it hands out are
// this product's own words; no type of the SDK, no session key, no secret and
// no access token leaves it, in an error or a log line either.
package wechat

import (
	"context"
	"log/slog"
	"time"

	"github.com/silenceper/wechat/v2/miniprogram/auth"

	"gongdi/service/fault"
)

// What a person is told when logging in or handing over a phone does not work.
var (
	ErrCodeInvalid      = fault.New(fault.Unauthenticated, "wechat_code_invalid", "微信登录凭证无效或已经用过，请重新登录")
	ErrPhoneCodeInvalid = fault.New(fault.Invalid, "phone_code_invalid", "手机号授权无效或已经用过，请重新授权")
	ErrUserBlocked      = fault.New(fault.Forbidden, "wechat_user_blocked", "微信认为该账号存在风险，暂时不能登录")
	ErrUnavailable      = fault.New(fault.Unavailable, "wechat_unavailable", "微信服务暂时没有响应，请稍后再试")
)

// What the platform's codes mean to the person whose call it was. Any other
// code is between the office and the platform.
var (
	loginRefusals = map[int64]*fault.Error{40029: ErrCodeInvalid, 40163: ErrCodeInvalid, 40226: ErrUserBlocked}
	phoneRefusals = map[int64]*fault.Error{40029: ErrPhoneCodeInvalid, 40163: ErrPhoneCodeInvalid}
)

// Session is who has just logged in. OpenID names the person within this
// mini-program; UnionID across the operator's programs, and is empty unless
// the platform has them bound together.
type Session struct {
	OpenID  string
	UnionID string
}

// Client calls the platform for one mini-program. It may be used by many
// goroutines; make one with New.
type Client struct {
	route   *route
	auth    *auth.Auth
	tokens  *tokens
	ready   bool
	timeout time.Duration
	pause   time.Duration
	log     *slog.Logger
}

// Login turns the code of wx.login into the person it stands for. A code works
// once and for five minutes: otherwise ErrCodeInvalid. ErrUserBlocked when the
// platform holds the account for risky; ErrUnavailable when it gives no answer
// that helps, the reason being logged.
func (c *Client) Login(ctx context.Context, code string) (Session, error) {
	if !wellFormed(code) {
		return Session{}, ErrCodeInvalid
	}
	var session Session
	err := c.plainly(ctx, "login", func(ctx context.Context) error {
		answer, err := c.auth.Code2SessionContext(ctx, code)
		if answer.ErrCode != 0 {
			return &answer.CommonError
		}
		session = Session{OpenID: answer.OpenID, UnionID: answer.UnionID}
		return err
	})
	if err == nil && session.OpenID == "" {
		err = &failure{api: "login", reason: "the answer names nobody"}
	}
	if err != nil {
		return Session{}, c.judge(ctx, err, loginRefusals)
	}
	return session, nil
}

// Phone turns the code of the phone button into the number that WeChat has
// verified: bare for the mainland, with its country code for any other. A code
// works once and for five minutes: otherwise ErrPhoneCodeInvalid. ErrUnavailable
// as for Login.
func (c *Client) Phone(ctx context.Context, code string) (string, error) {
	if !wellFormed(code) {
		return "", ErrPhoneCodeInvalid
	}
	var phone string
	err := c.withToken(ctx, "phone", func(ctx context.Context) error {
		answer, err := c.auth.GetPhoneNumberContext(ctx, code)
		if err != nil {
			return err
		}
		phone = number(answer.PhoneInfo)
		return nil
	})
	if err == nil && phone == "" {
		err = &failure{api: "phone", reason: "the answer holds no number"}
	}
	if err != nil {
		return "", c.judge(ctx, err, phoneRefusals)
	}
	return phone, nil
}

func number(p auth.PhoneInfo) string {
	if p.CountryCode == "86" {
		return p.PurePhoneNumber
	}
	return p.PhoneNumber
}

// wellFormed says whether a code may go into a call: the SDK puts it into the
// address as it is, where "&" would begin a parameter of the sender's choice.
func wellFormed(code string) bool {
	for _, b := range []byte(code) {
		letter := 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
		if !letter && (b < '0' || b > '9') && b != '-' && b != '_' {
			return false
		}
	}
	return code != "" && len(code) <= 128
}
