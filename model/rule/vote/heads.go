package vote

import (
	"slices"
	"strconv"
	"strings"

	"gongdi/model/quantity"
)

// A Part is one exclusive part (专有部分) in scope: a home, and a parking space
// or storage room only where the motion includes them. IDs do not repeat.
type Part struct {
	ID   string
	Area quantity.Area

	// Developer marks what the developer (建设单位) has not sold, or sold and
	// not handed over.
	Developer bool

	// Owners are opaque identity keys of the co-owners, in any order.
	Owners []string

	// Known is false as soon as one owner has no document number: a name alone
	// proves no identity.
	Known bool
}

// A Voter is one head (一人) with one ballot for all its parts; their areas add
// up. Key tells voters of one roll apart, is the same whatever the order of
// parts and owners, and holds identity keys: it is not for showing.
type Voter struct {
	Key       string
	Parts     []Part
	Area      quantity.Area
	Developer bool
}

// Count is what the voter weighs: one head and all its area.
func (v Voter) Count() Count { return Count{Heads: 1, Area: v.Area} }

// Heads makes the voters of an owners' vote, in the order in which their first
// part appears: one part is one head; the parts of the same owner, or of the
// same set of co-owners, are one; all the developer's are one. Where an owner's
// identity is not known nothing is joined.
//
// Law: judicial interpretation on partitioned ownership art. 9, 「一个专有部分按
// 一人计算。但建设单位尚未出售和虽已出售但尚未交付的部分，以及同一买受人拥有一个以上
// 专有部分的，按一人计算」. Choice: a set of co-owners is one buyer (同一买受人); a
// person is another owner than the couple that the person belongs to.
func Heads(parts []Part) []Voter { return gather(parts, headOf) }

// Households makes the voters of a survey of willingness: one per part, whoever
// owns it.
func Households(parts []Part) []Voter { return gather(parts, alone) }

func gather(parts []Part, key func(Part) string) []Voter {
	voters := make([]Voter, 0, len(parts))
	at := make(map[string]int, len(parts))
	for _, p := range parts {
		k := key(p)
		i, ok := at[k]
		if !ok {
			i = len(voters)
			at[k] = i
			voters = append(voters, Voter{Key: k, Developer: p.Developer})
		}
		v := &voters[i]
		v.Parts = append(v.Parts, p)
		v.Area += p.Area
	}
	return voters
}

func alone(p Part) string { return "part:" + p.ID }

// headOf quotes each owner so that no two sets of keys read alike.
func headOf(p Part) string {
	if p.Developer {
		return "developer"
	}
	if !p.Known || len(p.Owners) == 0 || slices.Contains(p.Owners, "") {
		return alone(p)
	}
	var b strings.Builder
	b.WriteString("owners:")
	for _, o := range slices.Compact(slices.Sorted(slices.Values(p.Owners))) {
		b.WriteString(strconv.Quote(o))
	}
	return b.String()
}
