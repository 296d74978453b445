package standin

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"

	"github.com/skip2/go-qrcode"
)

var sceneShaped = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$`)

// miniCode is getwxacodeunlimit: a picture that holds standin://page?scene=….
func (p *Platform) miniCode(_ *http.Request, body []byte) (any, *refusal) {
	var ask struct{ Scene, Page string }
	if decode(body, &ask) != nil {
		return nil, refuse(47001)
	}
	switch {
	case !sceneShaped.MatchString(ask.Scene):
		return nil, refuse(40129)
	case strings.HasPrefix(ask.Page, "/") || strings.Contains(ask.Page, "?"):
		return nil, refuse(41030)
	}
	code, err := qrcode.New("standin://"+ask.Page+"?scene="+ask.Scene, qrcode.Medium)
	if err != nil {
		return nil, refuse(40129)
	}
	var drawn bytes.Buffer
	if err := jpeg.Encode(&drawn, code.Image(430), nil); err != nil {
		return nil, refuse(-1)
	}
	return picture(drawn.Bytes()), nil
}

// picture is an answer that is no JSON.
type picture []byte

// urlLink is generate_urllink: the link names the page that it opens.
func (p *Platform) urlLink(_ *http.Request, body []byte) (any, *refusal) {
	var ask struct {
		Path, Query string
		Type        int `json:"expire_type"`
		Interval    int `json:"expire_interval"`
	}
	if decode(body, &ask) != nil {
		return nil, refuse(47001)
	}
	switch {
	case strings.HasPrefix(ask.Path, "/") || strings.Contains(ask.Path, "?"):
		return nil, refuse(40165)
	case ask.Type != 1 || ask.Interval < 1 || ask.Interval > 30:
		return nil, refuse(40212)
	}
	return struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
		Link string `json:"url_link"`
	}{0, "ok", "https://wxaurl.cn/standin/" + ask.Path + "?" + ask.Query}, nil
}
