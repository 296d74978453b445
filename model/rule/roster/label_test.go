package roster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestBuildingsHaveOneWord(t *testing.T) {
	for in, want := range map[string]string{
		"1栋": "1栋", "1": "1栋", "1.0": "1栋", "１栋": "1栋", " 1 栋 ": "1栋", "一栋": "1栋", "十二栋": "12栋",
		"二十一幢": "21栋", "1幢": "1栋", "1号楼": "1栋", "1#": "1栋", "1#楼": "1栋", "1＃": "1栋", "1号": "1栋",
		"1座": "1栋", "第1栋": "1栋", "01栋": "1栋", "10": "10栋", "A": "A栋", "a座": "A栋", "A1栋": "A1栋",
		"甲栋": "甲栋", "二期3栋": "2期3栋", "1-2栋": "1-2栋", "1甲栋": "1甲栋", "Ⅱ栋": "2栋",
		"综合楼": "综合楼", "职工宿舍": "职工宿舍", "城东楼": "城东楼", "": "", "-": "", "无": "", "/": "",
	} {
		if got := Building(in); got != want {
			t.Errorf("Building(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStairwellsHaveOneWord(t *testing.T) {
	for in, want := range map[string]string{
		"1单元": "1单元", "一单元": "1单元", "1": "1单元", "１": "1单元", "一": "1单元", "十一单元": "11单元", "单元1": "1单元",
		"1.0": "1单元", "01": "1单元", "A单元": "A单元", "b": "B单元", "甲单元": "甲单元", "东单元": "东单元", "第二单元": "2单元",
		"": "", "无": "", "/": "", "0": "", "无单元": "", "—": "",
	} {
		if got := Unit(in); got != want {
			t.Errorf("Unit(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRoomsHaveOneWord(t *testing.T) {
	for in, want := range map[string]string{
		"101": "101", "101室": "101", "１０１": "101", "101号": "101", "101房": "101", " 101 ": "101", "101.0": "101",
		"一〇一": "101", "三零二室": "302", "101a": "101A", "101甲": "101甲", "101甲室": "101甲", "商铺1": "商铺1", "商铺１": "商铺1",
		"商铺一": "商铺1", "一号门面": "1号门面", "门面1号": "门面1", "负101": "负101", "3-1": "3-1", "3—1": "3-1", "501/601": "501/601",
		"车库": "车库", "东户": "东户", "501跃": "501跃", "附1号": "附1", "": "", "-": "", "无": "",
	} {
		if got := Room(in); got != want {
			t.Errorf("Room(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAHomeIsFoundInWhateverCellsSayIt(t *testing.T) {
	for _, c := range []struct {
		building, unit, room string
		want                 Home
	}{
		{"1栋", "1单元", "101", Home{"1栋", "1单元", "101"}},
		{"1", "1", "101", Home{"1栋", "1单元", "101"}},
		{"1栋", "", "101", Home{"1栋", "", "101"}},
		{"", "", "1栋1单元101", Home{"1栋", "1单元", "101"}},
		{"", "", "一栋二单元三〇一室", Home{"1栋", "2单元", "301"}},
		{"", "", "金园小区1号楼2单元301号", Home{"1栋", "2单元", "301"}},
		{"", "", "文化路15号1栋101", Home{"1栋", "", "101"}},
		{"", "", "1#1-101", Home{"1栋", "1单元", "101"}},
		{"", "", "1#-1-101", Home{"1栋", "1单元", "101"}},
		{"", "", "A座1201", Home{"A栋", "", "1201"}},
		{"", "", "二期3栋101", Home{"2期3栋", "", "101"}},
		{"", "", "1栋1单元1楼101", Home{"1栋", "1单元", "101"}},
		{"", "", "1栋1单元1楼左", Home{"1栋", "1单元", "1楼左"}},
		{"", "", "1栋商铺2", Home{"1栋", "", "商铺2"}},
		{"", "", "1-2-301", Home{"1栋", "2单元", "301"}},
		{"", "", "１－２－３０１", Home{"1栋", "2单元", "301"}},
		{"", "", "1-2-3-1", Home{"1栋", "2单元", "3-1"}},
		{"", "", "1-101", Home{"1栋", "", "101"}},
		{"", "", "3-1", Home{"", "", "3-1"}},
		{"1栋", "", "2-301", Home{"1栋", "2单元", "301"}},
		{"1栋", "", "2单元301", Home{"1栋", "2单元", "301"}},
		{"1栋", "2单元", "2-301", Home{"1栋", "2单元", "301"}},
		{"1栋", "2单元", "1-301", Home{"1栋", "2单元", "301"}},
		{"1栋", "2单元", "1-2-301", Home{"1栋", "2单元", "301"}},
		{"1栋", "2单元", "1栋2单元301", Home{"1栋", "2单元", "301"}},
		{"1栋", "3单元", "3-1", Home{"1栋", "3单元", "3-1"}},
		{"", "2单元", "1-301", Home{"1栋", "2单元", "301"}},
		{"", "2", "301", Home{"", "2单元", "301"}},
		{"1栋2单元", "", "301", Home{"1栋", "2单元", "301"}},
		{"1栋", "1栋2单元", "301", Home{"1栋", "2单元", "301"}},
		{"", "1栋2单元", "301", Home{"1栋", "2单元", "301"}},
		{"1栋", "1单元", "", Home{"1栋", "1单元", ""}},
		{"1栋", "1单元", "/", Home{"1栋", "1单元", ""}},
		{"1栋", "1单元", "101#", Home{"1栋", "1单元", "101"}},
	} {
		if got := Place(c.building, c.unit, c.room); got != c.want {
			t.Errorf("Place(%q, %q, %q) = %v, want %v", c.building, c.unit, c.room, got, c.want)
		}
	}
}

func TestSectionLinesSayWhereTheLinesBelowAre(t *testing.T) {
	for in, want := range map[string]Home{
		"1栋": {Building: "1栋"}, "2号楼1单元": {Building: "2栋", Unit: "1单元"}, "一单元": {Unit: "1单元"},
	} {
		if got, ok := Section(in); !ok || got != want {
			t.Errorf("Section(%q) = %v, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "101", "1栋101", "金园小区房屋信息", "合计"} {
		if got, ok := Section(in); ok {
			t.Errorf("Section(%q) = %v", in, got)
		}
	}
}

func TestLabelsAreOrderedAsPeopleDo(t *testing.T) {
	got := []string{"10栋", "2栋", "1栋", "A栋", "02栋", "综合楼"}
	slices.SortStableFunc(got, func(a, b string) int {
		if SortKey(a) < SortKey(b) {
			return -1
		}
		return 1
	})
	if want := []string{"1栋", "2栋", "02栋", "10栋", "A栋", "综合楼"}; got[0] != want[0] || got[3] != want[3] || !slices.Equal(got[4:], want[4:]) {
		t.Errorf("order %v", got)
	}
}

func TestFloorsAreReadAsWritten(t *testing.T) {
	for in, want := range map[string]int{
		"3": 3, "3层": 3, "三楼": 3, "5F": 5, "F5": 5, "3.0": 3, "负1": -1, "-1": -1, "B1": -1, "负一层": -1, "地下一层": -1, "－１": -1,
		"2/7": 2, "5-6": 5, "5、6": 5, "5至6层": 5, "5-6跃层": 5, "6跃7": 6, "6（跃层）": 6, "十二层": 12, "第3层": 3, "底层": 1,
		"1层商铺": 1, "６": 6, "200": 200, "0": 0, "3楼东": 3, "-1/6": -1,
	} {
		if got, ok := Floor(in); !ok || got != want {
			t.Errorf("Floor(%q) = %d, %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "顶层", "架空层", "吊一层", "夹层", "平街层", "3.5", "1层夹层", "九九九九九九九"} {
		if got, ok := Floor(in); ok {
			t.Errorf("Floor(%q) = %d", in, got)
		}
	}
}

func TestANormalLabelStaysAsItIs(t *testing.T) {
	core := rapid.StringMatching(`[A-Z]?[1-9][0-9]{0,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[A-D甲乙丙]`)
	rapid.Check(t, func(t *rapid.T) {
		c := core.Draw(t, "core")
		b := Building(c + rapid.SampledFrom([]string{"", "栋", "幢", "号楼", "#", "#楼", "座", "号"}).Draw(t, "building"))
		u := Unit(c + rapid.SampledFrom([]string{"", "单元", "号单元"}).Draw(t, "unit"))
		r := Room(c + rapid.SampledFrom([]string{"", "室", "号", "房", "号室"}).Draw(t, "room"))
		if b != Building(c) || u != Unit(c) || r != Room(c) {
			t.Fatalf("%s has more than one word: %s %s %s", c, b, u, r)
		}
		whole := Home{Building: b, Unit: u, Room: r}
		if Place(b, u, r) != whole {
			t.Fatalf("%v is read as %v", whole, Place(b, u, r))
		}
		if r[0] >= '0' && r[0] <= '9' && len(r) == 3 && Place("", "", b+u+r) != whole {
			t.Fatalf("%v in one cell is read as %v", whole, Place("", "", b+u+r))
		}
	})
}
