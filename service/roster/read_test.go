package roster

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
)

func TestASoundLineIsReadWhole(t *testing.T) {
	file := workbookOf(t, tab{name: "一期", rows: [][]any{
		{"金沙县鼓场街道业主名册"}, header,
		home("101室", map[int]any{3: "一单元", 9: "张三、某某公司", 10: strings.ToLower(person(1)) + "、" + company, 11: "199 0000 0001、0857-7230000、7230001"}),
	}})
	rows, report := read(t, file)
	one, area, year := 1, quantity.Area(8050), 1996
	want := []Row{{
		Sheet: "一期", Number: 3, Community: "新城社区", Estate: "金园小区", Building: "1栋", Unit: "1单元", Room: "101",
		Printed: rule.Home{Building: "1栋", Unit: "一单元", Room: "101室"}, Floor: &one, FloorLabel: "1",
		Use: rule.Residential, Area: &area, AreaSource: rule.Registry, Tenure: rule.Private, BuiltYear: &year,
		Owners: []Owner{
			{Kind: rule.Person, Name: "张三", Document: person(1), DocumentSound: true, Phone: "19900000001"},
			{Kind: rule.Organisation, Name: "某某公司", Document: company, DocumentSound: true, Phone: "08577230000"},
		},
		SparePhones: []string{"7230001"}, Key: "1栋/1单元/101",
	}}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	if report.Rows != 1 || report.Valid != 1 || len(report.Errors)+len(report.Warnings) > 0 {
		t.Errorf("%+v", report)
	}
	if d := cmp.Diff([]Figures{{Community: "新城社区", Estate: "金园小区", Properties: 1, Area: 8050}}, report.Estates); d != "" {
		t.Error(d)
	}
}

func TestEveryErrorOfARow(t *testing.T) {
	for _, c := range []struct {
		name   string
		change map[int]any
		code   Code
		column string
	}{
		{"nothing wrong", nil, "", ""},
		{"no area", map[int]any{7: ""}, AreaMissing, "H"},
		{"a dash for an area", map[int]any{7: "—"}, AreaMissing, "H"},
		{"words for an area", map[int]any{7: "约80"}, AreaInvalid, "H"},
		{"three decimals", map[int]any{7: "80.555"}, AreaInvalid, "H"},
		{"three decimals as a number", map[int]any{7: 80.555}, AreaInvalid, "H"},
		{"noise of a binary fraction", map[int]any{7: 104.93999999999999}, "", ""},
		{"zero", map[int]any{7: 0}, AreaNotPositive, "H"},
		{"below zero", map[int]any{7: "-80.50㎡"}, AreaNotPositive, "H"},
		{"no lower bound", map[int]any{7: "0.01"}, "", ""},
		{"no owner", map[int]any{9: ""}, OwnerMissing, "J"},
		{"an owner not known", map[int]any{9: "不详"}, OwnerMissing, "J"},
		{"a wrong check character", map[int]any{10: person(1)[:17] + "A"}, IDNumberInvalid, "K"},
		{"a number kept as a binary fraction", map[int]any{10: 5.22424196001010e17}, IDNumberInvalid, "K"},
		{"fifteen digits", map[int]any{10: "522424600101001"}, IDNumberInvalid, "K"},
		{"no number is no error", map[int]any{10: ""}, "", ""},
		{"no number for two is no error", map[int]any{9: "张三、李四", 10: ""}, "", ""},
		{"two owners, one number", map[int]any{9: "张三、李四"}, OwnerIDMismatch, "K"},
		{"one owner, two numbers", map[int]any{10: person(1) + "、" + person(2)}, OwnerIDMismatch, "K"},
		{"an unsound number goes before the count", map[int]any{9: "张三、李四", 10: "123"}, IDNumberInvalid, "K"},
		{"no room goes before all", map[int]any{5: "", 7: "", 9: ""}, RoomMissing, "F"},
		{"the area goes before the owner", map[int]any{7: "-1", 9: "", 10: "1"}, AreaNotPositive, "H"},
		{"no phone is no error", map[int]any{11: ""}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, report := read(t, workbookOf(t, tab{name: "金园小区", rows: [][]any{header, home("101", c.change)}}))
			if report.Rows != 1 || len(rows) != 1 || len(report.Warnings) > 0 {
				t.Fatalf("%d rows, warnings %s", report.Rows, short(report.Warnings))
			}
			if c.code == "" {
				if !rows[0].Sound() || report.Valid != 1 || len(report.Errors) > 0 {
					t.Errorf("found %s", short(report.Errors))
				}
				return
			}
			want := Finding{Sheet: "金园小区", Row: 2, Column: c.column, Code: c.code, Message: c.code.Message()}
			if d := cmp.Diff([]Finding{want}, report.Errors); d != "" || *rows[0].Finding != want {
				t.Error(d)
			}
			if rows[0].Incomplete() == c.code.LeavesOut() || report.Incomplete == 1 == c.code.LeavesOut() {
				t.Error("only a row without a room is left out")
			}
		})
	}
}

