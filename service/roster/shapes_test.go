package roster

import (
	"fmt"
	"testing"
)

// Every office keeps its list in another shape. Each case is a workbook, the
// homes that are in it, and what is found wrong.
func TestListsOfEveryShape(t *testing.T) {
	for _, c := range []struct {
		name     string
		tabs     []tab
		homes    string
		errors   string
		warnings string // area_source_missing left out
	}{
		{
			name: "other names in another order, numbers as numbers",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"业主姓名*", "手机号", "建筑面积(m²)", "房间号", "单元号", "栋 号", "身份证号\n（必填）", "序号"},
				{"张三", 19900000001, 80.5, 101, 1, 1, person(1), 1},
				{"李四", 19900000002, 1234.5, 1201, 2, 12, person(2), 2},
			}}},
			homes: lines("金园小区 1栋1单元101 80.50 张三", "金园小区 12栋2单元1201 1234.50 李四"),
		},
		{
			name: "the whole label in the room's column",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"房号", "产权人", "面积"},
				{"1栋1单元101", "张三", 80}, {"1-1-102", "李四", 80}, {"2-201", "王五", 80}, {"一栋一单元一〇三室", "赵六", 80}, {"1幢1单元101号", "钱七", 80},
			}}},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 1栋1单元102 80.00 李四", "金园小区 2栋201 80.00 王五",
				"金园小区 1栋1单元103 80.00 赵六", "金园小区 1栋1单元101 80.00 钱七"),
			errors: "A6 duplicate_property",
		},
		{
			name: "an address instead of a room",
			tabs: []tab{{name: "业主名单", rows: [][]any{
				{"金沙县鼓场街道新城社区金园小区业主名册"},
				{"权利人", "坐落", "建筑面积"},
				{"张三", "文化路15号金园小区1栋1单元101", 80},
			}}},
			homes: "金园小区 1栋1单元101 80.00 张三",
		},
		{
			name: "merged cells for estate, building, stairwell and owner",
			tabs: []tab{{name: "表1", rows: [][]any{
				{"房屋信息表", "", "", "", "", ""},
				{"小区", "楼栋", "单元", "房号", "产权人", "面积"},
				{"金园小区", "1栋", "1单元", "101", "张三", "80"},
				{"", "", "", "102", "", "81"},
				{"", "", "2单元", "101", "李四", "82"},
				{"", "2栋", "", "101", "王五", "83"},
			}, merged: []string{"A1:F1", "A3:A6", "B3:B5", "C3:C4", "E3:E4"}}},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 1栋1单元102 81.00 张三", "金园小区 1栋2单元101 82.00 李四", "金园小区 2栋101 83.00 王五"),
		},
		{
			name: "co-owners below each other beside merged cells of their home",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "房号", "面积", "产权人", "证件号码"},
				{"1栋", "101", "80", "张三", person(1)},
				{"", "", "", "李四", person(2)},
				{"1栋", "102", "80", "王五", person(3)},
			}, merged: []string{"A2:A3", "B2:B3", "C2:C3"}}},
			homes: lines("金园小区 1栋101 80.00 张三;李四", "金园小区 1栋102 80.00 王五"),
		},
		{
			name: "a header of two rows",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"业主信息登记表"},
				{"序号", "房屋信息", "", "", "产权人", "", "", "面积（㎡）", "", "承租人", ""},
				{"", "楼栋", "单元", "房号", "姓名", "证件号码", "联系电话", "建筑面积", "套内面积", "姓名", "电话"},
				{"1", "1", "1", "101", "张三", person(1), "19900000001", "80", "70", "李四", "1"},
			}, merged: []string{"A1:K1", "A2:A3", "B2:D2", "E2:G2", "H2:I2", "J2:K2"}}},
			homes:    "金园小区 1栋1单元101 80.00 张三",
			warnings: lines("J3 column_unknown", "K3 column_unknown", "H3 area_kind_mixed"),
		},
		{
			name: "a header of two rows without merged cells",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "单元", "房号", "面积", "产权人信息", "", ""},
				{"", "", "", "", "姓名", "身份证号", "电话"},
				{"1", "1", "101", "80", "张三", person(1), "19900000001"},
			}}},
			homes: "金园小区 1栋1单元101 80.00 张三",
		},
		{
			name: "a co-owners' column",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "房号", "面积", "产权人", "共有人", "产权人身份证号", "共有人身份证号"},
				{"1", "101", "80", "张三", "李四", person(1), person(2)},
				{"1", "102", "80", "王五", "", person(3), ""},
			}}},
			homes: lines("金园小区 1栋101 80.00 张三;李四", "金园小区 1栋102 80.00 王五"),
		},
		{
			name: "totals, signatures, page headings and lines to be filled in",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"序号", "楼栋", "单元", "房号", "面积", "产权人"},
				{"1", "2", "3", "4", "5", "6"},
				{"1", "1栋", "1单元", "101", "80", "张三"},
				{},
				{"", "1栋小计", "", "", "80", ""},
				{"金园小区业主名册"},
				{"序号", "楼栋", "单元", "房号", "面积", "产权人"},
				{"2", "1栋", "1单元", "102", "80", "李四"},
				{"3", "1栋", "1单元", "", "", ""},
				{"合 计", "", "", "2户", "160", ""},
				{"", "", "", "", "160", ""},
				{"总计：", "", "", "", "160"},
				{"注：面积以产权证为准"},
				{"制表人：王某", "", "", "审核人：赵某", "", "2024年5月"},
			}, merged: []string{"A6:F6"}}},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 1栋1单元102 80.00 李四"),
		},
		{
			name: "a second table with its columns in another order",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "房号", "面积", "产权人"}, {"1", "101", "80", "张三"},
				{"产权人", "面积", "房号", "楼栋"}, {"李四", "81", "102", "1"},
			}}},
			homes: lines("金园小区 1栋101 80.00 张三", "金园小区 1栋102 81.00 李四"),
		},
		{
			name: "buildings and stairwells written once",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "单元", "房号", "用途", "面积", "产权人"},
				{"1栋", "1单元", "101", "住宅", "80", "张三"},
				{"", "", "102", "", "80", "李四"},
				{"", "2单元", "101", "住宅", "80", "王五"},
				{"", "", "商铺1", "商铺", "80", "赵六"},
				{"2栋", "", "101", "住宅", "80", "钱七"},
				{"", "", "车位1", "车位", "12", "孙八"},
			}}},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 1栋1单元102 80.00 李四", "金园小区 1栋2单元101 80.00 王五",
				"金园小区 1栋商铺1 80.00 赵六", "金园小区 2栋101 80.00 钱七", "金园小区 车位1 12.00 孙八"),
		},
		{
			name: "a cell left empty where every line says its building",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "单元", "房号", "面积", "产权人"},
				{"1栋", "1单元", "101", "80", "张三"}, {"1栋", "1单元", "102", "80", "李四"}, {"1栋", "", "103", "80", "王五"}, {"", "", "104", "80", "赵六"},
			}}},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 1栋1单元102 80.00 李四", "金园小区 1栋103 80.00 王五", "金园小区 104 80.00 赵六"),
		},
		{
			name: "a line above each building",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"房号", "面积", "产权人"},
				{"1栋"}, {"101", "80", "张三"}, {"102", "80", "李四"},
				{"2号楼一单元", "", ""}, {"101", "80", "王五"},
			}, merged: []string{"A2:C2", "A5:C5"}}},
			homes: lines("金园小区 1栋101 80.00 张三", "金园小区 1栋102 80.00 李四", "金园小区 2栋1单元101 80.00 王五"),
		},
		{
			name: "a sheet for each building, the estate in a line above",
			tabs: []tab{
				{name: "1栋", rows: [][]any{{"小区名称：金园小区", "", "社区：新城社区"}, {"单元", "房号", "面积", "产权人"}, {"1", "101", "80", "张三"}}},
				{name: "2号楼", rows: [][]any{{"小区名称：", "金园小区"}, {"单元", "房号", "面积", "产权人"}, {"1", "101", "80", "李四"}}},
			},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 2栋1单元101 80.00 李四"),
		},
		{
			name: "a summary, a note and hidden and empty sheets beside the list",
			tabs: []tab{
				{name: "填表说明", rows: [][]any{{"一、请如实填写"}, {"房号", "填写门牌"}}},
				{name: "汇总", rows: [][]any{{"小区", "楼栋", "户数", "面积"}, {"金园小区", "1栋", "2", "160"}}},
				{name: "空"},
				{name: "旧", hidden: true, rows: [][]any{{"房号", "面积", "产权人"}, {"901", "80", "张三"}}},
				{name: "Sheet1", rows: [][]any{{"金园小区房屋及产权人信息表"}, {"房号", "面积", "产权人"}, {"101", "80", "张三"}}},
			},
			homes: "金园小区 101 80.00 张三",
		},
		{
			name: "a missing area column and a missing owner column",
			tabs: []tab{
				{name: "甲院", rows: [][]any{{"楼栋", "房号", "产权人"}, {"1", "101", "张三"}}},
				{name: "乙院", rows: [][]any{{"楼栋", "房号", "面积"}, {"1", "101", "80"}}},
			},
			homes:  lines("甲院 1栋101 张三", "乙院 1栋101 80.00"),
			errors: lines("2 area_missing", "2 owner_missing"),
		},
		{
			name: "a list of rooms that one merged area covers",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "房号", "面积", "产权人"}, {"1", "101", "80", "张三"}, {"1", "201", "", "李四"},
			}, merged: []string{"C2:C3"}}},
			homes: lines("金园小区 1栋101 80.00 张三", "金园小区 1栋201 80.00 李四"),
		},
		{
			name:  "the header far down",
			tabs:  []tab{{name: "金园小区", rows: append(wordy(50), []any{"楼栋", "房号", "面积", "产权人"}, []any{"1", "101", "80", "张三"})}},
			homes: "金园小区 1栋101 80.00 张三",
		},
		{
			name: "merged cells for some buildings, written once for others",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "单元", "房号", "面积", "产权人"},
				{"1栋", "1单元", "101", "80", "张三"}, {"", "", "102", "80", "李四"}, {"2栋", "1单元", "101", "80", "王五"}, {"", "", "102", "80", "赵六"},
				{"", "", "2单元102", "80", "钱七"},
			}, merged: []string{"A2:A3", "B2:B3"}}},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 1栋1单元102 80.00 李四", "金园小区 2栋1单元101 80.00 王五",
				"金园小区 2栋1单元102 80.00 赵六", "金园小区 2栋2单元102 80.00 钱七"),
		},
		{
			name: "a whole label under one joined heading, other people's telephones beside",
			tabs: []tab{
				{name: "楼栋长", rows: [][]any{{"楼栋", "姓名", "联系电话"}, {"1栋", "孙八", "19900000001"}}},
				{name: "金园小区1栋", rows: [][]any{{"单元-房号", "产权人/业主", "建筑面积/㎡"}, {"1单元-101", "张三", "80"}, {"2-201", "李四", "80㎡"}}},
			},
			homes: lines("金园小区 1栋1单元101 80.00 张三", "金园小区 1栋2单元201 80.00 李四"),
		},
		{
			name: "estate and community written once",
			tabs: []tab{{name: "Sheet1", rows: [][]any{
				{"所属社区", "小区", "楼栋", "房号", "面积", "业主"},
				{"新城社区", "A区小区", "1", "101", "80", "张三"}, {"", "", "1", "102", "80", "李四"},
				{"", "金园小区", "1", "101", "80", "王五"}, {"", "", "1", "102", "80", "张小计"},
			}}},
			homes: lines("A区小区 1栋101 80.00 张三", "A区小区 1栋102 80.00 李四", "金园小区 1栋101 80.00 王五", "金园小区 1栋102 80.00 张小计"),
		},
		{
			name: "headings with stars, notes and line breaks, values with spaces and full-width digits",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"*楼 栋（必填）", "单元号:", "房号\n(如101)", "专有部分面积(平方米)*", "业主 姓名", "身份证号码\n/统一社会信用代码", "联系电话（手机）"},
				{" １栋 ", "　１单元", " １０１ ", " ８０．５０ ㎡ ", " 张 三 ", " " + person(1) + " ", "１９９０００００００１"},
			}}},
			homes: "金园小区 1栋1单元101 80.50 张三",
		},
		{
			name: "the same column twice",
			tabs: []tab{{name: "金园小区", rows: [][]any{
				{"楼栋", "房号", "面积", "产权人", "联系电话1", "联系电话2", "房号"}, {"1", "101", "80", "张三", "19900000001", "19900000002", "102"},
			}}},
			homes:    "金园小区 1栋101 80.00 张三",
			warnings: "G1 column_unknown",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, report := read(t, workbookOf(t, c.tabs...))
			if got := homes(rows); got != c.homes {
				t.Errorf("homes\n%s\nwant\n%s", got, c.homes)
			}
			if got := short(report.Errors); got != c.errors {
				t.Errorf("errors\n%s\nwant\n%s", got, c.errors)
			}
			last := len(report.Warnings) - 1
			if last < 0 || report.Warnings[last].Code != AreaSourceMissing {
				t.Fatalf("no source of areas is told last: %s", short(report.Warnings))
			}
			if got := short(report.Warnings[:last]); got != c.warnings {
				t.Errorf("warnings\n%s\nwant\n%s", got, c.warnings)
			}
		})
	}
}

