package journey

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/funds"
	"gongdi/service/store"
)

// cells are the rows of a workbook's first sheet, as Excel shows them.
func cells(t *testing.T, a apitest.Answer) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(a.Raw))
	apitest.Check(t, err)
	rows, err := f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
	apitest.Check(t, err)
	return rows
}

// column adds up the rows but the last, and gives the last beside it, in fen.
func column(t *testing.T, rows [][]string, head string) (sum, printed int) {
	t.Helper()
	at := slices.Index(rows[0], head)
	for i, row := range rows[1:] {
		yuan, err := strconv.ParseFloat(row[at], 64)
		apitest.Check(t, err)
		fen := int(yuan*100 + 0.5)
		if i == len(rows)-2 {
			printed = fen
		} else {
			sum += fen
		}
	}
	return sum, printed
}

// TestPapersSayWhatTheScreenSays compares what leaves with what is shown, and
// looks for who may have it.
func TestPapersSayWhatTheScreenSays(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		id := m.pledge(4, map[string]any{"sources": []any{source("cash", 500000), source("donation", 7)}}).Want(200).Text("id")
		other := m.pledge(5, nil).Want(200).Text("id")
		m.Post(m.owners[5], "/api/v1/pledges/"+other+"/withdraw", nil).Want(200)
		entry := m.entry(200001, "=1+1")
		entry["source"] = "cash"
		receipt := m.Post(m.clerk, pledges+"/"+id+"/receipts", entry).Want(201).Text("id")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+receipt+"/check", nil).Want(200)
		spent := m.Post(m.clerk, "/api/v1/staff/expenses", map[string]any{
			"purpose": map[string]any{"type": "lift", "id": m.plan}, "source": "cash", "amount_fen": 1, "paid_on": m.day, "reference": "F1", "note": "@勘察费",
		}).Want(201).Text("id")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+spent+"/check", nil).Want(200)

		of := "?purpose_type=lift&purpose_id=" + m.plan
		plan := m.Get(m.clerk, lifts+"/"+m.plan).Want(200)
		table := cells(t, m.Get(m.clerk, lifts+"/"+m.plan+"/shares.xlsx").Want(200))
		if sum, printed := column(t, table, "出资（元）"); sum != printed || sum != int(plan.Number("to_share_fen")) || len(table) != len(m.homes)+2 {
			t.Errorf("shares %d, printed %d of %v", sum, printed, plan.Number("to_share_fen"))
		}
		list := cells(t, m.Get(m.clerk, "/api/v1/staff/pledges.xlsx"+of).Want(200))
		shown := m.Get(m.owners[0], "/api/v1/lift-plans/"+m.plan+"/funds").Want(200)
		if _, printed := column(t, list, "认缴（元）"); printed != int(shown.Number("pledged_fen")) || len(list) != 5 || list[3][7] != "已撤回" {
			t.Errorf("%v beside %s", list, shown.Raw)
		}
		if sum, printed := column(t, list, "净到账（元）"); sum != printed || sum != 200001 {
			t.Errorf("%d came in, %d is printed", sum, printed)
		}
		book := m.Get(m.clerk, "/api/v1/staff/ledger.xlsx"+of).Want(200)
		ledger := cells(t, book)
		if in, printed := column(t, ledger, "收入（元）"); in != printed || in != int(shown.Number("in_fen")) {
			t.Errorf("%d, %d beside %s", in, printed, shown.Raw)
		}
		if text := fmt.Sprint(ledger); !strings.Contains(text, "'=1+1") || !strings.Contains(text, "'@勘察费") {
			t.Errorf("a formula came through: %s", text)
		}
		if whole := cells(t, m.Get(m.clerk, "/api/v1/staff/ledger.xlsx").Want(200)); len(whole) != len(ledger) {
			t.Errorf("%v", whole)
		}
		for _, path := range []string{"/api/v1/staff/pledges.pdf" + of, "/api/v1/staff/ledger.pdf" + of, "/api/v1/staff/ledger.pdf", "/api/v1/staff/certificates.pdf" + of, lifts + "/" + m.plan + "/shares.pdf", pledges + "/" + id + "/certificate.pdf"} {
			if got := m.Get(m.clerk, path).Want(200); !bytes.HasPrefix(got.Raw, []byte("%PDF")) {
				t.Errorf("%s is no PDF", path)
			}
		}
		m.Get(m.clerk, "/api/v1/staff/pledges.pdf?purpose_type=lift&purpose_id=none").Code(422, "invalid_request")
		m.Get(m.clerk, lifts+"/"+m.plan+"/shares.pdf?version=9").Code(404, "not_found")
		m.Get(m.clerk, "/api/v1/staff/certificates.pdf?purpose_type=estate&purpose_id="+m.estates["供电局家属院"]).Code(409, "nothing_to_certify")
		m.Get(m.clerk, pledges+"/"+other+"/certificate.pdf").Code(409, "nothing_to_certify")
		m.Get(m.owners[4], "/api/v1/pledges/"+id+"/certificate.pdf").Want(200)
		m.Get(m.owners[3], "/api/v1/pledges/"+id+"/certificate.pdf").Code(404, "not_found")

		var exports int
		apitest.Check(t, m.DB.Read(t.Context()).Raw("SELECT COUNT(*) FROM audit_log WHERE action LIKE '%export%' AND area_code <> ''").Scan(&exports).Error)
		if exports != 10 { // not what was refused, nor what residents took
			t.Errorf("%d exports are in the log", exports)
		}
	})
}

