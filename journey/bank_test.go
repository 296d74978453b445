package journey

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
)

const bankLists = "/api/v1/staff/bank-lists"

var bankHeads = []any{"交易日期", "收入金额", "支出金额", "对方户名", "附言", "交易流水号"}

// ownerOf is the name of a home's first owner, as a bank prints it.
func (m *money) ownerOf(home string) string {
	m.T.Helper()
	var sealed string
	apitest.Check(m.T, m.DB.Read(m.T.Context()).Raw("SELECT name FROM owners WHERE property_id = ? ORDER BY position LIMIT 1", home).Scan(&sealed).Error)
	name, err := m.Vault.Reveal("owner.name", sealed)
	apitest.Check(m.T, err)
	return name
}

func (m *money) receipts() (n int) {
	m.T.Helper()
	apitest.Check(m.T, m.DB.Read(m.T.Context()).Raw("SELECT COUNT(*) FROM vouchers WHERE stage IN ('entered', 'booked')").Scan(&n).Error)
	return n
}

func chosen(rows ...any) map[string]any {
	var out []any
	for i := 0; i < len(rows); i += 2 {
		out = append(out, map[string]any{"row": rows[i], "pledge_id": rows[i+1]})
	}
	return map[string]any{"rows": out}
}

// TestABanksListBecomesReceiptsOnce goes from a list to booked money, and sends
// the list again, an overlapping one, and one that names the rows otherwise.
func TestABanksListBecomesReceiptsOnce(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		first, second := m.pledge(4, nil).Want(200), m.pledge(5, map[string]any{"sources": []any{source("cash", 700000)}}).Want(200)
		label := m.homes[5].(map[string]any)["label"].(string)
		byHand := m.pledge(6, nil).Want(200).Text("id")
		m.receive(byHand, 1000, "HAND-0000001")
		file := workbook(t, []any{"某银行账户明细"}, bankHeads,
			[]any{m.day, "5,000.00", "", m.ownerOf(m.home(4)), "电梯款", "20260501000001"},
			[]any{m.day, 7000, "", "代付人", label + "加装电梯", "20260501000002"},
			[]any{m.day, "", "88.00", "某公司", "=HYPERLINK(\"http://x\")", "20260501000003"},
			[]any{m.day, "10.00", "", "", "HAND", "HAND-0000001"},
			[]any{"昨天", "1", "", "", "", "20260501000005"},
			[]any{m.day, "1", "", "路人", "房租", "20260501000006"},
			[]any{m.day, "5,000.00", "", m.ownerOf(m.home(4)), "电梯款", "20260501000001"},
		)
		before := m.receipts()
		dry := m.Upload(m.clerk, bankLists+"?dry_run=true", "a.xlsx", file).Want(200)
		m.proposals(dry, first.Text("id"), second.Text("id"))
		var kept int
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT (SELECT COUNT(*) FROM bank_lists) + (SELECT COUNT(*) FROM bank_movements)").Scan(&kept).Error)
		if kept != 0 || dry.Body["id"] != nil {
			t.Errorf("a dry run keeps %d rows", kept)
		}
		list := m.Upload(m.clerk, bankLists, "a.xlsx", file).Want(http.StatusCreated)
		m.proposals(list, first.Text("id"), second.Text("id"))
		one := bankLists + "/" + list.Text("id")
		for body, code := range map[string]any{"row": chosen(99, first.Text("id")), "pledge": chosen(3, "none"), "twice": chosen(3, first.Text("id"), 3, first.Text("id")), "faulty": chosen(7, first.Text("id"))} {
			if got := m.Post(m.clerk, one+"/book", code); got.Status != 422 {
				t.Errorf("%s: %d %s", body, got.Status, got.Raw)
			}
		}
		refused := m.Post(m.clerk, one+"/book", chosen(5, first.Text("id"), 6, byHand)).Code(409, "nothing_entered")
		if refused.Text("refused", 0, "code") != "row_outgoing" || refused.Text("refused", 1, "code") != "receipt_known" {
			t.Errorf("%s", refused.Raw)
		}
		if m.receipts() != before {
			t.Error("something was entered")
		}
		booked := m.Post(m.clerk, one+"/book", chosen(3, first.Text("id"), 8, first.Text("id"))).Want(200)
		if len(booked.Items("entered")) != 1 || booked.Text("refused", 0, "code") != "above_pledge" || booked.Number("refused", 0, "row") != 8 {
			t.Errorf("%s", booked.Raw)
		}
		receipt := booked.Text("entered", 0, "receipt_id")
		m.Post(m.clerk, "/api/v1/staff/receipts/"+receipt+"/check", nil).Code(403, "own_voucher")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+receipt+"/check", nil).Want(200)
		if got := m.status(first.Text("id")); got != "received" {
			t.Error(got)
		}
		m.sentAgain(file, label, second.Text("id"), first.Text("id"))
		m.rejectedRowsAreOpenAgain(one, second.Text("id"))
		m.Get(m.Staff(model.RoleCommunity, apitest.Street+"002"), one).Code(404, "not_found")
		m.unreadable(m.ownerOf(m.home(4)), "代付人", "电梯款")
		m.sound()
	})
}

