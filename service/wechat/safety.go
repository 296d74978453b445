package wechat

import (
	"context"
	"errors"

	"github.com/silenceper/wechat/v2/miniprogram/security"
)

// Suggest is what the platform makes of a text or a picture.
type Suggest string

// The platform's three judgements; nothing else is one.
const (
	SuggestPass   Suggest = "pass"
	SuggestReview Suggest = "review" // somebody should look at it
	SuggestRisky  Suggest = "risky"
)

func (s Suggest) known() bool { return s == SuggestPass || s == SuggestReview || s == SuggestRisky }

// Verdict is the platform's judgement, with its label: 100 for normal, 10001
// advertising, 20001 politics, 20002 pornography, 20003 abuse and so on.
type Verdict struct {
	Suggest Suggest
	Label   int
	TraceID string
}

// ErrNoJudge says that the platform will not judge this, however often it is
// asked: the author has not opened the mini-program for two hours, or what was
// sent cannot be judged. A person has to.
var ErrNoJudge = errors.New("wechat: the platform does not judge this")

// noJudge are the codes after which asking again is of no use.
var noJudge = map[int64]bool{40003: true, 40066: true, 40129: true, 45002: true, 47001: true, 61010: true}

// forum is the platform's scene for what people post.
const forum = 3

// LongestText is how many characters the platform judges at once.
const LongestText = 2500

// CheckText has a text judged (msg_sec_check, version 2) that a person wrote.
// ErrNoJudge stands; ErrUnavailable says that nothing was judged.
func (c *Client) CheckText(ctx context.Context, openID, text string) (Verdict, error) {
	var v Verdict
	err := c.withToken(ctx, "check text", func(ctx context.Context) error {
		answer, err := c.security().MsgCheckContext(ctx, &security.MsgCheckRequest{OpenID: openID, Scene: forum, Content: text})
		if err != nil {
			return err
		}
		v = Verdict{Suggest(answer.Result.Suggest), int(answer.Result.Label), answer.TraceID}
		return nil
	})
	if err == nil && !v.Suggest.known() {
		err = &failure{api: "check text", reason: "the answer holds no judgement"}
	}
	return v, judgeCheck(err)
}

const picture = 2

// CheckPicture has a picture at an address judged (media_check_async): the
// verdict is pushed later and carries the trace that is returned here; it may
// come before this returns. The errors are those of CheckText.
func (c *Client) CheckPicture(ctx context.Context, openID, address string) (trace string, err error) {
	err = c.withToken(ctx, "check picture", func(ctx context.Context) (err error) {
		trace, err = c.security().MediaCheckAsyncContext(ctx, &security.MediaCheckAsyncRequest{
			MediaURL: address, MediaType: picture, OpenID: openID, Scene: forum,
		})
		return err
	})
	if err == nil && trace == "" {
		err = &failure{api: "check picture", reason: "the answer holds no trace"}
	}
	return trace, judgeCheck(err)
}

func (c *Client) security() *security.Security { return security.NewSecurity(c.auth.Context) }

func judgeCheck(err error) error {
	switch {
	case err == nil:
		return nil
	case noJudge[codeOf(err)]:
		return errors.Join(ErrNoJudge, err)
	}
	return errors.Join(ErrUnavailable, err)
}