func wordy(n int) (rows [][]any) {
	for i := range n {
		rows = append(rows, []any{fmt.Sprintf("说明%d", i)})
	}
	return rows
}

func TestTheEstateIsNamedByWhateverSaysIt(t *testing.T) {
	for _, c := range []struct{ title, sheet, file, estate, community string }{
		{"", "金园小区", "", "金园小区", ""},
		{"", "金园小区业主名册", "", "金园小区", ""},
		{"", "A区小区", "", "A区小区", ""},
		{"", "金园小区1栋", "", "金园小区", ""},
		{"", "新城社区金园小区", "", "金园小区", "新城社区"},
		{"金沙县鼓场街道老旧小区房屋及产权人信息表（粮食局家属院）", "Sheet1", "", "粮食局家属院", ""},
		{"金沙县鼓场街道新城社区金园小区业主名册", "Sheet1", "", "金园小区", "新城社区"},
		{"金园小区房屋信息登记表（2024年）", "工作表1", "", "金园小区", ""},
		{"金沙县鼓场街道老旧小区房屋及产权人信息表", "Sheet2", "上传/金园小区业主名单.xlsx", "金园小区", ""},
		{"小区名称：金园小区 一期   社区：新城社区", "河滨", "", "金园小区", "新城社区"},
		{"金沙县鼓场街道老旧小区房屋及产权人信息表", "业主名单", "", "业主名单", ""},
		{"业主名册", "Sheet1", "1.xlsx", "Sheet1", ""},
	} {
		got := nameFrom([]line{{number: 1, own: []string{c.title}}}, c.sheet, c.file)
		if got.estate != c.estate || got.community != c.community {
			t.Errorf("%q in %q of %q: estate %q, community %q", c.title, c.sheet, c.file, got.estate, got.community)
		}
	}
}
