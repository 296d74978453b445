package bench

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/service/identity"
	"gongdi/service/store"
)

const manyCases = 100_000

// BenchmarkCases reads what the office works with when the street has 100,000
// cases of five years: its lists with their filters, and a month's figures; and
// what a department works with, to which a quarter of them belong.
func BenchmarkCases(b *testing.B) {
	engines(b, func(b *testing.B, address string) {
		t := found(b, address, 100, 1)
		fileMany(b, t.DB, t.Now().UTC())
		month := quantity.DateOf(t.Now().AddDate(0, -1, 0))[:7]
		from, until := string(month)+"-01", string(month)+"-28"
		water := t.department("water")
		arms := []arm{}
		for _, q := range []struct{ name, path string }{
			{"newest", "complaints"},
			{"overdue", "complaints?list=overdue"},
			{"due-today", "complaints?list=due_today"},
			{"mine", "complaints?list=mine"},
			{"filtered", "complaints?status=assigned&department=water&category=water_drain_works&overdue=true"},
			{"month", "complaints?from=" + from + "&until=" + until},
			{"number", "complaints?q=250000123"},
			{"figures", "complaint-statistics?by=category&from=" + from + "&until=" + until},
		} {
			arms = append(arms, arm{q.name, func(int, int64) error {
				return t.send(http.MethodGet, t.clerk, "/api/v1/staff/"+q.path, "", http.StatusOK)
			}})
		}
		for _, q := range []struct{ name, path string }{
			{"own-newest", "complaints"},
			{"own-mine", "complaints?list=mine"},
			{"own-overdue", "complaints?overdue=true"},
			{"own-answered", "complaints?status=archived"},
			{"own-month", "complaints?from=" + from + "&until=" + until},
		} {
			arms = append(arms, arm{q.name, func(int, int64) error {
				return t.send(http.MethodGet, water, "/api/v1/staff/"+q.path, "", http.StatusOK)
			}})
		}
		compare(b, 1, arms...)
	})
}

// department makes an account of a department, and logs it in.
func (t *town) department(code string) (token string) {
	_, err := t.Identity.CreateStaff(t.T.Context(), identity.Console, identity.NewStaff{
		Username: "bench-" + code, Role: model.RoleDepartment, AreaCode: apitest.Street, Department: code, Password: apitest.Password,
	})
	apitest.Check(t.T, err)
	return t.Post("", "/api/v1/staff/session", map[string]any{"username": "bench-" + code, "password": apitest.Password}).Want(http.StatusOK).Text("token")
}

// fileMany writes cases of the last five years: nineteen of twenty are done.
func fileMany(b *testing.B, db *store.DB, now time.Time) {
	b.Helper()
	categories := []struct{ code, department string }{{"water_drain_works", "water"}, {"lift", "market_regulation"}, {"other", "street"}, {"greening", "urban_management"}}
	open := []complaint.State{complaint.Submitted, complaint.Accepted, complaint.Assigned, complaint.Taken, complaint.InProgress}
	apitest.Check(b, store.Tx(b.Context(), db, func(tx *gorm.DB) error {
		rows, parts := make([]model.Complaint, 0, 1000), make([]model.ComplaintHandler, 0, 1000)
		for i := range manyCases {
			at := now.Add(-time.Duration(manyCases-i) * 26 * time.Minute)
			what := categories[i%len(categories)]
			c := model.Complaint{
				ID: store.NewID(), Number: fmt.Sprintf("25%07d", i), AreaCode: apitest.Street + fmt.Sprintf("%03d", i%12), EstateID: fmt.Sprintf("estate%020d", i%100),
				Kind: model.Complaining, Channel: model.ByMiniProgram, CategoryCode: what.code, DepartmentCode: what.department, DepartmentName: "部门", Clause: "负责",
				Status: complaint.Archived, FiledAt: at, DueFrom: at, AcceptDueAt: at.AddDate(0, 0, 1), DueAt: at.AddDate(0, 0, 7), FirstDueAt: at.AddDate(0, 0, 7),
				FiledMonth: string(quantity.DateOf(at))[:7], UpdatedAt: at, ResolveDays: 5, Stars: i % 6,
			}
			if i%20 == 0 && i > manyCases/2 {
				c.Status = open[i/20%len(open)]
			} else {
				answered := at.Add(time.Duration(i%240) * time.Hour)
				c.AnsweredAt, c.DaysTaken = &answered, i%240/24
			}
			rows = append(rows, c)
			parts = append(parts, model.ComplaintHandler{ComplaintID: c.ID, DepartmentCode: what.department, LeadPart: true, State: model.PartAnswered, At: at})
			if len(rows) == cap(rows) {
				apitest.Check(b, tx.CreateInBatches(rows, 100).Error)
				apitest.Check(b, tx.CreateInBatches(parts, 500).Error)
				rows, parts = rows[:0], parts[:0]
			}
		}
		return nil
	}))
}