// TestACertificateNamesNobodyElse gives the office owners' full names, an owner
// their own, and a tenant none.
func TestACertificateNamesNobodyElse(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		m := moneyOf(s, "供电局家属院")
		home := model.Purpose{Type: model.ForEstate, ID: m.estates["供电局家属院"]}
		give := func(token string, fen int) *model.Pledge {
			t.Helper()
			id := m.Post(token, "/api/v1/pledges", map[string]any{"estate_id": home.ID, "property_id": m.home(4), "sources": []any{source("cash", fen)}}).Want(201).Text("id")
			p, err := m.Funds.PledgeOf(t.Context(), m.caller(), id)
			apitest.Check(t, err)
			return p
		}
		tie := map[string]any{"property_id": m.home(4), "name": ownerOf(t, m, m.home(4)), "relation": "owner", "privacy_version": s.Get("", "/api/v1/public/privacy").Text("version")}
		owner := s.Resident("by-the-name")
		tied := s.Post(owner, "/api/v1/me/bindings", tie).Want(201)
		if tied.Text("status") == "pending" {
			s.Post(s.clerk, "/api/v1/staff/bindings/"+tied.Text("id")+"/verify", nil).Want(200)
		}
		tenant := s.bind("lodger", m.home(4), "tenant")
		owned, rented := give(owner, 1000), give(tenant, 300)
		m.receive(rented.ID, 200, "R1")

		office, err := m.Funds.Certificate(t.Context(), m.caller(), owned)
		apitest.Check(t, err)
		if len(office) != 1 || len(office[0].Parts) != 1 || office[0].Parts[0].Pledged != 1300 || office[0].Parts[0].In != 200 || len(office[0].Vouchers) != 1 || office[0].Share != nil {
			t.Errorf("%+v", office)
		}
		names := office[0].Owners
		own, err := m.Funds.OwnCertificate(t.Context(), model.Caller{Kind: model.ResidentSession, ID: owned.ResidentID}, owned)
		apitest.Check(t, err)
		if own[0].Owners[0] != names[0] || own[0].Parts[0].Pledged != 1300 {
			t.Errorf("the owner reads %+v", own)
		}
		lodger, err := m.Funds.OwnCertificate(t.Context(), model.Caller{Kind: model.ResidentSession, ID: rented.ResidentID}, rented)
		apitest.Check(t, err)
		if slices.Equal(lodger[0].Owners, names) || lodger[0].Parts[0].Pledged != 300 {
			t.Errorf("the tenant reads %+v", lodger)
		}
		all, err := m.Funds.CertificatesFor(t.Context(), m.caller(), m.purpose(home))
		apitest.Check(t, err)
		if len(all) != 1 || all[0].Number != office[0].Number {
			t.Errorf("%+v", all)
		}
	})
}

// ownerOf is the full name of a home's first owner.
func ownerOf(t *testing.T, m *money, home string) string {
	t.Helper()
	var sealed string
	apitest.Check(t, m.DB.Read(t.Context()).Raw("SELECT name FROM owners WHERE property_id = ? ORDER BY position LIMIT 1", home).Scan(&sealed).Error)
	name, err := m.Funds.Vault.Reveal("owner.name", sealed)
	apitest.Check(t, err)
	return name
}

func (m *money) caller() model.Caller {
	return model.Caller{Kind: model.StaffSession, ID: store.NewID(), Role: model.RoleStreet, AreaCode: apitest.Street}
}

func (m *money) purpose(of model.Purpose) *funds.Purpose {
	m.T.Helper()
	p, err := m.Funds.PurposeOf(m.T.Context(), m.caller(), of, "")
	apitest.Check(m.T, err)
	return p
}
