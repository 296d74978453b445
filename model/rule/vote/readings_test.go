package vote

import (
	"slices"
	"testing"

	"gongdi/model/quantity"
)

func flatsOf(n int64) Count { return Count{Heads: n, Area: quantity.Area(n * 8000)} }

func TestSilenceFollowsTheMajorityOfBothMeasures(t *testing.T) {
	for _, c := range []struct {
		name          string
		agree, oppose Count
		wantAgree     int64
		wantOppose    int64
		want          bool
	}{
		{"more agree", flatsOf(5), flatsOf(4), 8, 4, true},
		{"more oppose", flatsOf(4), flatsOf(5), 4, 8, true},
		{"as many of each: nobody is added", flatsOf(4), flatsOf(4), 4, 4, false},
		{"more heads but less area: nobody is added", Count{5, 100}, Count{4, 200}, 5, 4, false},
		{"more heads and as much area: nobody is added", Count{5, 100}, Count{4, 100}, 5, 4, false},
		{"nobody came: nobody is added", Count{}, Count{}, 0, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := FollowMajority(Totals{Agree: c.agree, Oppose: c.oppose}, flatsOf(3))
			if ok != c.want || got.Agree.Heads != c.wantAgree || got.Oppose.Heads != c.wantOppose {
				t.Errorf("got %+v %v", got, ok)
			}
		})
	}
}

func TestSmallGroupsAreNotShown(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []int64
		want  []bool
	}{
		{"five are enough, four are not, and two hidden hide each other", []int64{5, 4, 3}, []bool{true, false, false}},
		{"one hidden alone takes the smallest shown with it", []int64{9, 4, 6}, []bool{true, false, false}},
		{"two hidden of one each are not enough together", []int64{9, 1, 6, 1}, []bool{true, false, false, false}},
		{"five hidden together are enough", []int64{9, 1, 4}, []bool{true, false, false}},
		{"of an empty part there is nothing to subtract", []int64{9, 0, 6}, []bool{true, false, true}},
		{"all are large", []int64{5, 5}, []bool{true, true}},
		{"one part alone", []int64{4}, []bool{false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var parts []Totals
			for _, n := range c.parts {
				parts = append(parts, Totals{Agree: flatsOf(n)})
			}
			if got := Shown(parts); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
