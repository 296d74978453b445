package funds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/roster"
)

// What is refused of a bank's list as a whole.
var (
	ErrNoBankHeader     = fault.New(fault.Invalid, "bank_list_no_header", "没有找到表头：应有“交易日期”和“收入金额”（或“贷方发生额”“金额”）等列名")
	ErrTooManyMovements = fault.New(fault.TooLarge, "bank_list_too_many", "一个文件最多 5000 行，请按日期分成几个文件")
	ErrBankUnreadable   = fault.New(fault.Invalid, "bank_list_unreadable", "文件无法读取：请用 Excel 或 WPS 打开，另存为 .xlsx 格式（不加密码）后再上传")
)

const mostMovements = 5000

// BankFinding is what is wrong with a cell of a bank's list, or only odd.
type BankFinding struct {
	Sheet, Column, Code, Message string
	Row                          int
	Warning                      bool
}

// bankLine is one readable row of a bank's list.
type bankLine struct {
	sheet            string
	row              int
	direction        model.Direction
	on               quantity.Date
	amount           quantity.Fen
	reference, payer string
	words            string
}

// bankSheet is a bank's list while it is read.
type bankSheet struct {
	today    quantity.Date
	of       string // the sheet
	columns  bankColumns
	heads    []string // the header's row, while a second one may follow
	before   []string // the row above, while no header is found
	beforeAt int
	headers  int
	rows     int
	lines    []bankLine
	findings []BankFinding
}

// readBank reads the rows below the header of each sheet that has one.
func readBank(ctx context.Context, src io.ReaderAt, size int64, today quantity.Date) (*bankSheet, error) {
	b := &bankSheet{today: today}
	err := roster.Lines(ctx, src, size, b.take)
	switch {
	case errors.Is(err, roster.ErrUnreadable):
		return nil, ErrBankUnreadable
	case errors.Is(err, roster.ErrTooLarge):
		return nil, ErrTooManyMovements
	case err != nil:
		return nil, err
	case b.headers == 0:
		return nil, ErrNoBankHeader
	}
	return b, nil
}

func (b *bankSheet) take(sheet string, row int, cells []string) error {
	if sheet != b.of {
		b.of, b.columns, b.heads, b.before = sheet, nil, nil, nil
	}
	if b.header(row, cells) || b.columns == nil {
		return nil
	}
	if b.blank(cells) || summary(cells) {
		return nil
	}
	if b.rows++; b.rows > mostMovements {
		return ErrTooManyMovements
	}
	b.read(row, cells)
	return nil
}

// header takes a row of names, of one line or of two; one that comes again
// counts from there.
func (b *bankSheet) header(row int, cells []string) bool {
	if b.heads != nil && onlyNames(cells) {
		if found, there := bankHeader(under(b.heads, cells)); there {
			b.columns = found
		}
		b.heads = nil
		return true
	}
	b.heads = nil
	found, there := bankHeader(cells)
	if !there && b.columns == nil && b.before != nil && b.beforeAt == row-1 && onlyNames(cells) {
		found, there = bankHeader(under(b.before, cells))
	}
	if !there {
		b.before, b.beforeAt = cells, row
		return false
	}
	if b.columns == nil {
		b.headers++
	}
	b.columns, b.heads = found, cells
	return true
}

func cellAt(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}

func (b *bankSheet) blank(cells []string) bool {
	for _, what := range []bankColumn{dayColumn, inColumn, outColumn, amountColumn, referenceColumn, payerColumn} {
		for _, i := range b.columns[what] {
			if cellAt(cells, i) != "" {
				return false
			}
		}
	}
	return true
}

// summary reports whether a row adds up others.
func summary(cells []string) bool {
	for _, cell := range cells {
		s := rule.Compact(cell)
		if s == "" {
			continue
		}
		for _, word := range []string{"合计", "总计", "小计", "本页", "本期合计", "期初", "期末", "承前页", "过次页", "借方合计", "贷方合计", "累计", "总笔数", "制表", "打印"} {
			if strings.HasPrefix(s, word) {
				return true
			}
		}
		return false
	}
	return false
}

func (b *bankSheet) find(row, column int, code, message string, warning bool) {
	b.findings = append(b.findings, BankFinding{Sheet: b.of, Row: row, Column: roster.Letters(column), Code: code, Message: message, Warning: warning})
}

// Longest texts of a row, in characters.
const (
	longestReference = 64
	longestPayer     = 100
	longestWords     = 500
)

