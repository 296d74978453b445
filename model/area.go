// Package model says what the office's things are: areas and estates, people
// and staff, motions, rolls and ballots, the states they go through, and who
// may do what. It holds no queries and knows no JSON.
package model

import (
	"strings"
	"time"
)

// AreaType is a level of the administrative division.
type AreaType string

// The levels that the product knows.
const (
	County    AreaType = "county"    // 县
	Street    AreaType = "street"    // 街道
	Community AreaType = "community" // 社区
)

// Area is a part of the administrative division (行政区划), named by its
// statistical code: six digits a county, nine a street, twelve a community.
// A code's prefix is the area above it.
type Area struct {
	Code      string `gorm:"primaryKey"`
	Name      string
	Type      AreaType
	Parent    string
	CreatedAt time.Time
}

// Within reports whether an area code lies in, or is, another one.
func Within(code, outer string) bool { return outer != "" && strings.HasPrefix(code, outer) }

// StreetOf is the street that a community's or street's code belongs to, and
// nothing for a county.
func StreetOf(code string) string {
	if len(code) < 9 {
		return ""
	}
	return code[:9]
}
