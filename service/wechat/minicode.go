package wechat

import (
	"context"
	"fmt"
	"net/http"

	"github.com/silenceper/wechat/v2/util"
)

const codeAddress = platform + "/wxa/getwxacodeunlimit?access_token="

// MiniCode draws the mini-program's own code (小程序码) for a scene, which opens a
// page with it: a picture, and its media type. An error that the platform
// answers in the place of a picture is an error.
func (c *Client) MiniCode(ctx context.Context, scene, page string) ([]byte, string, error) {
	ask := struct {
		Scene     string `json:"scene"`
		Page      string `json:"page"`
		CheckPath bool   `json:"check_path"`
	}{scene, page, false}
	var picture []byte
	err := c.withToken(ctx, "code", func(ctx context.Context) error {
		token, err := passportTokens{}.GetAccessTokenContext(ctx)
		if err != nil {
			return err
		}
		answer, err := util.PostJSONContext(ctx, codeAddress+token, ask)
		if err != nil {
			return err
		}
		picture, err = util.HandleFileResponse(answer, "MiniCode")
		return err
	})
	mediaType := http.DetectContentType(picture)
	if err == nil && mediaType != "image/jpeg" && mediaType != "image/png" {
		err = &failure{api: "code", reason: "the answer is no picture"}
	}
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return picture, mediaType, nil
}
