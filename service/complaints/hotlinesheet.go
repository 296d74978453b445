package complaints

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/roster"
)

// column is what a column of the centre's file holds.
type column int

const (
	ticketColumn column = iota
	wordsColumn
	titleColumn
	nameColumn
	phoneColumn
	kindColumn
	placeColumn
	estateColumn
	categoryColumn
	timeColumn
	secretColumn
)

// headings are the names under which the columns are known.
//
// Choice: names that the centres of several cities use; Bijie's has published
// no form.
var headings = map[column][]string{
	ticketColumn:   {"工单编号", "工单号", "受理编号", "受理单号"},
	wordsColumn:    {"诉求内容", "工单内容", "来电内容", "诉求描述", "问题描述", "内容"},
	titleColumn:    {"工单标题", "诉求标题", "标题"},
	nameColumn:     {"诉求人", "来电人", "反映人", "联系人", "姓名"},
	phoneColumn:    {"联系电话", "来电号码", "联系方式", "手机号", "电话"},
	kindColumn:     {"诉求类型", "工单类型", "诉求类别", "类型"},
	placeColumn:    {"事发地址", "诉求地址", "事件地址", "地址", "地点"},
	estateColumn:   {"小区", "小区名称"},
	categoryColumn: {"分类", "诉求分类", "归口类型"},
	timeColumn:     {"受理时间", "来电时间", "登记时间", "派单时间"},
	secretColumn:   {"是否保密", "是否匿名", "匿名"},
}

var kinds = map[string]model.CaseKind{
	"投诉": model.Complaining, "投诉举报": model.Complaining, "举报": model.Complaining, "求助": model.HelpWanted,
	"咨询": model.Consulting, "建议": model.Suggesting, "意见建议": model.Suggesting,
}

// header finds the columns of a row of names; a row without the ticket and the
// words is none.
func header(cells []string) (map[column]int, bool) {
	found := map[column]int{}
	for what, names := range headings {
		for _, name := range names {
			i := slices.IndexFunc(cells, func(c string) bool { return strings.Join(strings.Fields(c), "") == name })
			if _, there := found[what]; i >= 0 && !there {
				found[what] = i
			}
		}
	}
	_, ticket := found[ticketColumn]
	_, words := found[wordsColumn]
	return found, ticket && words
}

// row is one of the file, read with its sheet's columns.
type row struct {
	sheet   string
	number  int
	columns map[column]int
	cells   []string
}

func (r row) text(what column) string {
	i, there := r.columns[what]
	if !there || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// find says what is wrong with a cell of the row.
func (r row) find(what column, code, message string) TicketFinding {
	return TicketFinding{Sheet: r.sheet, Row: r.number, Column: headings[what][0], Code: code, Message: message}
}

// Longest texts of a row, in characters.
const (
	ticketMost = 64
	placeMost  = 200
	nameMost   = 50
)

// filing reads a row: what it makes, what is wrong so that it makes nothing,
// and what is only odd.
func (r row) filing(now time.Time) (f Filing, wrong, odd []TicketFinding) {
	f = Filing{
		Kind: model.Complaining, Channel: model.ByHotline, Ticket: r.text(ticketColumn), Words: r.text(wordsColumn), Place: r.text(placeColumn),
		Name: r.text(nameColumn), Anonymous: strings.HasPrefix(r.text(secretColumn), "是"),
	}
	if title := r.text(titleColumn); title != "" && !strings.Contains(f.Words, title) {
		f.Words = strings.TrimSpace(title + "\n" + f.Words)
	}
	for _, limit := range []struct {
		what   column
		text   string
		most   int
		needed bool
	}{{ticketColumn, f.Ticket, ticketMost, true}, {wordsColumn, f.Words, wordsMost, true}, {placeColumn, f.Place, placeMost, false}, {nameColumn, f.Name, nameMost, false}} {
		switch n := len([]rune(limit.text)); {
		case n == 0 && limit.needed:
			wrong = append(wrong, r.find(limit.what, "missing", "没有填写"))
		case n > limit.most:
			wrong = append(wrong, r.find(limit.what, "too_long", "最多"+strconv.Itoa(limit.most)+"个字"))
		}
	}
	if phone := r.text(phoneColumn); phone != "" {
		if clean, sound := roster.CleanPhone(phone); sound {
			f.Phone = clean
		} else {
			odd = append(odd, r.find(phoneColumn, "phone_unreadable", "电话号码有误，未录入"))
		}
	}
	if kind := r.text(kindColumn); kind != "" {
		known, there := kinds[kind]
		if f.Kind = known; !there {
			f.Kind = model.Complaining
			odd = append(odd, r.find(kindColumn, "kind_unknown", "没有这个诉求类型，按投诉录入"))
		}
	}
	if at := r.text(timeColumn); at != "" {
		if took, sound := instant(at); sound && !took.After(now) && took.After(now.AddDate(-1, 0, 0)) {
			f.At = took
		} else {
			odd = append(odd, r.find(timeColumn, "time_unreadable", "受理时间有误或者不在一年之内，期限从导入时起算"))
		}
	}
	return f, wrong, odd
}

var instants = []string{time.DateTime, "2006-01-02 15:04", "2006/1/2 15:04:05", "2006/1/2 15:04", "2006年1月2日 15:04", time.DateOnly, "2006/1/2", "2006年1月2日"}

// instant reads a time in the office's zone: as words, or as the number of days
// since 1899-12-30 that a sheet keeps.
func instant(text string) (time.Time, bool) {
	for _, form := range instants {
		if at, err := time.ParseInLocation(form, text, quantity.Shanghai); err == nil {
			return at.UTC(), true
		}
	}
	const last = 2_958_465 // the year 9999
	if days, err := strconv.ParseFloat(text, 64); err == nil && days > 1 && days < last {
		whole := int(days)
		seconds := int((days-float64(whole))*86_400 + 0.5)
		return time.Date(1899, 12, 30+whole, 0, 0, seconds, 0, quantity.Shanghai).UTC(), true
	}
	return time.Time{}, false
}
