package document

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"gongdi/model/quantity"
)

// pageText joins what stands on a page.
func pageText(page []placed) string {
	var b strings.Builder
	for _, p := range page {
		b.WriteString(p.text)
	}
	return b.String()
}

func pagesOf(t *testing.T, write func(io.Writer) error) [][]placed {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return read(t, b.Bytes())
}

// TestALongLedgerKeepsItsHeadAndItsSum prints many entries over several pages.
func TestALongLedgerKeepsItsHeadAndItsSum(t *testing.T) {
	l := LedgerList{Purpose: "春晖小区3栋2单元加装电梯", From: Provenance{At: at(1, 9), By: "王敏"}}
	sum := quantity.Fen(0)
	for i := range 120 {
		e := LedgerEntry{On: "2026-09-01", Kind: "到账", Source: "直接出资", Who: fmt.Sprintf("3栋2单元%d01", i), Reference: fmt.Sprint("回单", i), In: quantity.Fen(i * 12345)}
		sum += e.In
		l.Entries = append(l.Entries, e)
	}
	l.Entries = append(l.Entries, LedgerEntry{On: "2026-09-02", Kind: "支出", Source: "直接出资", Who: "龚䶮𬬭电梯公司", Note: "预付款", Reference: "发票1", Out: 100})
	l.Sources = []SourceTotal{{Source: "直接出资", In: sum, Out: 100}}
	pages := pagesOf(t, func(w io.Writer) error { return Ledger(w, l) })
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	whole := ""
	for i, page := range pages {
		text := pageText(page)
		if !strings.Contains(text, "凭证号") && i < len(pages)-1 {
			t.Errorf("page %d has no head", i+1)
		}
		whole += text
	}
	for _, want := range []string{sum.String(), (sum - 100).String(), "数据截至2026年9月1日09:00；制表：王敏。", "预付款"} {
		if !strings.Contains(whole, want) {
			t.Errorf("%q is not printed", want)
		}
	}
}

// TestACertificateSaysWhatWasPaid has every figure, each on pages of its own.
func TestACertificateSaysWhatWasPaid(t *testing.T) {
	share := quantity.Fen(2_692_308)
	c := Certificate{
		Number: "CZ20260901-ABCDEF", Owners: []string{"钟𬬭生", "㛃敏"}, Home: "3栋2单元301", Purpose: "春晖小区3栋2单元加装电梯", Scheme: "方案一（第 1 版）", Share: &share,
		Parts:     []CertifiedPart{{Source: "直接出资", Pledged: 1_000_000, In: 600_000, Back: 100_000}, {Source: "住房公积金", Pledged: 1_692_308, HousingFund: true}},
		Vouchers:  []CertifiedVoucher{{"2026-09-02", "到账", "直接出资", "回单1", 600_000}, {"2026-09-05", "退还", "直接出资", "回单2", 100_000}},
		RefundDue: 12_300, Issuer: "金沙县鼓场街道新城社区居民委员会", On: "2026-09-10", From: Provenance{At: at(10, 9), By: "王敏"},
	}
	other := c
	other.Number, other.Home, other.Vouchers, other.Share = "CZ20260901-GHIJKL", "", nil, nil
	pages := pagesOf(t, func(w io.Writer) error { return Certificates(w, []Certificate{c, other}) })
	if len(pages) != 2 {
		t.Fatalf("%d pages", len(pages))
	}
	first, second := pageText(pages[0]), pageText(pages[1])
	for _, want := range []string{"CZ20260901-ABCDEF", "3栋2单元301", "26,923.08", "5,000.00", "回单2", "其中123.00元的认缴已撤回或失效", "26,923.08元为限", "盖章处", "第1页/共1页", "认缴是意向"} {
		if !strings.Contains(strings.ReplaceAll(first, " ", ""), want) {
			t.Errorf("%q is not certified", want)
		}
	}
	if !strings.Contains(second, "没有到账登记") || strings.Contains(second, "公积金的提取额") {
		t.Errorf("%s", second)
	}
}

// TestOnlyALiftsPledgesHangOnAnAgreement prints the same for a lift and for an
// estate's works, which have none.
func TestOnlyALiftsPledgesHangOnAnAgreement(t *testing.T) {
	for lift, want := range map[bool]string{true: "签署本版协议后生效", false: "认缴是意向，到账以前可以撤回。"} {
		c := Certificate{Number: "CZ1", Owners: []string{"钟𬬭生"}, Home: "3栋2单元301", Purpose: "春晖小区改造", Lift: lift, Parts: []CertifiedPart{{Source: "直接出资", Pledged: 100}}, Issuer: "新城社区居民委员会", On: "2026-09-10"}
		for name, write := range map[string]func(io.Writer) error{
			"certificate": func(w io.Writer) error { return Certificates(w, []Certificate{c}) },
			"list":        func(w io.Writer) error { return Pledges(w, PledgeList{Purpose: c.Purpose, Lift: lift}) },
		} {
			text := body(pagesOf(t, write))
			if !strings.Contains(text, want) || !lift && strings.Contains(text, "协议") {
				t.Errorf("lift %v, %s: %s", lift, name, text)
			}
		}
	}
}

// TestMoneyIsNotTorn prints a hundred million and more.
func TestMoneyIsNotTorn(t *testing.T) {
	const much = quantity.Fen(123_456_789_01)
	for name, write := range map[string]func(io.Writer) error{
		"list": func(w io.Writer) error {
			return Pledges(w, PledgeList{Lines: []PledgeLine{{Pledged: much, Received: much}}})
		},
		"ledger": func(w io.Writer) error { return Ledger(w, LedgerList{Entries: []LedgerEntry{{In: much}}}) },
	} {
		whole := 0
		for _, page := range pagesOf(t, write) {
			for _, p := range page {
				if p.text == much.String() {
					whole++
				}
			}
		}
		if whole < 2 {
			t.Errorf("%s: whole %d times", name, whole)
		}
	}
}
