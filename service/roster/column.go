package roster

import (
	"regexp"
	"slices"
	"strings"

	rule "gongdi/model/rule/roster"
)

// A field is what a column holds.
type field int

const (
	unknown field = iota
	serial        // 序号, and whatever else the importer itself adds
	community
	estate
	building
	unit
	floor
	room
	address // a whole label in one cell: 坐落
	use
	exclusiveArea
	grossArea
	plainArea
	innerArea
	areaSource
	certificate
	owner
	household // 户主, taken for the owner with a warning
	document
	phone
	tenure
	builtYear
	note
	fieldCount
)

// vocabulary holds the names that offices give to columns, without units,
// brackets, stars and spaces.
var vocabulary = map[field]string{
	serial:        "序号 序 编号 行号 no no. 导入问题",
	community:     "社区 所属社区 社区名称 所在社区 社区居委会 居委会 所属居委会 居委会名称 村 村居 社区/村 村/社区 社区(村)",
	estate:        "小区 小区名称 小区名 所属小区 所在小区 住宅小区 物业小区 院落 院落名称 小区/院落 小区院落 楼盘 楼盘名称 项目名称 老旧小区 老旧小区名称",
	building:      "楼栋 楼号 栋号 幢号 楼栋号 楼幢 楼幢号 栋幢号 栋 幢 楼 座 座号 楼座 楼座号 楼宇 楼宇号 楼栋名称 栋别 栋数 所在楼栋 楼名 楼栋编号 号楼",
	unit:          "单元 单元号 所在单元 单元名称 单元编号 单元门 梯号",
	floor:         "楼层 所在楼层 层 层号 所在层 所在层数 层次 楼层号 所在层/总层数 楼层/总楼层 楼层/总层数 所在楼层/总楼层 物理楼层",
	room:          "房号 房间号 室号 户号 房室号 户室号 户室 室 房间 房间号码 房屋号 门牌 门牌号 门牌号码 单元房号 房号名称 房屋编号 门号 号",
	address:       "坐落 房屋坐落 房屋坐落地址 地址 房屋地址 详细地址 房屋位置 房屋详细地址 具体地址 不动产坐落 坐落位置 座落 房屋座落 楼栋单元房号 楼栋房号",
	use:           "房屋用途 用途 规划用途 设计用途 使用性质 房屋使用性质 房屋类型 房屋类别 物业类型 用途类型 使用用途 业态 房屋规划用途 实际用途",
	exclusiveArea: "专有部分面积 专有面积 专有部分建筑面积",
	grossArea:     "建筑面积 房屋建筑面积 产权建筑面积 总建筑面积 建面",
	plainArea:     "面积 房屋面积 产权面积 登记面积 证载面积 产权证面积 房产证面积 实测面积 合同面积 申报面积 住房面积 房产面积 测绘面积 产权登记面积 不动产登记面积",
	innerArea:     "套内面积 套内建筑面积 使用面积 套内使用面积 室内面积 实用面积",
	areaSource:    "面积来源 面积依据 面积来源依据 面积取得方式 面积数据来源",
	certificate:   "不动产权证号 不动产权证号码 不动产权证 不动产权证书 不动产权证书号 不动产权证书编号 不动产证 不动产证号 不动产登记证号 产权证号 产权证 产权证号码 产权证编号 产权证书号 产权证书编号 房产证号 房产证 房产证编号 房产证号码 房权证号 房屋产权证号 房屋所有权证号 权证号 权属证号 权属证书号 证书号 产权证明 权证号码",
	owner:         "产权人 产权人姓名 产权人名称 业主 业主姓名 业主名称 业主名字 姓名 名称 房主 房主姓名 所有权人 所有权人姓名 房屋所有权人 所有人 权利人 权利人名称 权利人姓名 不动产权利人 产权单位 产权人(单位) 产权人/单位 业主(产权人) 姓名/名称 姓名或名称 共有人 共有人姓名 其他共有人 共有产权人",
	household:     "户主 户主姓名 户主名称 户主名字 住户 住户姓名 居民姓名 户主(住户) 户代表",
	document:      "证件号码 证件号 证件编号 身份证号 身份证号码 身份证 身份证件号 身份证件号码 公民身份号码 公民身份证号 居民身份证号 居民身份证号码 有效证件号码 有效证件号 统一社会信用代码 信用代码 社会信用代码 组织机构代码 身份证号/统一社会信用代码 身份号码 共有人证件号码 共有人身份证号 共有人身份证号码",
	phone:         "联系电话 电话 手机 手机号 手机号码 电话号码 联系方式 联系号码 联系手机 移动电话 移动电话号码 固定电话 座机 座机号码 本人电话 联络电话 联系电话号码 共有人电话 共有人联系电话 tel",
	tenure:        "产权性质 产权类型 产权类别 权属性质 权属类型 产权归属 产权 权属 产权情况 产权状况 权属情况 房屋产权 房屋产权性质 房屋性质 产权属性",
	builtYear:     "建成年份 建成年代 建成年 建成时间 建成日期 建筑年代 建筑年份 建造年代 建造年份 建设年份 建设年代 建设时间 建房时间 建房年份 竣工年份 竣工时间 竣工日期 竣工年代 房屋建成年份 房屋年代 年代 修建年份 修建时间 修建年代 建成年限",
	note:          "备注 备注说明 说明 备 注释 其他说明 附注",
}