func TestTheSecondRowForAHomeIsLeftOut(t *testing.T) {
	file := workbookOf(t,
		tab{name: "甲", rows: [][]any{header,
			home("101", map[int]any{7: ""}),              // the first keeps the home, faulty as it is
			home("101室", map[int]any{3: "一单元", 7: "-5"}), // left out whatever else is wrong
			home("101", map[int]any{1: "河滨北苑"}),          // another estate
			home("101", map[int]any{0: "河滨社区"}),          // another community
			home("101", map[int]any{2: "2栋"}),            // another building
			home("１０１", map[int]any{2: "1幢", 7: "90"}),   // the same again
			home("", map[int]any{7: ""}), home("", nil),  // no home at all
			home("102", map[int]any{3: "", 9: "张三、李四"}),        // no stairwell, one number too few
			home("102", map[int]any{3: "1", 11: "1234567890"}), // a stairwell as a number
		}},
		tab{name: "乙", rows: [][]any{header, home("101", nil)}},
	)
	_, report := read(t, file)
	want := lines("H2 area_missing", "F3 duplicate_property", "F7 duplicate_property", "F8 room_missing", "F9 room_missing",
		"K10 owner_id_mismatch", "F2 duplicate_property")
	if got := short(report.Errors); got != want {
		t.Errorf("errors\n%s", got)
	}
	if report.Rows != 11 || report.Valid != 4 || report.Incomplete != 2 {
		t.Errorf("%d rows, %d sound, %d incomplete", report.Rows, report.Valid, report.Incomplete)
	}
}

func TestEveryWarning(t *testing.T) {
	for _, c := range []struct {
		name  string
		sheet [][]any
		want  string
	}{
		{"a phone that is none", [][]any{header, home("101", map[int]any{11: "1234"})}, "L2 phone_invalid"},
		{"built after the scope", [][]any{header, home("101", map[int]any{13: "2001年"}), home("102", map[int]any{13: 2000})}, "N2 built_year_out_of_scope"},
		{"a strange column", [][]any{append(header[:13:13], "宠物"), home("101", nil)}, "N1 column_unknown"},
		{"somebody else's name and phone", [][]any{append(header[:13:13], "承租人姓名", "承租人电话"), home("101", nil)}, "N1 column_unknown\nO1 column_unknown"},
		{"a household head", [][]any{{"", ""}, replaced(header, 9, "户主"), home("101", nil)}, "J2 owner_from_household_head"},
		{"an owner beside the household head", [][]any{replaced(header, 13, "户主"), home("101", nil)}, ""},
		{"two kinds of area", [][]any{replaced(header, 13, "套内面积"), home("101", nil)}, "H1 area_kind_mixed"},
		{"no source of the area", [][]any{{"名册"}, replaced(header, 8, "备注"), home("101", nil), home("102", nil)}, "H2 area_source_missing"},
		{"the source in the heading", [][]any{replaced(replaced(header, 8, "备注"), 7, "登记面积"), home("101", nil)}, ""},
		{"the source in one row", [][]any{header, home("101", map[int]any{8: ""}), home("102", map[int]any{8: "实测"})}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, report := read(t, workbookOf(t, tab{name: "金园小区", rows: c.sheet}))
			if got := short(report.Warnings); got != c.want {
				t.Errorf("warnings\n%s\nwant\n%s", got, c.want)
			}
			if report.Valid != report.Rows || len(rows) == 0 {
				t.Errorf("a warning stops no row: %s", short(report.Errors))
			}
			for _, f := range report.Warnings {
				if f.Message == "" || f.Sheet != "金园小区" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

func replaced(row []any, at int, with any) []any {
	row = append([]any(nil), row...)
	row[at] = with
	return row
}

func TestKindsOfAreaAreNotMixedWithinAnEstate(t *testing.T) {
	gross := replaced(header, 7, "建筑面积")
	_, report := read(t, workbookOf(t,
		tab{name: "一", rows: [][]any{header, home("101", nil)}},
		tab{name: "二", rows: [][]any{gross, home("101", map[int]any{1: "河滨北苑"})}},
		tab{name: "三", rows: [][]any{gross, home("102", nil), home("103", nil)}},
	))
	if len(report.Warnings) != 1 || report.Warnings[0].Sheet != "三" || report.Warnings[0].Code != AreaKindMixed {
		t.Errorf("%+v", report.Warnings)
	}
}

func TestSentencesForPeopleHoldNoData(t *testing.T) {
	for code, message := range messages {
		if message == "" || strings.ContainsAny(message, "0123456789%") {
			t.Errorf("%s: %s", code, message)
		}
	}
}

func TestAnErrorOfTheTakerStopsTheReading(t *testing.T) {
	file := workbookOf(t, tab{name: "金园小区", rows: [][]any{header, home("101", nil), home("102", nil)}})
	full, taken := errors.New("full"), 0
	_, err := Read(t.Context(), strings.NewReader(string(file)), int64(len(file)), Options{}, func(Row) error {
		taken++
		return full
	})
	if !errors.Is(err, full) || taken != 1 {
		t.Errorf("%v after %d", err, taken)
	}
}

func TestACancelledReadingEnds(t *testing.T) {
	rows := [][]any{header}
	for range 600 {
		rows = append(rows, home("101", nil))
	}
	file := workbookOf(t, tab{name: "金园小区", rows: rows})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Read(ctx, strings.NewReader(string(file)), int64(len(file)), Options{}, func(Row) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
