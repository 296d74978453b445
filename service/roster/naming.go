package roster

import (
	"cmp"
	"path"
	"regexp"
	"strings"

	rule "gongdi/model/rule/roster"
)

// naming is where the homes of a sheet are, for lines that do not say it
// themselves.
type naming struct {
	community string
	estate    string
	home      rule.Home // of a sheet that is one building
}

var (
	saidEstate     = regexp.MustCompile(`(?:小区名称|所属小区|小区|院落名称|项目名称)[:：]\s*([^\s:：]+)`)
	saidCommunity  = regexp.MustCompile(`(?:社区名称|所属社区|社区)[:：]\s*([^\s:：]+)`)
	generic        = regexp.MustCompile(`(?i)^(?:sheet|工作表|表格?|table|page|book|新建)?[-_ 0-9a-z一二三四五六七八九十]{0,3}(?:\(\d+\))?$`)
	listWords      = regexp.MustCompile(`(?i)(?:业主|产权|房屋|房产|住户|居民|户主|老旧|改造|信息|花名|名册|名单|登记|一览|明细|清册|清单|台账|情况|基本|统计|汇总|数据|楼栋|户籍|摸底|调查|roster|owners).*$`)
	district       = regexp.MustCompile(`^.*?(?:县|市|区)?(?:[^县市]{1,6}(?:街道办事处|街道办|街道|镇|乡))`)
	inBrackets     = regexp.MustCompile(`\(([^()]+)\)$`)
	noEstate       = regexp.MustCompile(`(?i)单位|m2|平方米|样表|试行|日期|[0-9]{4}年|^第?[0-9一二三四五六七八九十]+$|附件|盖章|公示`)
	beforeBuilding = regexp.MustCompile(`^(.*(?:小区|家属院|大院|院|村|苑|园|宿舍|庭|坊|里|城|局|厂|校))(.+)$`)
	communityName  = regexp.MustCompile(`^(.{2,8}社区)(.*)$`)
)

// nameFrom looks for the estate in a line such as 小区名称：…, then in the
// sheet's name, then in the title, then in the file's name. A sheet named like
// a building is that building. What says nothing at all leaves the sheet's
// own name, so that two sheets are never taken for one estate.
func nameFrom(above []line, sheet, file string) naming {
	var n naming
	var title naming
	for _, l := range above {
		text := l.text()
		if m := saidEstate.FindStringSubmatch(text); m != nil && n.estate == "" {
			n.estate = rule.PlaceName(m[1])
		}
		if m := saidCommunity.FindStringSubmatch(text); m != nil && n.community == "" {
			n.community = rule.PlaceName(m[1])
		}
		if title.estate == "" {
			title = titled(text)
		}
	}
	fromSheet, fromFile := titled(sheet), titled(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	if estate, home, ok := buildingSheet(sheet); ok {
		n.home, fromSheet = home, titled(estate)
	}
	n.estate = cmp.Or(n.estate, fromSheet.estate, title.estate, fromFile.estate, fromSheet.community, rule.PlaceName(sheet))
	n.community = cmp.Or(n.community, title.community, fromSheet.community, fromFile.community)
	return n
}

// buildingSheet reads the name of a sheet that is one building: 1栋, or
// 金园小区1栋.
func buildingSheet(sheet string) (estate string, home rule.Home, ok bool) {
	if m := beforeBuilding.FindStringSubmatch(rule.Compact(sheet)); m != nil {
		if home, ok := rule.Section(m[2]); ok {
			return m[1], home, true
		}
	}
	home, ok = rule.Section(sheet)
	return "", home, ok
}

// titled takes the names of estate and community out of a title such as
// 金沙县鼓场街道新城社区金园小区业主名册 or …信息表（金园小区）.
func titled(text string) naming {
	s := rule.Compact(text)
	if m := inBrackets.FindStringSubmatch(s); m != nil {
		if !noEstate.MatchString(m[1]) && listWords.ReplaceAllString(m[1], "") == m[1] {
			return split(m[1])
		}
		s = strings.TrimSuffix(s, m[0])
	}
	if generic.MatchString(s) {
		return naming{}
	}
	s = listWords.ReplaceAllString(s, "")
	s = district.ReplaceAllString(s, "")
	if len([]rune(s)) < 2 || len([]rune(s)) > 30 || noEstate.MatchString(s) || generic.MatchString(s) {
		return naming{}
	}
	return split(s)
}

func split(s string) naming {
	if m := communityName.FindStringSubmatch(s); m != nil {
		return naming{community: rule.PlaceName(m[1]), estate: rule.PlaceName(m[2])}
	}
	return naming{estate: rule.PlaceName(s)}
}

// text is what a line says, cell after cell.
func (l line) text() string {
	var b strings.Builder
	for _, i := range l.filled() {
		b.WriteString(l.own[i])
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}