func (m *money) proposals(a apitest.Answer, first, second string) {
	m.T.Helper()
	if a.Number("rows") != 7 || a.Number("valid") != 5 || a.Number("outgoing") != 1 || a.Number("known") != 0 || a.Text("errors", 0, "code") != "date_unreadable" ||
		a.Number("errors", 0, "row") != 7 || a.Text("errors", 0, "column") != "A" || a.Text("errors", 1, "code") != "repeated" {
		m.T.Errorf("%s", a.Raw)
	}
	if a.Text("items", 0, "proposed_pledge_id") != first || a.Text("items", 1, "proposed_pledge_id") != second || a.Text("items", 0, "candidates", 0, "sure") != "high" {
		m.T.Errorf("%s", a.Raw)
	}
	if a.Text("items", 2, "status") != "outgoing" || len(a.Items("items", 2, "candidates")) != 0 || a.Text("items", 3, "status") != "booked" || a.Text("items", 4, "status") != "open" {
		m.T.Errorf("%s", a.Raw)
	}
}

func (m *money) sentAgain(file []byte, label, second, other string) {
	m.T.Helper()
	again := m.Upload(m.colleague, bankLists, "b.xlsx", file).Want(http.StatusCreated)
	if again.Number("known") != 5 || again.Text("items", 0, "status") != "booked" {
		m.T.Errorf("%s", again.Raw)
	}
	m.Post(m.colleague, bankLists+"/"+again.Text("id")+"/book", chosen(3, second)).Code(409, "nothing_entered")
	// Another export of the same days: other words for the columns, another order, no payer.
	overlap := workbook(m.T.(*testing.T), []any{"流水号", "摘要", "贷方发生额", "记账日期"},
		[]any{"20260501000001", "电梯款", "￥5000", strings.ReplaceAll(m.day, "-", "")}, []any{"20260501000002", label + "加装电梯", "7000.00", m.day}, []any{"20260501000009", "", "1", m.day})
	got := m.Upload(m.clerk, bankLists, "c.xlsx", overlap).Want(http.StatusCreated)
	one := bankLists + "/" + got.Text("id")
	if got.Text("items", 0, "status") != "booked" || got.Text("items", 1, "status") != "open" {
		m.T.Errorf("%s", got.Raw)
	}
	m.Post(m.clerk, one+"/book", chosen(2, second)).Code(409, "nothing_entered")
	before := m.receipts()
	did := make([]int, 8)
	var all sync.WaitGroup
	for i := range did {
		who, path, row := m.clerk, one, 3
		if i%2 == 0 {
			who, path, row = m.colleague, bankLists+"/"+again.Text("id"), 4
		}
		all.Go(func() { did[i] = m.Post(who, path+"/book", chosen(row, second)).Status })
	}
	all.Wait()
	if count(did, 200) != 1 || count(did, 409) != len(did)-1 || m.receipts() != before+1 {
		m.T.Errorf("two clerks with two lists enter one payment: %v, %d more", did, m.receipts()-before)
	}
	if page := m.Get(m.clerk, one+"?page_size=2&page=2").Want(200); len(page.Items("items")) != 1 || page.Number("total") != 3 || page.Number("entered") > 2 {
		m.T.Errorf("%s of %s", page.Raw, other)
	}
}

