package projects

import "testing"

func TestANameIsReadUnderItsGroup(t *testing.T) {
	for _, c := range []struct{ group, name, want string }{
		{"", "项目编号", "项目编号"}, {"项目", "编号", "项目编号"}, {"基本情况", "小区名称", "小区"}, {"小区", "名称", "小区"}, {"建筑面积(m²)", "", "建筑面积(m²)"},
		{"资金来源（万元）", "中央", "中央资金(元)"}, {"资金来源", "原产权单位", "原产权单位资金(元)"}, {"基本情况", "原产权单位", "原产权单位"}, {"总投资", "合计", "总投资(元)"},
		{"到位资金", "中央", ""}, {"实际完成投资", "总投资", ""}, {"到位资金", "财政", "财政到位(元)"}, {"到位资金", "财政到位(元)", "财政到位(元)"},
		{"开工", "计划", "开工计划"}, {"开工时间", "实际", "开工实际"}, {"计划时间", "完工", "完工计划"}, {"实际", "验收日期", "验收实际"}, {"移交", "移交计划", "移交计划"},
		{"施工单位", "名称", "施工单位"}, {"参建单位", "监理单位", "监理单位"}, {"工程进度（%）", "形象进度", "形象进度(%)"}, {"坐标", "经度", "经度"}, {"其他", "备注", ""}, {"", "", ""},
	} {
		group, _ := named(c.group)
		name, _ := named(c.name)
		got := ""
		if i := columnOf(group, name); i >= 0 {
			got = columns[i].head
		}
		if got != c.want {
			t.Errorf("%s over %s is %q, want %q", c.group, c.name, got, c.want)
		}
	}
}

// TestEveryColumnIsFoundByItsOwnName reads what an export writes.
func TestEveryColumnIsFoundByItsOwnName(t *testing.T) {
	for _, part := range sections {
		for _, c := range part.columns {
			group, _ := named(part.name)
			name, _ := named(c.head)
			if i := columnOf(group, name); i < 0 || columns[i].head != c.head {
				t.Errorf("%s over %s is column %d", part.name, c.head, i)
			}
		}
	}
}

func TestTheNearerUnitCounts(t *testing.T) {
	for _, c := range []struct {
		above, group, name string
		want               int64
	}{
		{"", "", "总投资", 1}, {"单位：万元", "", "总投资", 10_000}, {"金额单位：人民币万元", "", "总投资", 10_000}, {"单位：万元", "资金来源（元）", "中央", 1},
		{"单位：元", "资金来源(万元)", "中央", 10_000}, {"", "资金来源(万元)", "居民(元)", 1}, {"施工单位：某公司", "", "总投资", 1}, {"", "", "建筑面积（万㎡）", 10_000}, {"", "", "单元数", 1},
	} {
		_, group := named(c.group)
		_, name := named(c.name)
		if got := name.under(group).under(unitOver([]string{c.above})).scale(); got != c.want {
			t.Errorf("%s, %s, %s: %d, want %d", c.above, c.group, c.name, got, c.want)
		}
	}
}