var fields = func() map[string]field {
	names := make(map[string]field, 400)
	for f, words := range vocabulary {
		for word := range strings.FieldsSeq(words) {
			names[word] = f
		}
	}
	return names
}()

// Titles before a known name that change nothing, and people who are not the
// owner.
var (
	titles       = []string{"房屋", "业主", "产权人", "所有权人", "权利人", "房主", "户主", "住户", "居民", "所属", "所在", "本人", "产权"}
	otherPersons = []string{"承租", "租户", "租客", "租赁", "联系人", "配偶", "成员", "监护", "代理", "委托", "网格员", "楼长", "组长", "紧急"}
)

var (
	bracketed = regexp.MustCompile(`\([^()]*\)`)
	marks     = strings.NewReplacer("*", "", "★", "", "必填", "", "选填", "", ":", "", "。", "", "!", "", "?", "")
	unitTail  = regexp.MustCompile(`(m2|平方米|平米|/)+$`)
	joins     = regexp.MustCompile(`[-/、或及和,;|+]`)
	trailing  = regexp.MustCompile(`[0-9]$`)
)

// heading gives a header cell in the spelling of the vocabulary.
func heading(text string) string {
	s := marks.Replace(rule.Fold(text))
	if outer := bracketed.ReplaceAllString(s, ""); outer != "" {
		s = outer
	} else {
		s = strings.Trim(s, "()")
	}
	if short := unitTail.ReplaceAllString(s, ""); short != "" {
		s = short
	}
	return s
}

// fieldOf says what a heading means: by its name, by the names that it joins
// (楼栋/幢号), or without a title before it (业主联系电话).
func fieldOf(word string) field {
	if word == "" || len(word) > 60 {
		return unknown
	}
	if f, ok := fields[word]; ok {
		return f
	}
	if f := joinedField(word); f != unknown {
		return f
	}
	for _, title := range titles {
		if rest, ok := strings.CutPrefix(word, title); ok && fields[rest] != unknown {
			return fields[rest]
		}
	}
	if short := trailing.ReplaceAllString(word, ""); short != word { // 联系电话2
		return fields[short]
	}
	return unknown
}

// joinedField reads 楼栋/幢号, one thing under two names, and 楼栋-单元-房号, a
// whole label in one column.
func joinedField(word string) field {
	var parts []field
	for p := range strings.SplitSeq(joins.ReplaceAllString(word, "/"), "/") {
		parts = append(parts, fields[p])
	}
	first := parts[0]
	if len(parts) < 2 || slices.Contains(parts, unknown) {
		return unknown
	}
	if !slices.ContainsFunc(parts, func(f field) bool { return f != first }) {
		return first
	}
	label := func(f field) bool { return f >= estate && f <= address }
	switch {
	case slices.ContainsFunc(parts, func(f field) bool { return !label(f) }):
		return unknown
	case slices.Contains(parts, room):
		return address
	case slices.Contains(parts, building):
		return building
	}
	return unknown
}

// combined reads a heading of two rows: 产权人 over 姓名 and 证件号码. A name that
// stands under somebody else's heading is not the owner's.
func combined(upper, lower string) field {
	if lower == "" {
		return fieldOf(upper)
	}
	if f := fieldOf(upper + lower); upper != "" && f != unknown {
		return f
	}
	if len(upper) <= 30 && slices.ContainsFunc(otherPersons, func(p string) bool { return strings.Contains(upper, p) }) {
		return unknown
	}
	return fieldOf(lower)
}
