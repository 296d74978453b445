package evidence

import (
	"cmp"
	"slices"
	"strings"

	"gongdi/model"
)

// RollLine is one voter of the frozen roll (表决名册上的一户) as it is proven.
type RollLine struct {
	Ref        string `json:"ref"`
	Heads      int64  `json:"heads"`
	Area       Area   `json:"area_m2"`
	Incomplete bool   `json:"incomplete"` // owner or area not known; in the denominator all the same
	Parts      string `json:"parts"`      // PartsDigest of what the voter votes for
}

// PartsDigest binds a voter's frozen properties without telling where they are:
// who owned what, with which area from which source. Their ids are made by
// chance and cannot be guessed. The order of the properties says nothing.
func PartsDigest(properties []model.RollProperty) string {
	ordered := slices.SortedFunc(slices.Values(properties), func(a, b model.RollProperty) int {
		return cmp.Compare(a.PropertyID, b.PropertyID)
	})
	r := newRecord(partsFormat)
	r.number("properties", int64(len(ordered)))
	for _, p := range ordered {
		r.field("property_id", p.PropertyID)
		if p.Area != nil {
			r.field("area_m2", p.Area.String())
		}
		r.field("use", string(p.Use))
		r.field("area_source", string(p.AreaSource))
		r.field("owner_ids", p.OwnerIDs)
	}
	return r.digest()
}

// RollDigest is the fingerprint of a roll (名册指纹), the same whatever the order
// of its lines.
func RollDigest(motionID string, lines []RollLine) string {
	if !slices.IsSortedFunc(lines, byRef) {
		lines = slices.SortedStableFunc(slices.Values(lines), byRef)
	}
	r := newRecord(rollFormat)
	r.field("motion_id", motionID)
	r.number("voters", int64(len(lines)))
	for _, l := range lines {
		r.field("ref", l.Ref)
		r.number("heads", l.Heads)
		r.field("area_m2", l.Area.String())
		r.yes("incomplete", l.Incomplete)
		r.field("parts", l.Parts)
	}
	return r.digest()
}

func byRef(a, b RollLine) int { return strings.Compare(a.Ref, b.Ref) }

func (l RollLine) normal() RollLine { return l }
