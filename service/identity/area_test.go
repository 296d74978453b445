package identity_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/service/identity"
)

func TestOneOfSeveralStartersSeedsTheStreet(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.exec("DELETE FROM areas")
		var starters sync.WaitGroup
		for range 6 {
			starters.Go(func() {
				if err := b.SeedAreas(ctx, county, street); err != nil {
					t.Error(err)
				}
			})
		}
		starters.Wait()
		b.must(b.SeedAreas(ctx, county, identity.Place{Code: "520523002", Name: "岩孔街道"}))
		if n := b.count("SELECT COUNT(*) FROM areas"); n != 2 {
			t.Errorf("%d areas", n)
		}
		for _, street := range []identity.Place{{}, {Code: "520524001", Name: "他县"}, {Code: "52052300", Name: "短"}, {Code: "52052300X", Name: "字"}, {Code: street.Code}} {
			if err := b.SeedAreas(ctx, county, street); !errors.Is(err, identity.ErrSeedAreas) {
				t.Errorf("%+v: %v", street, err)
			}
		}
	})
}

func TestAreasAreTheCallersPartOfTheTree(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for _, code := range []string{"520523001002", "520523001001"} {
			b.exec("INSERT INTO areas (code, name, type, parent, created_at) VALUES (?, ?, 'community', ?, ?)", code, code, street.Code, time.Now().UTC())
		}
		for _, c := range []struct {
			name, area string
			want       []string // codes, depth first
		}{
			{"the county's", county.Code, []string{county.Code, street.Code, "520523001001", "520523001002"}},
			{"the street's", street.Code, []string{street.Code, "520523001001", "520523001002"}},
			{"a community's", "520523001002", []string{"520523001002"}},
			{"one that is not there", "520523009", nil},
			{"nobody's", "", nil},
		} {
			tree, err := b.Areas(ctx, model.Caller{Kind: model.StaffSession, AreaCode: c.area})
			b.must(err)
			var got []string
			var walk func(parts []identity.Division)
			walk = func(parts []identity.Division) {
				for _, part := range parts {
					got = append(got, part.Code)
					walk(part.Parts)
				}
			}
			walk(tree)
			if len(got) != len(c.want) {
				t.Errorf("%s: %v", c.name, got)
				continue
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("%s: %v", c.name, got)
				}
			}
			if len(c.want) > 0 && len(tree) != 1 {
				t.Errorf("%s: not one tree", c.name)
			}
		}
	})
}
