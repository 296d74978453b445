package messages

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"gongdi/model"
)

func TestTextsAreFittedToTheTypeOfTheirKey(t *testing.T) {
	for _, c := range []struct{ key, text, want string }{
		{"thing1", "二十个字的标题正好放得下一个也不多也不少", "二十个字的标题正好放得下一个也不多也不少"},
		{"thing1", "二十一个字的标题放不下所以最后一个变省略号", "二十一个字的标题放不下所以最后一个变省…"},
		{"thing20", "两\n行\t字\u2028完", "两 行 字 完"},
		{"thing1", " \u0000", "-"},
		{"phrase2", "停水停电通知", "停水停电通"},
		{"phrase2", "已通过 (1)", "已通过"},
		{"phrase2", "OK", "无"},
		{"name3", "一二三四五六七八九十十一", "一二三四五六七八九十"},
		{"character_string4", "编号A-1 号", "A-1"},
		{"character_string4", "无", "-"},
		{"letter5", "ab1中", "ab"},
		{"number6", "12.5元", "12.5"},
		{"number6", "", "0"},
		{"time7", "", "now"},
		{"date7", "2026年11月2日 12:00", "2026年11月2日 12:00"},
		{"amount8", "", "-"},
	} {
		if got := fit(c.key, c.text, "now"); got != c.want {
			t.Errorf("%s of %q is %q, want %q", c.key, c.text, got, c.want)
		}
	}
}

func TestATemplateIsFilledAndOpensItsPage(t *testing.T) {
	templates, err := ReadTemplates("", true)
	if err != nil {
		t.Fatal(err)
	}
	s := Service{Templates: templates}
	at := time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)
	closing := News{Hint: "四小时内截止", Fields: map[string]string{"title": strings.Repeat(`"`, 500), "closes": Instant(at)}}
	m := &model.Tiding{Kind: "motion_closing_4h", AboutID: "m1", At: at, PushFields: closing.fields()}
	template, _ := s.templateOf(m.Kind)
	data := template.fill(m)
	if data["time2"] != "2026年11月2日 12:00" || data["phrase3"] != "未投票" || data["thing4"] != "四小时内截止" || utf8.RuneCountInString(data["thing1"]) != 20 ||
		template.pageOf(m) != "pages/motion/detail?id=m1" || len(data) != len(template.Fields) {
		t.Errorf("%v on %s", data, template.pageOf(m))
	}
	other, _ := s.templateOf("complaint_progress")
	if data = other.fill(&model.Tiding{At: at, PushFields: "{"}); data["thing1"] != usualHint || other.pageOf(m) != pageOfInbox {
		t.Errorf("%v on %s", data, other.pageOf(m))
	}
}

func TestSettingsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, text := range []string{`{`, `{"notice":{"id":"","fields":{"text":"thing1"}}}`, `{"notice":{"id":"a"}}`, `{"notice":{"id":"a","fields":{"text":"thing"}}}`} {
		if _, err := ReadTemplates(text, false); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
	if none, err := ReadTemplates("", false); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	for _, text := range []string{"22", "22-", "a-8", "22-24", "-1-8"} {
		if _, err := ReadQuiet(text, false); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
	for _, c := range []struct {
		text    string
		standIn bool
		hour    int
		quiet   bool
	}{{"", false, 22, true}, {"", false, 21, false}, {"", false, 7, true}, {"", false, 8, false}, {"", true, 23, false}, {"none", false, 23, false}, {"1-5", true, 4, true}, {"1-5", true, 5, false}, {"1-5", true, 0, false}} {
		q, err := ReadQuiet(c.text, c.standIn)
		if at := time.Date(2026, 11, 2, c.hour-8+24, 0, 0, 0, time.UTC); err != nil || q.Holds(at) != c.quiet {
			t.Errorf("%q at %d: %v, %v", c.text, c.hour, q.Holds(at), err)
		}
	}
}
