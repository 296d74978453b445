package journey

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/service/store"
)

// workbook writes rows to an .xlsx.
func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		apitest.Check(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	var out bytes.Buffer
	apitest.Check(t, f.Write(&out))
	apitest.Check(t, f.Close())
	return out.Bytes()
}

const imports = "/api/v1/staff/complaint-imports"

var ticketHeads = []any{"工单编号", "诉求人", "联系电话", "诉求类型", "诉求内容", "地址", "小区", "分类", "受理时间", "是否保密"}

func TestTicketsOfTheHotlineAreFiledOnce(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		yesterday := h.Now().Add(-24 * time.Hour).In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04:05")
		file := workbook(t, ticketHeads,
			[]any{"BJ-1", "某人", "19900001234", "求助", "楼道灯不亮", "3栋", "临江花园", "", yesterday, "是"},
			[]any{"BJ-2", "", "12", "胡说", "电梯异响", "", "没有的小区", "没有的分类", "昨天", ""},
			[]any{"BJ-1", "", "", "投诉", "同一编号", "", "", "", "", ""},
			[]any{"", "", "", "投诉", "没有编号", "", "", "", "", ""},
			[]any{"BJ-3", "", "", "投诉", "", "", "", "", "", ""},
			[]any{"BJ-4", "", "", "投诉", strings.Repeat("长", 2001), "", "", "", "", ""},
			[]any{},
			[]any{"BJ-5", "", "", "", "物业收费", "", "", "lift", 45000.5, ""},
		)
		dry := h.Upload(s.clerk, imports+"?dry_run=true", "a.xlsx", file).Want(200)
		if dry.Number("filed") != 3 || strings.Contains(string(dry.Raw), `"id"`) || h.Get(s.clerk, "/api/v1/staff/complaints").Want(200).Number("total") != 0 {
			t.Errorf("%s", dry.Raw)
		}
		got := h.Upload(s.clerk, imports, "a.xlsx", file).Want(http.StatusCreated)
		if got.Number("rows") != 7 || got.Number("filed") != 3 || got.Number("known") != 0 || len(got.Items("errors")) != 4 {
			t.Errorf("%s", got.Raw)
		}
		for i, want := range []string{"repeated", "missing", "missing", "too_long"} {
			if got.Text("errors", i, "code") != want || got.Number("errors", i, "row") != float64(4+i) {
				t.Errorf("finding %d: %s", i, got.Raw)
			}
		}
		for _, odd := range []string{"phone_unreadable", "kind_unknown", "estate_unknown", "category_unknown", "time_unreadable"} {
			if !strings.Contains(string(got.Raw), odd) {
				t.Errorf("no %s: %s", odd, got.Raw)
			}
		}
		first := h.Get(s.clerk, cases+got.Text("items", 0, "id")).Want(200)
		if first.Text("ticket_12345") != "BJ-1" || first.Text("kind") != "help" || first.Text("channel") != "hotline_12345" || first.At("anonymous") != true ||
			first.Text("filed_at")[:19] != strings.Replace(yesterday, " ", "T", 1) || first.Text("estate") != "临江花园" {
			t.Errorf("%s", first.Raw)
		}
		again := h.Upload(s.clerk, imports, "b.xlsx", file).Want(http.StatusCreated)
		if again.Number("filed") != 0 || again.Number("known") != 3 || h.Get(s.clerk, "/api/v1/staff/complaints").Want(200).Number("total") != 3 {
			t.Errorf("%s", again.Raw)
		}
		if n := h.Get(s.clerk, "/api/v1/staff/complaints?q=BJ-5").Want(200).Number("total"); n != 1 {
			t.Errorf("%v found by the ticket", n)
		}
		s.steps(s.clerk, got.Text("items", 0, "id"), "accept", "assign", "take")
		h.Post(s.clerk, cases+got.Text("items", 0, "id")+"/answer", map[string]any{"text": "灯已修好，师傅 13900001234"}).Want(200)
		s.exported(got.Text("items", 0, "number"))
	})
}

// exported opens the list as it goes back to the centre.
func (s *street) exported(number string) {
	t := s.T
	t.Helper()
	sheet := s.Get(s.clerk, "/api/v1/staff/complaints.xlsx?status=answered").Want(200)
	book, err := excelize.OpenReader(bytes.NewReader(sheet.Raw))
	apitest.Check(t, err)
	rows, err := book.GetRows("诉求件")
	apitest.Check(t, err)
	if len(rows) != 2 || rows[1][0] != "BJ-1" || rows[1][1] != number || rows[1][12] != "灯已修好，师傅 139****1234" || rows[1][8] != "已答复，待评价" {
		t.Errorf("%q", rows)
	}
	apitest.Check(t, book.Close())
	if back := s.Upload(s.clerk, imports, "back.xlsx", sheet.Raw).Want(http.StatusCreated); back.Number("known") != 1 {
		t.Errorf("what was exported is filed again: %s", back.Raw)
	}
}

func TestTheSameTicketsSentAtOnceAreFiledOnce(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		rows := [][]any{ticketHeads}
		for i := range 20 {
			rows = append(rows, []any{fmt.Sprintf("T-%02d", i), "", "", "投诉", "路灯不亮"})
		}
		file := workbook(t, rows...)
		var at sync.WaitGroup
		for range 3 {
			at.Go(func() { s.Upload(s.clerk, imports, "a.xlsx", file).Want(http.StatusCreated) })
		}
		at.Wait()
		if n := h.Get(s.clerk, "/api/v1/staff/complaints").Want(200).Number("total"); n != 20 {
			t.Errorf("%v cases of 20 tickets", n)
		}
	})
}

func TestWhatIsNoFileOfTicketsIsRefused(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	h.Upload(s.clerk, imports, "a.xlsx", []byte("no workbook")).Code(422, "roster_unreadable")
	h.Upload(s.clerk, imports, "a.xlsx", workbook(t, []any{"工单编号", "姓名"})).Code(422, "tickets_no_header")
	rows := make([][]any, 5002)
	rows[0] = ticketHeads
	for i := range rows[1:] {
		rows[i+1] = []any{fmt.Sprint(i), "", "", "", "x"}
	}
	h.Upload(s.clerk, imports, "a.xlsx", workbook(t, rows...)).Code(413, "tickets_too_many")
}

func TestALongListIsToBeNarrowedBeforeItIsSaved(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	rows := make([]model.Complaint, 10_001)
	for i := range rows {
		rows[i] = model.Complaint{
			ID: store.NewID(), Number: fmt.Sprintf("9%08d", i), AreaCode: apitest.Street, Kind: model.Complaining, Channel: model.ByCall, Status: complaint.Archived,
			FiledAt: h.Now(), DueAt: h.Now(),
		}
	}
	apitest.Check(t, store.Tx(t.Context(), h.DB, func(tx *gorm.DB) error { return tx.CreateInBatches(rows, 200).Error }))
	h.Get(s.clerk, "/api/v1/staff/complaints.xlsx").Code(413, "complaints_too_many")
}
