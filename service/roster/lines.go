package roster

import (
	"regexp"
	"slices"
	"strings"

	rule "gongdi/model/rule/roster"
)

// signs are the first characters of what signing knows.
const signs = "制填审复经核统负单联盖日注备说第"

var (
	summing  = regexp.MustCompile(`(合计|总计|小计|共计|累计)[:：]?[^a-z]{0,12}$`)
	signing  = regexp.MustCompile(`^(制表|填表|填报|审核|复核|经办|核对|统计人|统计员|负责人|单位负责人|联系人|盖章|单位\(盖章|日期|制作|注:|注：|注\d|备注:|说明:|填写说明|填表说明|第\d+页)`)
	titling  = regexp.MustCompile(`(名册|名单|清册|信息表|登记表|一览表|统计表|明细表|花名册)(\(.*\))?$`)
	saysUnit = regexp.MustCompile(`单元|[0-9a-zA-Z]-[0-9]{3}`)
)

// homeFields are those of which at least one must say something in the line
// itself for it to hold a home.
var homeFields = []field{room, address, owner, household, document, phone, certificate}

// evidence reports whether a line holds a home. A number and nothing else is
// an unlabelled total below the areas; what only comes down from merged cells
// or is written ahead (序号, 小区, 楼栋) is a line still to be filled in.
func evidence(c *columns, l line, filled []int) bool {
	for _, f := range homeFields {
		if c.own(l, c.at[f]) != "" {
			return true
		}
	}
	return c.own(l, c.areaAt) != "" && len(filled) > 1
}

// summary reports whether a line sums up others: 合计, 1栋小计.
func summary(c *columns, l line, filled []int) bool {
	for _, i := range filled {
		if i == c.at[note] || !strings.Contains(l.own[i], "计") {
			continue
		}
		text := rule.Fold(l.own[i])
		person := i == c.at[owner] || i == c.at[household]
		if summing.MatchString(text) && len([]rune(text)) <= 20 && (!person || len([]rune(text)) == 2) {
			return true
		}
	}
	return false
}

// footnote reports whether a line stands below the list and not in it: who
// made it, who signed, what the columns mean, or a title over many columns.
func footnote(c *columns, l line, filled []int) bool {
	first := rule.Fold(l.own[filled[0]])
	if strings.ContainsAny(first[:min(len(first), 3)], signs) && signing.MatchString(first) && c.own(l, c.areaAt) == "" {
		return true
	}
	if len(filled) > 1 {
		return false
	}
	if _, ok := rule.Section(first); ok {
		return false
	}
	spread := slices.ContainsFunc(l.spans, func(s span) bool {
		return s.top == l.number && s.left == filled[0]+1 && s.right-s.left >= 2
	})
	return spread || titling.MatchString(first) || len([]rune(first)) > 24 && filled[0] != c.at[address]
}

// section reads a line that only names the building or stairwell of the lines
// below it. In the column of the rooms it would be a home.
func section(c *columns, l line, filled []int) (rule.Home, bool) {
	if len(filled) != 1 || filled[0] == c.at[room] && l.bottom(filled[0]) == l.number && !spreads(l, filled[0]) {
		return rule.Home{}, false
	}
	return rule.Section(l.own[filled[0]])
}

func spreads(l line, column int) bool {
	return slices.ContainsFunc(l.spans, func(s span) bool { return s.top == l.number && s.left == column+1 && s.right > s.left })
}

// carried is what the lines above leave to those below, because people write
// a building once and leave the cells under it empty.
//
// Choice: estate and community always come down. A building or stairwell comes
// down only in sheets that never repeat it from one line to the next, where an
// empty cell must mean «as above»; a stairwell only within its building and
// not to shops, garages and the like, which often have none; a parking space
// takes no building from above. Floors, owners and areas never come down.
type carried struct {
	community, estate string
	home              rule.Home // as the cells say it
	entered           bool      // by a section line or the sheet's name
	buildingRepeated  bool
	unitRepeated      bool
	lastBuilding      string // of the line above, empty when it said none
	lastUnit          string
}

func (c *carried) enter(home rule.Home) {
	if home.Building != "" {
		c.home = home
	} else {
		c.home.Unit = home.Unit
	}
	c.entered, c.lastBuilding, c.lastUnit = true, "", ""
}

// complete fills in what the lines above say, and remembers what this one does.
func (c *carried) complete(r *record, hasBuilding bool) {
	c.place(r)
	said := r.text[building]
	if rule.IsBlank(said) {
		c.lastBuilding = ""
		if c.home.Building != "" && (!hasBuilding || c.entered || !c.buildingRepeated) && takesBuilding(r) {
			r.text[building] = c.home.Building
		}
	} else {
		c.buildingRepeated = c.buildingRepeated || said == c.lastBuilding && !r.merged[building]
		c.lastBuilding = said
		if said != c.home.Building {
			c.home, c.entered, c.lastUnit = rule.Home{Building: said}, false, ""
		}
	}
	c.unit(r)
}

func (c *carried) place(r *record) {
	moved := !rule.IsBlank(r.text[community]) && c.community != "" && r.text[community] != c.community
	if rule.IsBlank(r.text[estate]) && !moved {
		r.text[estate] = c.estate
	} else if r.text[estate] != c.estate {
		if c.estate != "" {
			*c = carried{buildingRepeated: c.buildingRepeated, unitRepeated: c.unitRepeated}
		}
		c.estate = r.text[estate]
	}
	if rule.IsBlank(r.text[community]) {
		r.text[community] = c.community
	}
	c.community = r.text[community]
}

func (c *carried) unit(r *record) {
	said := r.text[unit]
	if !rule.IsBlank(said) {
		c.unitRepeated = c.unitRepeated || said == c.lastUnit && !r.merged[unit]
		c.lastUnit, c.home.Unit = said, said
		return
	}
	c.lastUnit = ""
	within := r.text[building] == c.home.Building && takesBuilding(r) && !saysUnit.MatchString(rule.Compact(r.text[room]))
	if within && c.home.Unit != "" && (c.entered || !c.unitRepeated) && dwelling(r) {
		r.text[unit] = c.home.Unit
	}
}

// takesBuilding is false where a building from above would contradict the
// line: its room cell names one, or it is a parking space.
func takesBuilding(r *record) bool {
	label := rule.Fold(r.text[room] + r.text[address])
	return !strings.ContainsAny(label, "栋幢座#") && !strings.Contains(label, "号楼") &&
		!strings.Contains(label, "车位") && rule.UseOf(r.text[use]) != rule.Parking
}

func dwelling(r *record) bool {
	dwellings := []rule.Use{"", rule.Residential, rule.Mixed}
	return slices.Contains(dwellings, rule.UseOf(r.text[use])) && !strings.ContainsAny(r.text[room], "商铺门面店车库储")
}
