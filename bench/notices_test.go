package bench

import (
	"fmt"
	"net/http"
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
	"gorm.io/gorm"
)

// BenchmarkNoticesOfAResident reads one resident's list with 10,000 notices in
// the street, of which a few are theirs.
func BenchmarkNoticesOfAResident(b *testing.B) {
	engines(b, func(b *testing.B, address string) {
		t := found(b, address, 200, 1)
		var estate string
		apitest.Check(b, t.DB.Read(b.Context()).Raw("SELECT estate_id FROM motions LIMIT 1").Scan(&estate).Error)
		now := t.Now().UTC()
		rows := make([]model.Notice, 0, 10_000)
		for i := range cap(rows) {
			audience := estate
			if i%200 > 0 {
				audience = fmt.Sprintf("elsewhere%017d", i)
			}
			rows = append(rows, model.Notice{
				ID: store.NewID(), AreaCode: apitest.Street, Kind: model.Announcement, Subject: "other", Title: "公告", AudienceType: model.ToEstate,
				AudienceID: audience, Stage: model.NoticePublished, Version: 1, BeginsOn: quantity.DateOf(now), PublishedAt: &now, CreatedAt: now, UpdatedAt: now,
			})
		}
		apitest.Check(b, store.Tx(b.Context(), t.DB, func(tx *gorm.DB) error { return tx.CreateInBatches(rows, 200).Error }))
		compare(b, 2, arm{"list", func(worker int, _ int64) error {
			return t.send(http.MethodGet, t.tokens[worker], "/api/v1/notices", "", http.StatusOK)
		}})
	})
}