func (b *bankSheet) read(row int, cells []string) {
	l := bankLine{sheet: b.of, row: row}
	if !b.day(&l, row, cells) || !b.money(&l, row, cells) {
		return
	}
	for _, i := range b.columns[referenceColumn] {
		reference, rounded := referenceOf(cellAt(cells, i))
		switch {
		case rounded:
			b.find(row, i, "reference_rounded", "流水号被表格存成了数字，末尾几位已经丢失，不能用来核对", true)
		case len([]rune(reference)) > longestReference:
			b.find(row, i, "reference_too_long", fmt.Sprintf("流水号最多%d个字", longestReference), true)
		case reference != "" && l.reference == "":
			l.reference = reference
		}
	}
	for _, i := range b.columns[payerColumn] {
		if l.payer == "" {
			l.payer = rule.Clean(cellAt(cells, i), longestPayer)
		}
	}
	var words []string
	for _, i := range b.columns[wordsColumn] {
		if w := cellAt(cells, i); !rule.IsBlank(w) {
			words = append(words, w)
		}
	}
	l.words = rule.Clean(strings.Join(words, " "), longestWords)
	b.lines = append(b.lines, l)
}

func (b *bankSheet) day(l *bankLine, row int, cells []string) bool {
	at := b.columns.first(dayColumn)
	text := ""
	for _, i := range b.columns[dayColumn] {
		if text = cellAt(cells, i); text != "" {
			at = i
			break
		}
	}
	day, sound := dayOf(text)
	switch {
	case text == "":
		b.find(row, at, "date_missing", "没有填写交易日期", false)
	case !sound:
		b.find(row, at, "date_unreadable", "交易日期无法识别", false)
	case day > b.today:
		b.find(row, at, "date_in_future", "交易日期在将来", false)
	default:
		l.on = day
		return true
	}
	return false
}

// money reads what came in or went out: from two columns, or from one with a
// sign or a mark beside it.
func (b *bankSheet) money(l *bankLine, row int, cells []string) bool {
	if in := b.columns.first(inColumn); in >= 0 {
		out := b.columns.first(outColumn)
		came, soundIn := amountOr0(cellAt(cells, in))
		went, soundOut := amountOr0(cellAt(cells, out))
		switch {
		case !soundIn:
			b.find(row, in, "amount_unreadable", "金额不是数字，或者小数超过两位", false)
		case !soundOut:
			b.find(row, out, "amount_unreadable", "金额不是数字，或者小数超过两位", false)
		case came != 0 && went != 0:
			b.find(row, in, "amount_both", "收入和支出都填写了金额", false)
		case went != 0:
			return b.moved(l, row, out, -went)
		default:
			return b.moved(l, row, in, came)
		}
		return false
	}
	at := b.columns.first(amountColumn)
	amount, sound := amountOr0(cellAt(cells, at))
	if !sound {
		b.find(row, at, "amount_unreadable", "金额不是数字，或者小数超过两位", false)
		return false
	}
	if mark := b.columns.first(signColumn); mark >= 0 {
		sign := signOf(cellAt(cells, mark))
		if sign == 0 {
			b.find(row, mark, "direction_unknown", "看不出是收入还是支出", false)
			return false
		}
		amount = max(amount, -amount) * sign
	}
	return b.moved(l, row, at, amount)
}

func amountOr0(text string) (quantity.Fen, bool) {
	if rule.IsBlank(text) {
		return 0, true
	}
	return amountOf(text)
}

// signOf reads 贷, 收 or 来账 as money that came in: banks book from their side.
func signOf(text string) quantity.Fen {
	switch s := rule.Fold(text); {
	case s == "":
		return 0
	case strings.ContainsAny(s, "贷收入进来存") || s == "c" || s == "cr" || s == "+":
		return 1
	case strings.ContainsAny(s, "借支付出往取") || s == "d" || s == "dr" || s == "-":
		return -1
	}
	return 0
}

func (b *bankSheet) moved(l *bankLine, row, column int, amount quantity.Fen) bool {
	l.direction, l.amount = model.MoneyIn, amount
	if amount < 0 {
		l.direction, l.amount = model.MoneyOut, -amount
	}
	switch {
	case amount == 0:
		b.find(row, column, "amount_missing", "没有填写金额，或者金额为零", false)
	case l.amount > quantity.MaxFen:
		b.find(row, column, "amount_too_large", "金额超过上限", false)
	default:
		return true
	}
	return false
}
