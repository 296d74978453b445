package roster

import "slices"

// A Code says what is wrong with a row or a column, for programs.
type Code string

// Errors. A row has one of them at most: the two that leave it out before the
// others, and these in the order in which they stand here.
const (
	RoomMissing       Code = "room_missing"       // no room: the row names no home
	DuplicateProperty Code = "duplicate_property" // the later of two rows for one home
	AreaMissing       Code = "area_missing"
	AreaInvalid       Code = "area_invalid" // no number, or more than two decimals
	AreaNotPositive   Code = "area_not_positive"
	OwnerMissing      Code = "owner_missing"
	IDNumberInvalid   Code = "id_number_invalid" // keeps neither GB 11643 nor GB 32100
	OwnerIDMismatch   Code = "owner_id_mismatch" // names and numbers differ in count
)

// Warnings. They never stop a row.
const (
	PhoneInvalid           Code = "phone_invalid"
	BuiltYearOutOfScope    Code = "built_year_out_of_scope"
	ColumnUnknown          Code = "column_unknown"
	OwnerFromHouseholdHead Code = "owner_from_household_head" // 户主 is not 产权人
	AreaKindMixed          Code = "area_kind_mixed"           // 建筑面积 beside 专有部分面积 or 套内面积
	AreaSourceMissing      Code = "area_source_missing"       // once a file: no row says 登记, 实测 or 合同
)

var messages = map[Code]string{
	RoomMissing:            "房号没有填写，本行没有计入",
	DuplicateProperty:      "与前面的一行是同一套房屋，本行没有计入",
	AreaMissing:            "面积没有填写",
	AreaInvalid:            "面积不是数字，或者小数超过两位",
	AreaNotPositive:        "面积应当大于零",
	OwnerMissing:           "产权人没有填写",
	IDNumberInvalid:        "证件号码有误：位数、出生日期或者校验码不符",
	OwnerIDMismatch:        "产权人与证件号码的个数不一致",
	PhoneInvalid:           "联系电话不是有效的手机或者固定电话号码",
	BuiltYearOutOfScope:    "建成年份晚于改造范围，请核实",
	ColumnUnknown:          "不认识这一列的列名，这一列没有导入",
	OwnerFromHouseholdHead: "这一列是户主或住户，不一定是产权人，请核对",
	AreaKindMixed:          "面积的口径不一致（专有部分面积、建筑面积、套内面积），请核对",
	AreaSourceMissing:      "没有写明面积来源（登记、实测、合同），请补充",
}

// LeavesOut reports whether a row with this error names no home of its own, so
// that it cannot even be stored as incomplete.
func (c Code) LeavesOut() bool { return c == RoomMissing || c == DuplicateProperty }

var warnings = []Code{PhoneInvalid, BuiltYearOutOfScope, ColumnUnknown, OwnerFromHouseholdHead, AreaKindMixed, AreaSourceMissing}

// stops reports whether the code is an error and not a warning.
func (c Code) stops() bool { return !slices.Contains(warnings, c) }

// Message is the sentence for the person; it holds no content of any cell.
func (c Code) Message() string { return messages[c] }

// A Finding is one error or warning at its place in the workbook. Row is the
// spreadsheet's own number from 1, Column its letters, empty where the sheet
// has no such column.
type Finding struct {
	Sheet   string
	Row     int
	Column  string
	Code    Code
	Message string
}
