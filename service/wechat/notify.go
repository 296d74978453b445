package wechat

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/silenceper/wechat/v2/util"
)

// Note is a subscribe message (订阅消息) to one person.
type Note struct {
	To       string // openid
	Template string
	Page     string
	Data     map[string]string // by the template's keys, fitted to their types
}

// What can become of a note that is not delivered.
var (
	// ErrNoGrant says that the person has not allowed another one.
	ErrNoGrant = errors.New("wechat: no grant is left for this template")
	// ErrNoteWrong says that the note, the template or the openid is wrong:
	// sending it again would be refused again.
	ErrNoteWrong = errors.New("wechat: the note was refused")
	// ErrUnsure says that the call was cut off: it may have been delivered.
	ErrUnsure = errors.New("wechat: it is not known whether the note was delivered")
)

const sendAddress = platform + "/cgi-bin/message/subscribe/send?access_token="

// Notify sends a note and answers the platform's number of it. ErrNoGrant and
// ErrNoteWrong stand; after ErrUnsure nobody knows; ErrUnavailable says that
// nothing was done.
func (c *Client) Notify(ctx context.Context, n Note) (msgID string, err error) {
	type value struct {
		Value string `json:"value"`
	}
	message := struct {
		To       string           `json:"touser"`
		Template string           `json:"template_id"`
		Page     string           `json:"page"`
		Data     map[string]value `json:"data"`
		State    string           `json:"miniprogram_state"`
		Lang     string           `json:"lang"`
	}{n.To, n.Template, n.Page, map[string]value{}, "formal", "zh_CN"}
	for key, text := range n.Data {
		message.Data[key] = value{text}
	}
	err = c.withToken(ctx, "notify", func(ctx context.Context) error {
		token, err := passportTokens{}.GetAccessTokenContext(ctx)
		if err != nil {
			return err
		}
		answer, err := util.PostJSONContext(ctx, sendAddress+token, message)
		if err != nil {
			return err
		}
		var sent struct {
			util.CommonError
			ID json.Number `json:"msgid"`
		}
		err = util.DecodeWithError(answer, &sent, "Notify")
		msgID = sent.ID.String()
		return err
	})
	return msgID, judgeNote(err)
}

func judgeNote(err error) error {
	switch code := codeOf(err); code {
	case 43101:
		return ErrNoGrant
	case 40003, 40037, 41030, 47001, 47003:
		return errors.Join(ErrNoteWrong, err)
	case 0:
		if unsure(err) {
			return errors.Join(ErrUnsure, err)
		}
	}
	if err != nil {
		return errors.Join(ErrUnavailable, err)
	}
	return nil
}

// unsure picks the mishaps after which the platform may have done its part.
func unsure(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.api != "token" && (f.reason == "no answer in time" || f.reason == "the connection broke" || f.reason == "the answer cannot be read" || f.cause != nil)
}

// Code is the platform's errcode of a failure, 0 when there was none.
func Code(err error) int64 { return codeOf(err) }
