package standin

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// login is jscode2session. A parameter given twice is somebody's attempt to
// smuggle one in.
func (p *Platform) login(r *http.Request, _ []byte) (any, *refusal) {
	q := r.URL.Query()
	if no := p.knows(q.Get("appid"), q.Get("secret")); no != nil {
		return nil, no
	}
	for _, values := range q {
		if len(values) > 1 {
			return nil, refuse(40029)
		}
	}
	if q.Get("grant_type") != "authorization_code" {
		return nil, refuse(40002)
	}
	if q.Get("js_code") == "" {
		return nil, refuse(41008)
	}
	now := p.cfg.Now()
	c, no := p.codes.redeem(q.Get("js_code"), loginCode, now)
	if no != nil {
		return nil, no
	}
	if p.person(c.openID).hurries(now, p.cfg.LoginsPerMinute) {
		return nil, refuse(45011)
	}
	key := make([]byte, 16)
	_, _ = rand.Read(key)
	return struct {
		SessionKey string `json:"session_key"`
		OpenID     string `json:"openid"`
	}{base64.StdEncoding.EncodeToString(key), c.openID}, nil
}

// hurries counts a log-in and says whether it is one too many in its minute.
func (u *user) hurries(now time.Time, limit int) bool {
	if minute := now.Truncate(time.Minute); !minute.Equal(u.minute) {
		u.minute, u.logins = minute, 0
	}
	u.logins++
	return limit > 0 && u.logins > limit
}

type watermark struct {
	Timestamp int64  `json:"timestamp"`
	AppID     string `json:"appid"`
}

type phoneInfo struct {
	PhoneNumber     string    `json:"phoneNumber"`
	PurePhoneNumber string    `json:"purePhoneNumber"`
	CountryCode     string    `json:"countryCode"`
	Watermark       watermark `json:"watermark"`
}

// phone is getuserphonenumber.
func (p *Platform) phone(_ *http.Request, body []byte) (any, *refusal) {
	var ask struct {
		Code string `json:"code"`
	}
	if decode(body, &ask) != nil {
		return nil, refuse(47001)
	}
	now := p.cfg.Now()
	c, no := p.codes.redeem(ask.Code, phoneCode, now)
	if no != nil {
		return nil, refuse(40029)
	}
	pure := strings.TrimPrefix(c.phone, "+86")
	return struct {
		Code  int       `json:"errcode"`
		Text  string    `json:"errmsg"`
		Phone phoneInfo `json:"phone_info"`
	}{0, "ok", phoneInfo{pure, pure, "86", watermark{now.Unix(), p.cfg.AppID}}}, nil
}
