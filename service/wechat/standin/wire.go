package standin

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

const bodyLimit = 1 << 20

// endpoint is one call of the platform: how it is made and what it answers.
// The lock is held while it does.
type endpoint struct {
	method string
	token  bool
	answer func(p *Platform, r *http.Request, body []byte) (any, *refusal)
}

var endpoints = map[string]endpoint{
	"/cgi-bin/stable_token":            {http.MethodPost, false, (*Platform).stableToken},
	"/cgi-bin/token":                   {http.MethodGet, false, (*Platform).oldToken},
	"/sns/jscode2session":              {http.MethodGet, false, (*Platform).login},
	"/wxa/business/getuserphonenumber": {http.MethodPost, true, (*Platform).phone},
	"/cgi-bin/message/subscribe/send":  {http.MethodPost, true, (*Platform).send},
	"/wxa/getwxacodeunlimit":           {http.MethodPost, true, (*Platform).miniCode},
	"/wxa/generate_urllink":            {http.MethodPost, true, (*Platform).urlLink},
	"/wxa/msg_sec_check":               {http.MethodPost, true, (*Platform).checkText},
	"/wxa/media_check_async":           {http.MethodPost, true, (*Platform).checkPicture},
}

// refusal is the platform's way to say no: a number and a text, with status 200.
type refusal struct {
	Code int    `json:"errcode"`
	Text string `json:"errmsg"`
}

var texts = map[int]string{
	-1:    "system error",
	40001: "invalid credential, access_token is invalid or not latest",
	40002: "invalid grant_type",
	40003: "invalid openid",
	40013: "invalid appid",
	40014: "invalid access_token",
	40029: "invalid code",
	40037: "invalid template_id",
	40066: "invalid url",
	40125: "invalid appsecret",
	40129: "invalid scene",
	40165: "invalid weapp pagepath",
	40212: "invalid query",
	40163: "code been used",
	40226: "code blocked",
	41001: "access_token missing",
	41008: "missing code",
	41030: "invalid page",
	42001: "access_token expired",
	43001: "require GET method",
	43002: "require POST method",
	43101: "user refuse to accept the msg",
	44002: "empty post data",
	45009: "reach max api daily quota limit",
	45011: "api minute-quota reach limit, must slower, retry next minute",
	47001: "data format error",
	47003: "argument invalid!",
	61010: "code is expired",
}

func refuse(code int) *refusal { return refuseFor(code, "") }

// refuseFor names what was wrong after the platform's usual text.
func refuseFor(code int, detail string) *refusal {
	text, ok := texts[code]
	if !ok {
		text = "error"
	}
	rid := randomHex(4) + "-" + randomHex(4) + "-" + randomHex(4)
	return &refusal{Code: code, Text: text + detail + " rid: " + rid}
}

// serve answers on the platform's side: a fault that was ordered comes
// first, before the call could use anything up.
func (p *Platform) serve(w http.ResponseWriter, r *http.Request) {
	// Only once the body is read does the server notice a caller who hangs up.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if fault, ok := p.nextFault(r.URL.Path); ok && fault.strike(w, r) {
		return
	}
	if err != nil {
		reply(w, refuse(47001))
		return
	}
	answer, no := p.settle(r, body)
	if no != nil {
		reply(w, no)
		return
	}
	if waiting, ok := answer.(held); ok {
		waiting.before()
		answer = waiting.answer
	}
	reply(w, answer)
}

func (p *Platform) settle(r *http.Request, body []byte) (any, *refusal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := endpoints[r.URL.Path]
	if !ok {
		return nil, refuse(40066)
	}
	if r.Method != e.method {
		if e.method == http.MethodGet {
			return nil, refuse(43001)
		}
		return nil, refuse(43002)
	}
	if e.token {
		if no := p.checkToken(r.URL.Query().Get("access_token")); no != nil {
			return nil, no
		}
	}
	if e.method == http.MethodPost && len(body) == 0 {
		return nil, refuse(44002)
	}
	return e.answer(p, r, body)
}

// reply writes as the platform does; whoever has hung up is not told.
func reply(w http.ResponseWriter, answer any) {
	if drawn, ok := answer.(picture); ok {
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(drawn) //nolint:gosec // a picture that was drawn here
		return
	}
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(answer)
}

// decode reads exactly one JSON value; members it does not know are let pass.
func decode(body []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
