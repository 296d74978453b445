package roster

import (
	"cmp"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

const (
	templateSheet = "房屋及产权人"
	notesSheet    = "填写说明"
	templateRows  = 5000 // that the lists to choose from reach
)

// A templateColumn is one column of the template, its width in characters and
// what may be chosen in it.
type templateColumn struct {
	name    string
	width   float64
	choices []string
}

var templateColumns = []templateColumn{
	{name: "社区", width: 14}, {name: "小区名称", width: 18}, {name: "楼栋", width: 8}, {name: "单元", width: 8},
	{name: "楼层", width: 8}, {name: "房号", width: 10},
	{name: "房屋用途", width: 12, choices: []string{"住宅", "商住", "商铺", "办公", "车位", "储藏室", "其他"}},
	{name: "专有部分面积（㎡）", width: 20},
	{name: "面积来源", width: 12, choices: []string{"登记", "实测", "合同", "申报"}},
	{name: "不动产权证号", width: 40}, {name: "产权人", width: 24}, {name: "证件号码", width: 44}, {name: "联系电话", width: 26},
	{name: "产权性质", width: 16, choices: []string{"私有", "单位产权", "建设单位未售", "已售未交付", "其他"}},
	{name: "建成年份", width: 12}, {name: "备注", width: 20},
}

// The examples use the sample numbers of GB 11643 and GB 32100 themselves.
var templateExamples = [][]string{
	{"示例社区", "示例小区", "1栋", "1单元", "1", "101", "住宅", "80.50", "登记", "黔（2021）金沙县不动产权第0000001号", "张某某", "11010519491231002X", "19900000001", "私有", "1996", "示例，请删除"},
	{"示例社区", "示例小区", "1栋", "1单元", "1", "102", "住宅", "92.36", "实测", "", "李某某、王某某", "440524188001010014、11010519491231002X", "19900000002、0857-7230000", "私有", "1996", "共有人用顿号隔开"},
	{"示例社区", "示例小区", "1栋", "", "1", "商铺1", "商铺", "45.00", "合同", "", "示例有限公司", "91350100M000100Y43", "0857-7230000", "单位产权", "1996", "没有单元的可以不填"},
}

var templateNotes = []string{
	"一、一套房屋（一个专有部分）填一行，不要改动列名；示例三行请删除。",
	"二、楼栋、单元、房号按门牌填写。同一套房屋出现两次时，后一行不计入。",
	"三、专有部分面积以平方米为单位，最多两位小数。依次按不动产登记、测绘机构实测、买卖合同填写，并在面积来源中选择。",
	"四、产权人填写不动产登记簿上的权利人。几人共有的，姓名之间、证件号码之间用顿号隔开，次序一致，个数相同。",
	"五、证件号码填写身份证号；单位填写统一社会信用代码。暂时没有的可以不填。",
	"六、楼层按实际填写，地下一层填 -1，跃层填 5-6。不要按房号推算。",
	"七、建设单位尚未出售的填“建设单位未售”，已经出售尚未交付的填“已售未交付”。",
	"八、文件包含个人信息，请按规定保管，不要通过公共网络传送。",
}

// Template writes an empty list to fill in: the columns that the importer
// knows, made-up example rows, lists to choose from, and a second sheet of
// notes. It can be imported as it is.
func Template(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() { err = cmp.Or(err, f.Close()) }()
	for _, step := range []func(*excelize.File) error{templateList, templateChoices, templateExplain} {
		if err := step(f); err != nil {
			return fmt.Errorf("make the template: %w", err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	return nil
}

func templateList(f *excelize.File) error {
	if err := f.SetSheetName("Sheet1", templateSheet); err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49}) // numbers stay as they are typed
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}})
	if err != nil {
		return err
	}
	var names []string
	for i, c := range templateColumns {
		names = append(names, c.name)
		if err := cmp.Or(f.SetColWidth(templateSheet, letters(i), letters(i), c.width), f.SetColStyle(templateSheet, letters(i), text)); err != nil {
			return err
		}
	}
	for i, row := range append([][]string{names}, templateExamples...) {
		if err := f.SetSheetRow(templateSheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	last := letters(len(templateColumns) - 1)
	return cmp.Or(
		f.SetCellStyle(templateSheet, "A1", last+"1", head),
		f.SetCellStyle(templateSheet, "A2", fmt.Sprintf("%s%d", last, len(templateExamples)+1), text),
		f.SetPanes(templateSheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
	)
}

func templateChoices(f *excelize.File) error {
	for i, c := range templateColumns {
		if len(c.choices) == 0 {
			continue
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(fmt.Sprintf("%s2:%s%d", letters(i), letters(i), templateRows))
		if err := v.SetDropList(c.choices); err != nil {
			return err
		}
		if err := f.AddDataValidation(templateSheet, v); err != nil {
			return err
		}
	}
	return nil
}

func templateExplain(f *excelize.File) error {
	if _, err := f.NewSheet(notesSheet); err != nil {
		return err
	}
	for i, note := range templateNotes {
		if err := f.SetCellStr(notesSheet, fmt.Sprintf("A%d", i+1), note); err != nil {
			return err
		}
	}
	return f.SetColWidth(notesSheet, "A", "A", 110)
}
