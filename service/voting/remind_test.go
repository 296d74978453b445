package voting_test

import (
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

func TestResidentsAreRemindedOnceEachAndOnlyWhoHasNotVoted(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.announce(o.build(home{at: "1-1-1", owners: []string{"甲", "乙"}}, home{at: "1-1-2"}))
		b.e.bind("租户", "1-1-2", model.RelationTenant)
		remind := func() {
			t.Helper()
			for range 2 {
				o.must(o.Remind(o.ctx))
			}
		}
		told := func(name, kind string) int64 { return b.inbox(b.e.person(name), kind) }
		expect := func(when string, kind string, want map[string]int64) {
			t.Helper()
			for name, n := range want {
				if got := told(name, kind); got != n {
					t.Errorf("%s: %s was told %s %d times, want %d", when, name, kind, got, n)
				}
			}
		}
		remind()
		expect("before it opens", "motion_opened", map[string]int64{"甲": 0})
		o.clock.set(b.m.OpensAt)
		remind()
		expect("open", "motion_opened", map[string]int64{"甲": 1, "乙": 1, "owner of 1-1-2": 1, "租户": 0})
		b.cast("1-1-1", vote.Agree)
		o.clock.set(b.m.ClosesAt.Add(-48 * time.Hour).Add(-ms))
		remind()
		expect("a moment too early", "motion_closing_48h", map[string]int64{"owner of 1-1-2": 0})
		o.clock.set(b.m.ClosesAt.Add(-48 * time.Hour))
		remind()
		expect("two days left", "motion_closing_48h", map[string]int64{"甲": 0, "乙": 0, "owner of 1-1-2": 1})
		later := b.m.ClosesAt.Add(72 * time.Hour)
		_, err := o.Extend(o.ctx, street, b.m.ID, later, "下雨")
		o.must(err)
		o.clock.set(later.Add(-48 * time.Hour))
		remind()
		expect("extended", "motion_closing_48h", map[string]int64{"甲": 0, "owner of 1-1-2": 2})
		o.clock.set(later.Add(-3 * time.Hour))
		remind()
		expect("four hours left", "motion_closing_4h", map[string]int64{"甲": 0, "owner of 1-1-2": 1})
		b.finish()
		remind()
		expect("sealed", "motion_result", map[string]int64{"甲": 1, "乙": 1, "owner of 1-1-2": 1, "租户": 0})
		o.clock.set(later.Add(300 * time.Hour))
		remind()
		if b.number("SELECT COUNT(*) FROM resident_tidings WHERE kind = 'motion_result' AND (text LIKE '%：未通过。%' OR text LIKE '%：已通过。%') AND push_fields LIKE '%\"result\":\"_通过\"%'") != 3 {
			t.Error("the result is not said")
		}
		expect("long after", "motion_result", map[string]int64{"甲": 1})
	})
}
