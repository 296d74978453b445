package registry

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"

	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/fault"
)

const nameLimit = 100

// ownersAfter makes the owners of a home as the office gives them, and
// recognises those who were owners before.
func ownersAfter(before []person, given []OwnerCorrection, today quantity.Date) ([]person, error) {
	after := make([]person, len(given))
	for i, g := range given {
		p, err := g.person(fmt.Sprintf("body.owners[%d]", i), today)
		if err != nil {
			return nil, err
		}
		after[i] = p
	}
	was, err := known(after, before, given)
	if err != nil {
		return nil, err
	}
	whole := new(big.Rat)
	for i, g := range given {
		after[i].inherit(was[i], g)
		if after[i].ShareDen > 0 {
			whole.Add(whole, big.NewRat(after[i].ShareNum, after[i].ShareDen))
		}
	}
	if whole.Cmp(big.NewRat(1, 1)) > 0 {
		return nil, fault.Unknown("body.owners", "各产权人的份额之和超过了 1")
	}
	return after, nil
}

// known pairs the owners given with those before: by id where one is named,
// else as anywhere.
func known(after, before []person, given []OwnerCorrection) ([]*person, error) {
	was, rest := make([]*person, len(after)), slices.Clone(before)
	for i, g := range given {
		if g.ID == "" {
			continue
		}
		at := slices.IndexFunc(rest, func(p person) bool { return p.ID == g.ID })
		if at < 0 {
			return nil, fault.Unknown(fmt.Sprintf("body.owners[%d].id", i), "没有找到这位产权人")
		}
		found := rest[at]
		was[i], after[i].ID = &found, g.ID
		rest = slices.Delete(rest, at, at+1)
	}
	var unnamed []int
	for i, g := range given {
		if g.ID == "" {
			unnamed = append(unnamed, i)
		}
	}
	others := make([]person, len(unnamed))
	for n, i := range unnamed {
		others[n] = after[i]
	}
	for n, found := range recognise(others, rest) {
		was[unnamed[n]], after[unnamed[n]].ID = found, others[n].ID
	}
	return was, nil
}

// inherit keeps what was not given from the same person before.
func (p *person) inherit(was *person, g OwnerCorrection) {
	if was == nil {
		return
	}
	if g.Document == nil {
		p.Document, p.Sound, p.Kind = was.Document, was.Sound, was.Kind
	}
	if g.Phone == nil {
		p.Phone = was.Phone
	}
	if g.Share == nil {
		p.ShareNum, p.ShareDen = was.ShareNum, was.ShareDen
	}
}

func (g OwnerCorrection) person(at string, today quantity.Date) (person, error) {
	p := person{Name: rule.Clean(g.Name, nameLimit)}
	if rule.IsBlank(p.Name) {
		return p, fault.Unknown(at+".name", "请填写产权人姓名或者名称")
	}
	if g.Document != nil {
		p.Document = rule.CleanDocument(*g.Document)
	}
	p.identify(today)
	if p.Document != "" && !p.Sound {
		return p, fault.Unknown(at+".document", "证件号码有误：位数、出生日期或者校验码不符")
	}
	if g.Phone != nil && !rule.IsBlank(*g.Phone) {
		phone, ok := rule.CleanPhone(*g.Phone)
		if !ok {
			return p, fault.Unknown(at+".phone", "不是有效的手机或者固定电话号码")
		}
		p.Phone = phone
	}
	if g.Share != nil && *g.Share != "" {
		var ok bool
		if p.ShareNum, p.ShareDen, ok = share(*g.Share); !ok {
			return p, fault.Unknown(at+".share", "份额应为分数，如 1/2")
		}
	}
	return p, nil
}

var fraction = regexp.MustCompile(`^([0-9]{1,9})/([0-9]{1,9})$`)

// share reads 1/2; none is above the whole.
func share(text string) (num, den int64, ok bool) {
	m := fraction.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	num, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, 0, false
	}
	den, err = strconv.ParseInt(m[2], 10, 64)
	return num, den, err == nil && num > 0 && num <= den
}
