package document

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func made(t *testing.T, write func(*sheet)) [][]placed {
	t.Helper()
	s, err := newSheet("试印")
	if err != nil {
		t.Fatal(err)
	}
	write(s)
	var file bytes.Buffer
	if err := s.finish(&file); err != nil {
		t.Fatal(err)
	}
	return read(t, file.Bytes())
}

func TestALongTableRepeatsItsHeadAndLosesNoRow(t *testing.T) {
	columns := []column{{"房号", 1, centred}, {"说明", 3, flushLeft}}
	var rows [][]string
	for i := range 300 {
		rows = append(rows, []string{fmt.Sprintf("R%03d", i), strings.Repeat("已入户", i%40)})
	}
	pages := made(t, func(s *sheet) { s.table(table{columns, rows}) })
	keepsMargins(t, pages)
	if len(pages) < 8 {
		t.Fatalf("only %d pages", len(pages))
	}
	text := body(pages)
	if got := strings.Count(text, "房号"); got != len(pages) {
		t.Errorf("the head stands %d times on %d pages", got, len(pages))
	}
	for i, row := range rows {
		if !strings.Contains(text, row[0]) {
			t.Errorf("row %d is lost", i)
		}
	}
	if want := strings.Count(fmt.Sprint(rows), "已入户"); strings.Count(text, "已入户") < want*9/10 || strings.Count(text, "户") != want {
		t.Error("a cell is cut")
	}
}

func TestBoxesAreDrawnAmongText(t *testing.T) {
	pages := made(t, func(s *sheet) { s.paragraph("☑同意　☐反对　☒弃权") })
	if got := body(pages); got != "同意反对弃权" {
		t.Errorf("printed %q", got)
	}
	if missing, err := Missing("☑同意☐"); err != nil || len(missing) != 0 {
		t.Errorf("boxes count as missing: %q, %v", missing, err)
	}
}

func TestMissingNamesWhatTheFontLacks(t *testing.T) {
	for text, want := range map[string]string{
		"𬬭㛃䶮㎡≥½①〓":            "",
		"𠮷田与𠮷野😀":              "𠮷😀",
		"零\u200b宽\ufe0f\n\t ": "",
		"\x00\x1b":            "",
	} {
		got, err := Missing(text)
		if err != nil || string(got) != want {
			t.Errorf("of %q are missing %q, %v; want %q", text, string(got), err, want)
		}
	}
}

func TestCharactersOfNamesAndOfficeAreInTheFont(t *testing.T) {
	face, err := loadFace()
	if err != nil {
		t.Fatal(err)
	}
	lacking := 0
	for r := rune(0x3400); r <= 0x9fff; r++ {
		if !face.has(r) {
			lacking++
		}
	}
	if lacking > 100 {
		t.Errorf("%d of the characters of the basic plane are lacking", lacking)
	}
	for _, r := range "，。、；：？！（）《》「」『』【】〔〕“”‘’…—～·％‰℃㎡㎥①⑩⑳〇〓□■√×÷≥≤½¼²" {
		if !face.has(r) {
			t.Errorf("%c is lacking", r)
		}
	}
}

func TestLinesBreakAsChineseDoes(t *testing.T) {
	m := measure{width: 5, of: func(r rune) float64 {
		if r < 0x80 {
			return 0.5
		}
		return 1
	}}
	comma := m
	comma.separator = '、'
	for _, c := range []struct {
		name, text string
		m          measure
		want       []string
	}{
		{"no line begins with a comma", "一二三四五，六", m, []string{"一二三四", "五，六"}},
		{"no line ends with an opening quote", "一二三四「五」", m, []string{"一二三四", "「五」"}},
		{"a number stays whole with its unit", "面积为1280.8㎡整", m, []string{"面积为", "1280.8㎡整"}},
		{"a word longer than a line is torn", "0123456789abcdef", m, []string{"0123456789", "abcdef"}},
		{"blanks at a break go", "one two three", m, []string{"one two", "three"}},
		{"only marks of which none may begin a line", "。。。。。。。", m, []string{"。。。。。", "。。"}},
		{"each newline begins a paragraph", "一\n\n二", m, []string{"一", "", "二"}},
		{"labels are not torn", "甲一、乙二三、丙", comma, []string{"甲一、", "乙二三、丙"}},
	} {
		var got []string
		for _, l := range c.m.wrap(c.text) {
			got = append(got, l.text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
}

func TestWrappingKeepsEveryCharacterWithinTheMeasure(t *testing.T) {
	letters := []rune("一二三，。「」（）abc019-. \n、%㎡")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.SampledFrom(letters)).Draw(t, "text"))
		m := measure{width: float64(rapid.IntRange(1, 12).Draw(t, "width")), of: func(rune) float64 { return 1 }}
		m.indent = float64(rapid.IntRange(0, 3).Draw(t, "indent"))
		var joined strings.Builder
		for _, l := range m.wrap(text) {
			joined.WriteString(l.text)
			if n := len([]rune(l.text)); n > max(1, int(m.width)) {
				t.Fatalf("%q is longer than %v", l.text, m.width)
			}
		}
		if squeeze(joined.String()) != squeeze(text) {
			t.Fatalf("%q became %q", text, joined.String())
		}
	})
}

func TestNamesThatFillMoreThanAPageAreRefused(t *testing.T) {
	s, err := newSheet("试印")
	if err != nil {
		t.Fatal(err)
	}
	s.signatures(fact{"计票人", strings.Repeat("张某、", 1000)})
	if err := s.finish(&bytes.Buffer{}); !errors.Is(err, errTooTall) {
		t.Errorf("got %v", err)
	}
}

func FuzzASheetBearsAnyText(f *testing.F) {
	f.Add("加装电梯☐\t\x00\u202e𬬭\xff")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		pages := made(t, func(s *sheet) {
			s.title(text)
			s.paragraph(text)
			s.facts(breadth, fact{"事项", text})
			s.table(table{[]column{{"甲", 1, centred}, {"乙", 9, flushLeft}}, [][]string{{text, text}}})
			s.signatures(fact{"计票人", text})
			s.seal(text, "")
		})
		keepsMargins(t, pages)
	})
}
