package funds

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
)

func bankBook(t *testing.T, sheets map[string][][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readSheet(t *testing.T, rows ...[]any) (*bankSheet, error) {
	t.Helper()
	file := bankBook(t, map[string][][]any{"流水": rows})
	return readBank(t.Context(), bytes.NewReader(file), int64(len(file)), "2026-06-30")
}

// TestListsOfManyBanksAreRead has the same movements as several banks write them.
func TestListsOfManyBanksAreRead(t *testing.T) {
	want := []bankLine{
		{direction: model.MoneyIn, on: "2026-05-01", amount: 1346154, reference: "2026050100001", payer: "王某某", words: "3栋2单元501电梯款"},
		{direction: model.MoneyOut, on: "2026-05-02", amount: 25000, reference: "2026050200002", payer: "某公司", words: "勘察费"},
	}
	for name, rows := range map[string][][]any{
		"income and outgo apart": {
			{"某银行账户明细"}, {"户名：某街道", "", "币种：人民币"}, {},
			{"交易时间", "收入金额", "支出金额", "账户余额", "对方账号", "对方户名", "交易用途", "交易流水号"},
			{"2026-05-01 10:11:12", "13,461.54", "", "1", "6222", "王某某", "3栋2单元501电梯款", "2026050100001"},
			{"2026-05-02", "", "250.00", "1", "6222", "某公司", "勘察费", "2026050200002"},
			{"合计", "13,461.54", "250.00"},
		},
		"debit and credit": {
			{"记账日期", "借方发生额/元(支取)", "贷方发生额/元(收入)", "余额", "对方户名", "摘要", "备注", "账户明细编号-交易流水号"},
			{"20260501", "0.00", 13461.54, 1, "王某某", "", "3栋2单元501电梯款", "2026050100001"},
			{"20260502", 250, "0.00", 1, "某公司", "勘察费", "-", "2026050200002"},
		},
		"one signed amount": {
			{"交易日期[ Transaction Date ]", "交易金额[ Trade Amount ]", "付款人名称[ Payer's Name ]", "交易流水号[ Transaction reference number ]", "交易附言[ Remark ]"},
			{"2026/5/1", "＋１３４６１.５４", " 王某某 ", "2026050100001", "3栋2单元501电梯款"},
			{46144, "(250.00)", "某公司", "2026050200002", "勘察费"},
		},
		"a mark beside the amount": {
			{"交易参考号", "借贷标志", "发生额(元)", "对方名称", "附言", "交易日"},
			{"2026050100001", "贷", "¥13461.540000000001", "王某某", "3栋2单元501电梯款", "2026年5月1日"},
			{"2026050200002", "借", "250元", "某公司", "勘察费", "2026.05.02"},
		},
		"a header of two rows": {
			{"日期", "发生额", "", "对方户名", "摘要", "流水号"}, {"", "借方", "贷方", "", "", ""},
			{46143, "", 13461.54, "王某某", "3栋2单元501电梯款", "2026050100001"},
			{46144.5, 250, "", "某公司", "勘察费", "2026050200002"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readSheet(t, rows...)
			if err != nil || len(got.findings) > 0 {
				t.Fatal(err, got)
			}
			for i := range got.lines {
				got.lines[i].sheet, got.lines[i].row = "", 0
			}
			if !slices.Equal(got.lines, want) {
				t.Errorf("%+v", got.lines)
			}
		})
	}
}

// TestBadRowsOfABankAreNamed has each finding at its row and column.
func TestBadRowsOfABankAreNamed(t *testing.T) {
	head := []any{"交易日期", "收入", "支出", "对方户名", "摘要", "流水号"}
	for _, c := range []struct {
		row            []any
		code, column   string
		warning, stays bool
	}{
		{[]any{"", "1", "", "某", "", "R1"}, "date_missing", "A", false, false},
		{[]any{"昨天", "1"}, "date_unreadable", "A", false, false},
		{[]any{"2026-02-30", "1"}, "date_unreadable", "A", false, false},
		{[]any{"2026-07-01", "1"}, "date_in_future", "A", false, false},
		{[]any{"2026-05-01", "一百"}, "amount_unreadable", "B", false, false},
		{[]any{"2026-05-01", "1.005"}, "amount_unreadable", "B", false, false},
		{[]any{"2026-05-01", "1e999999999"}, "amount_unreadable", "B", false, false},
		{[]any{"2026-05-01", strings.Repeat("9", 300)}, "amount_unreadable", "B", false, false},
		{[]any{"2026-05-01", "", "=cmd|' /C calc'!A0"}, "amount_unreadable", "C", false, false},
		{[]any{"2026-05-01", "12,34.5"}, "amount_unreadable", "B", false, false},
		{[]any{"2026-05-01", "1", "1"}, "amount_both", "B", false, false},
		{[]any{"2026-05-01", "", "", "某"}, "amount_missing", "B", false, false},
		{[]any{"2026-05-01", "99999999999999"}, "amount_too_large", "B", false, false},
		{[]any{"2026-05-01", "1", "", "某", "", "2.0260501123457E+16"}, "reference_rounded", "F", true, true},
		{[]any{"2026-05-01", "1", "", "某", "", strings.Repeat("R", 65)}, "reference_too_long", "F", true, true},
	} {
		got, err := readSheet(t, []any{"标题"}, head, c.row)
		if err != nil || len(got.findings) != 1 || (len(got.lines) == 1) != c.stays {
			t.Errorf("%v: %v %+v", c.row, err, got)
			continue
		}
		if f := got.findings[0]; f.Code != c.code || f.Column != c.column || f.Row != 3 || f.Sheet != "流水" || f.Message == "" || f.Warning != c.warning {
			t.Errorf("%v: %+v", c.row, f)
		}
	}
	got, err := readSheet(t, []any{"日期", "收支", "金额"}, []any{"2026-05-01", "？", 1})
	if err != nil || got.findings[0].Code != "direction_unknown" {
		t.Error(err, got)
	}
	got, err = readSheet(t, head, []any{"2026-05-01", "1", "", strings.Repeat("长", 900), strings.Repeat("=1+1", 900), "R\u202e1"})
	if err != nil || len(got.lines) != 1 || len([]rune(got.lines[0].payer)) > longestPayer || len([]rune(got.lines[0].words)) > longestWords {
		t.Error(err, got)
	}
}

func TestWhatIsNoBankListIsRefused(t *testing.T) {
	if _, err := readSheet(t, []any{"姓名", "电话"}, []any{"某", "1"}); !errors.Is(err, ErrNoBankHeader) {
		t.Error(err)
	}
	if _, err := readBank(t.Context(), strings.NewReader("no workbook"), 11, "2026-06-30"); !errors.Is(err, ErrBankUnreadable) {
		t.Error(err)
	}
	rows := [][]any{{"日期", "收入"}}
	for range mostMovements + 1 {
		rows = append(rows, []any{"2026-05-01", 1})
	}
	if _, err := readSheet(t, rows...); !errors.Is(err, ErrTooManyMovements) {
		t.Error(err)
	}
}

// TestProposalsSayWhyAndHowSure has rows that lead to one pledge, to several
// and to none.
func TestProposalsSayWhyAndHowSure(t *testing.T) {
	open := &openPledges{
		byCode: map[string][]*openPledge{}, byDoor: map[string][]*openPledge{}, byProperty: map[string][]*openPledge{}, byName: map[string][]*openPledge{},
		byLeft: map[quantity.Fen][]*openPledge{},
	}
	add := func(id, label, home, called, estate string, parts ...model.PledgePart) {
		p := &openPledge{
			Pledged: &Pledged{Pledge: model.Pledge{ID: id, Label: label, PropertyID: home}, Parts: parts, Called: called},
			left:    map[model.Source]quantity.Fen{}, home: rule.Place("", "", label), estate: estate,
		}
		for _, part := range parts {
			p.left[part.Source] = part.Amount
			p.whole += part.Amount
		}
		open.add(p)
	}
	cash := func(fen quantity.Fen) model.PledgePart { return model.PledgePart{Source: model.Cash, Amount: fen} }
	add("01aaaaaaaaaaaaaaaaaaaaaaa1", "3栋2单元501", "h1", "", "金园小区", cash(500))
	add("01aaaaaaaaaaaaaaaaaaaaaaa2", "3栋2单元601", "h2", "", "金园小区", cash(700), model.PledgePart{Source: model.HousingFund, Amount: 300})
	add("01aaaaaaaaaaaaaaaaaaaaaaa3", "3栋2单元501", "h3", "", "江花园", cash(500))
	add("01aaaaaaaaaaaaaaaaaaaaaaa4", "", "", "某通信公司", "金园小区", cash(90000))
	for _, c := range []struct {
		name, words, payer string
		owned              []string
		amount             quantity.Fen
		want               string // the last of the ids, with how sure
		source             model.Source
	}{
		{"its own code", "电梯款 aaaaaaa2", "", nil, 100, "2high", model.Cash},
		{"the whole id", "01AAAAAAAAAAAAAAAAAAAAAAA2", "", nil, 300, "2high", model.HousingFund},
		{"home and exact amount", "3-2-601", "", nil, 1000, "2high", ""},
		{"home, not the amount", "三栋2单元601缴费", "", nil, 5, "2medium", model.Cash},
		{"more than is to come in", "3号楼2单元601", "", nil, 1001, "2low", ""},
		{"the home of two estates", "3栋2单元501", "", nil, 500, "1medium 3medium", model.Cash},
		{"the home with its estate", "江花园3栋2单元501", "", nil, 500, "3high 1high", model.Cash},
		{"the home with its owner", "3栋2单元501", "王某", []string{"h1"}, 20, "1high 3medium", model.Cash},
		{"the owner of two homes", "", "王某", []string{"h1", "h2"}, 700, "2high 1low", model.Cash},
		{"a contributor without a home", "", "某通信公司", nil, 90000, "4high", model.Cash},
		{"the amount alone", "", "", nil, 1000, "2low", ""},
		{"an amount that several are", "", "", nil, 500, "1low 3low", model.Cash},
		{"nothing", "房租", "李某", nil, 77, "", ""},
		{"part of a longer number", "13-2-601 3-2-6011 20263-2-601", "", nil, 77, "", ""},
	} {
		var got []string
		m := &model.BankMovement{Amount: c.amount}
		found := open.propose(m, c.payer, c.words, c.owned)
		for _, f := range found {
			got = append(got, f.Pledge.ID[25:]+string(f.Sure))
		}
		if strings.Join(got, " ") != c.want || len(found) > 0 && (found[0].Source != c.source || len(found[0].Reasons) == 0) {
			t.Errorf("%s: %v %+v, want %s", c.name, got, found, c.want)
		}
	}
}

// FuzzAmount has no text break the reading of money, and what is read written
// again be the same.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1,234.50", "(5)", "¥-1", "1E5", "", "..", "9e99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fen, ok := amountOf(s)
		if !ok {
			return
		}
		if again, ok := amountOf(fen.String()); !ok || again != fen {
			t.Errorf("%q: %d, again %d", s, fen, again)
		}
	})
}
