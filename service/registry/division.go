package registry

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

// site is an estate of a list, with the lines that belong to it.
type site struct {
	estate    model.Estate
	community string
	fresh     bool // not stored yet
	lines     []*line
	seen      map[string]bool // homes, by key
	years     map[int]int     // how many lines say so
}

// division is the part of the tree of areas that a list may speak of.
type division struct {
	caller      model.Caller
	street      string
	communities []model.Area
	fresh       []model.Area // of the communities, those not stored yet
	sites       []*site      // all estates in the caller's area
	used        []*site      // those in the list, in its order
}

const (
	communitiesOf = "SELECT * FROM areas WHERE parent = ? AND type = 'community' AND code LIKE ? ORDER BY code"
	estatesIn     = "SELECT * FROM estates WHERE area_code LIKE ? ORDER BY id"
)

func divisionOf(db *gorm.DB, caller model.Caller) (*division, error) {
	d := &division{caller: caller, street: model.StreetOf(caller.AreaCode)}
	if err := db.Raw(communitiesOf, d.street, caller.AreaCode+"%").Scan(&d.communities).Error; err != nil {
		return nil, fmt.Errorf("read the communities of %s: %w", d.street, err)
	}
	var estates []model.Estate
	if err := db.Raw(estatesIn, caller.AreaCode+"%").Scan(&estates).Error; err != nil {
		return nil, fmt.Errorf("read the estates of %s: %w", caller.AreaCode, err)
	}
	for _, e := range estates {
		d.sites = append(d.sites, &site{estate: e, community: d.nameOf(e.AreaCode)})
	}
	return d, nil
}

func (d *division) nameOf(code string) string {
	for _, c := range d.communities {
		if c.Code == code {
			return c.Name
		}
	}
	return ""
}

var communityWords = []string{"社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区"}

// communityKey makes one of 鼓场街道新城社区, 新城社区居委会 and 新城.
func communityKey(name string) string {
	if _, after, ok := strings.Cut(name, "街道"); ok && after != "" {
		name = after
	}
	for _, word := range communityWords {
		if core, ok := strings.CutSuffix(name, word); ok && core != "" {
			return core
		}
	}
	return name
}

// community is the code of a line's community. Where a list names none it is
// the caller's own, or the street itself.
func (d *division) community(name string) (string, error) {
	if name == "" {
		return d.caller.AreaCode, nil
	}
	key := communityKey(name)
	at := slices.IndexFunc(d.communities, func(c model.Area) bool { return communityKey(c.Name) == key })
	switch {
	case at >= 0:
		return d.communities[at].Code, nil
	case d.caller.AreaCode != d.street:
		return "", ErrOutsideArea
	}
	return d.found(name)
}

// found adds a community with the next free three digits below the street.
func (d *division) found(name string) (string, error) {
	for n := 1; n <= 999; n++ {
		code := fmt.Sprintf("%s%03d", d.street, n)
		if slices.ContainsFunc(d.communities, func(c model.Area) bool { return c.Code == code }) {
			continue
		}
		area := model.Area{Code: code, Name: name, Type: model.Community, Parent: d.street}
		d.communities, d.fresh = append(d.communities, area), append(d.fresh, area)
		return code, nil
	}
	return "", ErrAreaFull
}

// site finds the estate of a line. One that a list names without its community
// is the only one of that name in the street; one stored without its community
// is the same when a later list names it.
func (d *division) site(l *line) (*site, error) {
	code, err := d.community(l.community)
	if err != nil {
		return nil, err
	}
	var named []*site
	for _, s := range d.sites {
		if s.estate.Name != l.estate {
			continue
		}
		if s.estate.AreaCode == code {
			return s, nil
		}
		named = append(named, s)
	}
	if l.community == "" && len(named) == 1 {
		return named[0], nil
	}
	for _, s := range named {
		if s.estate.AreaCode == d.street {
			return s, nil
		}
	}
	s := &site{
		estate:    model.Estate{ID: store.NewID(), AreaCode: code, Name: l.estate},
		community: d.nameOf(code), fresh: true,
	}
	d.sites = append(d.sites, s)
	return s, nil
}

// take gives a line to its estate; false when the list has had the home before.
func (d *division) take(l *line) (bool, error) {
	s, err := d.site(l)
	if err != nil {
		return false, err
	}
	if s.seen == nil {
		s.seen, s.years = map[string]bool{}, map[int]int{}
		d.used = append(d.used, s)
	}
	key := l.key()
	if s.seen[key] {
		return false, nil
	}
	s.seen[key] = true
	s.lines = append(s.lines, l)
	if l.builtYear > 0 {
		s.years[l.builtYear]++
	}
	return true, nil
}

// builtYear is the year that most lines give; of equals the later one.
func (s *site) builtYear() *int {
	best, most := 0, 0
	for year, n := range s.years {
		if n > most || n == most && year > best {
			best, most = year, n
		}
	}
	if most == 0 {
		return nil
	}
	return &best
}
