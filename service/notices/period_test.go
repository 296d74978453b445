package notices_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/calendar"
	"gongdi/service/fault"
	"gongdi/service/notices"
	"gongdi/service/safety"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

const community = "520523001001"

var (
	writer   = model.Caller{Kind: model.StaffSession, ID: "writer", Role: model.RoleCommunity, AreaCode: community}
	reviewer = model.Caller{Kind: model.StaffSession, ID: "reviewer", Role: model.RoleCommunity, AreaCode: community}
)

// committee writes notices to an estate of one building with two units.
type committee struct {
	*notices.Service
	t  *testing.T
	at time.Time
}

func each(t *testing.T, test func(t *testing.T, c *committee)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		keys, err := vault.Open(filepath.Join(t.TempDir(), "data.key"), true)
		c := &committee{t: t, at: day("2026-09-24")}
		c.must(err)
		now := func() time.Time { return c.at }
		log := &audit.Log{DB: db, Vault: keys, Now: now}
		c.Service = &notices.Service{DB: db, Vault: keys, Audit: log, Now: now, Safety: &safety.Service{DB: db, Vault: keys, Now: now}}
		c.must((&calendar.Service{DB: db, Audit: log}).Seed(t.Context()))
		c.must(store.Tx(t.Context(), db, func(tx *gorm.DB) error {
			return errors.Join(
				tx.Create(&model.Estate{ID: "estate", AreaCode: community, Name: "测试小区", CreatedAt: c.at}).Error,
				tx.Exec("INSERT INTO buildings (id, estate_id, label, sort_key) VALUES ('building', 'estate', '1栋', '1')").Error,
				tx.Exec("INSERT INTO units (id, estate_id, building_id, label, sort_key) VALUES ('unit', 'estate', 'building', '1单元', '1')").Error,
			)
		}))
		test(t, c)
	})
}

func (c *committee) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// day is nine in the morning of a day.
func day(date string) time.Time { return quantity.Date(date).Start().Add(9 * time.Hour) }

func draft(change func(*notices.Draft)) notices.Draft {
	d := notices.Draft{Kind: model.Publicity, Title: "方案公示", Body: "正文", AudienceType: model.ToUnit, AudienceID: "unit", PublicityDays: 7}
	if change != nil {
		change(&d)
	}
	return d
}

func (c *committee) shown(change func(*notices.Draft)) *model.Notice {
	c.t.Helper()
	n, err := c.Write(c.t.Context(), writer, draft(change))
	c.must(err)
	n, err = c.Publish(c.t.Context(), writer, n.ID, nil)
	c.must(err)
	return n
}

func TestAPeriodIsAsLongAsItsSubjectDemands(t *testing.T) {
	each(t, func(t *testing.T, c *committee) {
		c.Least = map[string]int{"result": 9}
		for subject, least := range map[string]int{"vote": 15, "lift_scheme": 10, "renovation_scheme": 7, "result": 9, "other": 1} {
			for days, refused := range map[int]bool{least - 1: least > 1, least: false} {
				n, err := c.Write(t.Context(), writer, draft(func(d *notices.Draft) { d.Subject, d.PublicityDays = subject, days }))
				var f *fault.Error
				if got := errors.As(err, &f) && f.Code == "publicity_short"; got != refused {
					t.Errorf("%s for %d days: %v", subject, days, err)
				}
				if err == nil && days == 0 && n.PublicityDays != least {
					t.Errorf("%s without days runs %d", subject, n.PublicityDays)
				}
			}
		}
	})
}

func TestAPeriodRunsToTheEndOfItsLastDayAndBeginsAnewWithAVersion(t *testing.T) {
	each(t, func(t *testing.T, c *committee) {
		n := c.shown(nil)
		if n.BeginsOn != "2026-09-24" || n.EndsOn != "2026-10-08" || n.EndsProvisional || n.Version != 1 {
			t.Fatalf("%s to %s, version %d", n.BeginsOn, n.EndsOn, n.Version)
		}
		midnight := quantity.Date("2026-10-09").Start()
		if n.StatusAt(midnight.Add(-time.Millisecond)) != model.NoticeIsPublished || n.StatusAt(midnight) != model.NoticeHasEnded {
			t.Error("it does not end with its last day")
		}
		c.at = day("2026-10-08")
		n, err := c.Revise(t.Context(), writer, n.ID, notices.Revision{Title: "方案公示（修改）", Body: "新的正文", Reason: "更正"})
		c.must(err)
		if n.BeginsOn != "2026-10-08" || n.EndsOn != "2026-10-15" || n.Version != 2 {
			t.Errorf("%s to %s, version %d", n.BeginsOn, n.EndsOn, n.Version)
		}
		versions, err := c.Versions(t.Context(), n.ID)
		c.must(err)
		if len(versions) != 2 {
			t.Errorf("%d versions are readable", len(versions))
		}
		c.at = day("2026-10-16")
		if _, err := c.Revise(t.Context(), writer, n.ID, notices.Revision{Title: "迟", Body: "迟", Reason: "迟"}); !errors.Is(err, notices.ErrOver) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestARevisionOfAReviewedKindWaitsForSomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, c *committee) {
		n := c.shown(nil)
		c.Reviewed = []model.NoticeKind{model.Publicity}
		n, err := c.Revise(t.Context(), writer, n.ID, notices.Revision{Title: "修改", Body: "新的正文", Reason: "更正"})
		c.must(err)
		if n.Version != 1 || n.Title != "方案公示" {
			t.Errorf("version %d is shown before the review", n.Version)
		}
		if _, err := c.Review(t.Context(), writer, n.ID); !errors.Is(err, notices.ErrOwnReview) {
			t.Errorf("one's own: %v", err)
		}
		n, err = c.Review(t.Context(), reviewer, n.ID)
		c.must(err)
		if n.Version != 2 || n.Title != "修改" {
			t.Errorf("version %d, %s", n.Version, n.Title)
		}
		if _, err := c.Review(t.Context(), reviewer, n.ID); !errors.Is(err, notices.ErrNothingToReview) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestNeighboursAreHeardOnALiftUnlessSaidOtherwise(t *testing.T) {
	yes, no := true, false
	each(t, func(t *testing.T, c *committee) {
		for _, k := range []struct {
			subject    string
			kind       model.NoticeKind
			to         model.AudienceType
			id, hears  string
			neighbours *bool
		}{
			{"lift_scheme", model.Publicity, model.ToUnit, "unit", "building", nil},
			{"lift_scheme", model.Publicity, model.ToUnit, "unit", "", &no},
			{"lift_scheme", model.Publicity, model.ToBuilding, "building", "estate", nil},
			{"lift_scheme", model.Publicity, model.ToEstate, "estate", "", nil},
			{"other", model.Publicity, model.ToUnit, "unit", "", nil},
			{"other", model.Publicity, model.ToUnit, "unit", "building", &yes},
			{"other", model.Announcement, model.ToUnit, "unit", "", &yes},
		} {
			n, err := c.Write(t.Context(), writer, draft(func(d *notices.Draft) {
				d.Kind, d.Subject, d.AudienceType, d.AudienceID, d.Neighbours, d.PublicityDays = k.kind, k.subject, k.to, k.id, k.neighbours, 0
			}))
			c.must(err)
			if n.HearsID != k.hears {
				t.Errorf("%s to a %s hears %q, want %q", k.subject, k.to, n.HearsID, k.hears)
			}
		}
	})
}
