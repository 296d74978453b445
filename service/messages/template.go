package messages

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"gongdi/model"
	"gongdi/model/quantity"
)

// Template is how the mini-program's account shows one kind of news, or, under
// the kind "*", all that have none of their own. Kinds may share a template.
type Template struct {
	ID string `json:"id"` // the platform's
	// Fields say which of the template's keys holds what: {"title":"thing1"}.
	// Every news has text, time and remark; its cause adds others (title,
	// estate, closes, …). What begins with "=" is fixed wording.
	Fields map[string]string `json:"fields"`
	// Page is opened by a touch; {id} stands for what the news is about. The
	// inbox when empty.
	Page string `json:"page"`
	// LongTerm is one that is allowed once and for all (长期订阅).
	LongTerm bool `json:"long_term"`
}

const anyKind = "*"

// standIn are the templates of the stand-in, which takes any: so that whoever
// tries the product sees messages arrive.
const standIn = `{
"motion_opened":{"id":"standin-motion-opened","page":"pages/motion/detail?id={id}","fields":{"title":"thing1","estate":"thing2","opens":"time3","closes":"time4","=请在截止以前投票":"thing5"}},
"motion_closing_48h":{"id":"standin-motion-closing","page":"pages/motion/detail?id={id}","fields":{"title":"thing1","closes":"time2","=未投票":"phrase3","text":"thing4"}},
"motion_closing_4h":{"id":"standin-motion-closing","page":"pages/motion/detail?id={id}","fields":{"title":"thing1","closes":"time2","=未投票":"phrase3","text":"thing4"}},
"motion_result":{"id":"standin-motion-result","page":"pages/motion/detail?id={id}","fields":{"title":"thing1","result":"phrase2","time":"date3","remark":"thing4"}},
"notice":{"id":"standin-notice","page":"pages/notice/detail?id={id}","fields":{"title":"thing1","category":"phrase2","estate":"thing3","time":"time4"}},
"*":{"id":"standin-news","fields":{"text":"thing1","time":"time2","remark":"thing3"}}
}`

var fieldKey = regexp.MustCompile(`^[a-z_]+[0-9]+$`)

// ReadTemplates reads the setting GONGDI_WECHAT_TEMPLATES. Left empty it means
// none, or before a stand-in the stand-in's.
func ReadTemplates(text string, beforeStandIn bool) (map[string]Template, error) {
	if text == "" && beforeStandIn {
		text = standIn
	}
	if text == "" {
		return map[string]Template{}, nil
	}
	var templates map[string]Template
	if json.Unmarshal([]byte(text), &templates) != nil {
		return nil, errors.New(`GONGDI_WECHAT_TEMPLATES must be JSON such as {"notice":{"id":"…","fields":{"title":"thing1","time":"time2"}}}`)
	}
	for kind, t := range templates {
		if t.ID == "" || len(t.ID) > 64 || len(t.Fields) == 0 {
			return nil, fmt.Errorf("GONGDI_WECHAT_TEMPLATES: %q needs an id and fields", kind)
		}
		for _, key := range t.Fields {
			if !fieldKey.MatchString(key) {
				return nil, fmt.Errorf("GONGDI_WECHAT_TEMPLATES: %q has the key %q, which is no thing1 or time2", kind, key)
			}
		}
	}
	return templates, nil
}

// templateOf finds how a kind of news is shown.
func (s *Service) templateOf(kind string) (Template, bool) {
	t, known := s.Templates[kind]
	if !known {
		t, known = s.Templates[anyKind]
	}
	return t, known
}

const (
	pageOfInbox = "pages/inbox/index"
	usualHint   = "您有一条新消息"
	usualRemark = "请打开小程序查看"
)

// Instant writes an instant as templates take it, for times and dates alike.
func Instant(t time.Time) string { return t.In(quantity.Shanghai).Format("2006年1月2日 15:04") }

// pageOf is what a touch of a hint opens.
func (t Template) pageOf(m *model.Tiding) string {
	if t.Page == "" {
		return pageOfInbox
	}
	return strings.ReplaceAll(t.Page, "{id}", m.AboutID)
}

// fill gives a template's keys their values, each fitted to its type.
func (t Template) fill(m *model.Tiding) map[string]string {
	values := map[string]string{}
	if m.PushFields != "" && json.Unmarshal([]byte(m.PushFields), &values) != nil {
		values = map[string]string{} // a row of another program: it says less
	}
	values["time"], values["remark"] = Instant(m.At), usualRemark
	if values["text"] == "" {
		values["text"] = usualHint
	}
	data := map[string]string{}
	for what, key := range t.Fields {
		text, fixed := strings.CutPrefix(what, "=")
		if !fixed {
			text = values[what]
		}
		data[key] = fit(key, text, values["time"])
	}
	return data
}

// fields is what a hint may say, as it is kept: each text short, on one line.
func (n News) fields() string {
	short := map[string]string{}
	for name, text := range n.Fields {
		short[name] = clip(oneLine(text), 40)
	}
	short["text"] = clip(oneLine(n.Hint), 40)
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // or a title of signs takes six times its place
	if err := encoder.Encode(short); err != nil || out.Len() > fieldsMost {
		return ""
	}
	return strings.TrimSpace(out.String())
}

const fieldsMost = 1000

// fit makes a text what the key's type holds, cut on a character: the platform
// refuses what is longer, empty, or of other signs.
func fit(key, text, now string) string {
	text = oneLine(text)
	switch kind := strings.TrimRight(key, "0123456789"); kind {
	case "thing":
		return orDash(clip(text, 20))
	case "phrase":
		return orElse(cut(only(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }), 5), "无")
	case "name":
		return orDash(cut(text, 10))
	case "character_string":
		return orDash(cut(only(text, func(r rune) bool { return r > ' ' && r <= '~' }), 32))
	case "letter":
		return orElse(cut(only(text, func(r rune) bool { return r <= 'z' && unicode.IsLetter(r) }), 32), "x")
	case "number":
		return orElse(cut(only(text, func(r rune) bool { return r == '.' || r >= '0' && r <= '9' }), 32), "0")
	case "time", "date":
		return orElse(text, now)
	default:
		return orDash(text)
	}
}

func orElse(text, usual string) string {
	if text == "" {
		return usual
	}
	return text
}

func orDash(text string) string { return orElse(text, "-") }

func only(text string, good func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if good(r) {
			return r
		}
		return -1
	}, text)
}

func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text))
}

// cut keeps the first characters; clip shows by an ellipsis that more was said.
func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
