package vote

import "gongdi/model/quantity"

// Choice is what a ballot says. The zero value is no ballot at all.
type Choice string

// The choices. Abstaining (弃权) takes part without agreeing; an invalid paper
// (无效) takes no part.
const (
	Agree   Choice = "agree"
	Oppose  Choice = "oppose"
	Abstain Choice = "abstain"
	Invalid Choice = "invalid"
)

// A Count is so many voters (人数) with so much exclusive area (专有部分面积).
type Count struct {
	Heads int64
	Area  quantity.Area
}

// Add is both counts together.
func (c Count) Add(o Count) Count { return Count{Heads: c.Heads + o.Heads, Area: c.Area + o.Area} }

// Sub is what is left of c without o.
func (c Count) Sub(o Count) Count { return Count{Heads: c.Heads - o.Heads, Area: c.Area - o.Area} }

// Totals is a counted vote. Roll is everyone in scope, silent ones too, and is
// never less than the four choices together; no count is negative.
type Totals struct {
	Roll, Agree, Oppose, Abstain, Invalid Count

	// Disputable is the part of Invalid that could be argued to take part: a
	// spoiled paper of an entitled owner, an unsettled dispute of co-owners.
	Disputable Count
}

// Participating is who takes part (参与表决): whoever agreed, opposed or
// abstained. Invalid papers and silence do not.
func (t Totals) Participating() Count { return t.Agree.Add(t.Oppose).Add(t.Abstain) }