// rejectedRowsAreOpenAgain sends a receipt back: its row can be entered anew.
func (m *money) rejectedRowsAreOpenAgain(list, pledge string) {
	m.T.Helper()
	waiting := m.Get(m.clerk, "/api/v1/staff/receipts").Want(200)
	if waiting.Number("total") != 1 {
		m.T.Fatalf("%s", waiting.Raw)
	}
	third := m.Staff(model.RoleStreet, apitest.Street)
	m.Post(third, "/api/v1/staff/receipts/"+waiting.Text("items", 0, "id")+"/reject", map[string]any{"reason": "户名不符"}).Want(200)
	if got := m.Get(m.clerk, list).Want(200); got.Text("items", 1, "status") != "open" {
		m.T.Errorf("%s", got.Raw)
	}
	m.Post(m.clerk, list+"/book", chosen(4, pledge)).Want(200)
}

// unreadable looks for texts in the tables of bank lists.
func (m *money) unreadable(texts ...string) {
	m.T.Helper()
	var rows []map[string]any
	apitest.Check(m.T, m.DB.Read(m.T.Context()).Raw("SELECT m.*, l.findings FROM bank_movements m JOIN bank_rows r ON r.movement_id = m.id JOIN bank_lists l ON l.id = r.list_id").Scan(&rows).Error)
	stored := fmt.Sprint(rows)
	for _, text := range texts {
		if strings.Contains(stored, text) {
			m.T.Errorf("%q can be read in the database", text)
		}
	}
}

// TestRowsWithoutAReferenceAreKnownByTheirFacts has two equal payments of one
// day stay two, however often the list is sent.
func TestRowsWithoutAReferenceAreKnownByTheirFacts(t *testing.T) {
	h := apitest.SQLite(t)
	m := moneyOf(open(t, h), "供电局家属院")
	id := m.pledge(4, nil).Want(200).Text("id")
	row := []any{m.day, "10.00", "", "某人", id}
	file := workbook(t, bankHeads[:5], row, row)
	for want := range 2 {
		list := m.Upload(m.clerk, bankLists, "a.xlsx", file).Want(http.StatusCreated)
		if list.Number("known") != float64(2*want) || list.Number("valid") != 2 {
			t.Errorf("%s", list.Raw)
		}
		body := chosen(2, id, 3, id)
		if want == 0 {
			if got := m.Post(m.clerk, bankLists+"/"+list.Text("id")+"/book", body).Want(200); len(got.Items("entered")) != 2 {
				t.Errorf("%s", got.Raw)
			}
			continue
		}
		m.Post(m.clerk, bankLists+"/"+list.Text("id")+"/book", body).Code(409, "nothing_entered")
	}
	m.Upload(m.clerk, bankLists, "a.xlsx", []byte("no workbook")).Code(422, "bank_list_unreadable")
	m.Upload(m.clerk, bankLists, "a.xlsx", workbook(t, []any{"姓名", "电话"})).Code(422, "bank_list_no_header")
	rows := make([][]any, 5002)
	for i := range rows {
		rows[i] = []any{m.day, "1", "", "", fmt.Sprint(i)}
	}
	rows[0] = bankHeads
	m.Upload(m.clerk, bankLists, "a.xlsx", workbook(t, rows...)).Code(413, "bank_list_too_many")
}
