package wechat

import (
	"context"
	"errors"
	"fmt"

	"github.com/silenceper/wechat/v2/util"
)

const linkAddress = platform + "/wxa/generate_urllink?access_token="

// linkDays is the longest that the platform lets a link live.
const linkDays = 30

// URLLink makes a link (URL Link) that opens a page of the mini-program from a
// chat, a message or a web page; it lives 30 days.
func (c *Client) URLLink(ctx context.Context, page, query string) (link string, err error) {
	ask := struct {
		Path     string `json:"path"`
		Query    string `json:"query"`
		Expires  int    `json:"expire_type"` // 1: after so many days
		Interval int    `json:"expire_interval"`
	}{page, query, 1, linkDays}
	err = c.withToken(ctx, "link", func(ctx context.Context) error {
		token, err := passportTokens{}.GetAccessTokenContext(ctx)
		if err != nil {
			return err
		}
		answer, err := util.PostJSONContext(ctx, linkAddress+token, ask)
		if err != nil {
			return err
		}
		var made struct {
			util.CommonError
			Link string `json:"url_link"`
		}
		err = util.DecodeWithError(answer, &made, "URLLink")
		link = made.Link
		return err
	})
	if err == nil && link == "" {
		err = errors.New("the answer holds no link")
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return link, nil
}
