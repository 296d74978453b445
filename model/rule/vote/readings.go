package vote

// FollowMajority is the count as an estate's own rule on silence would read it
// (从多数): who was given the ballot and stayed silent goes with the side that
// has more of those who came, heads and area both. Where no side has more of
// both, nobody is added and it is false. Abstaining is no side.
//
// It is information beside the result and never the result: art. 278 asks who
// took part.
//
// Law: 《业主大会和业主委员会指导规则》 (建房〔2009〕274号) art. 26, 「未参与表决的业主，其投票权数
// 是否可以计入已表决的多数票，由管理规约或者业主大会议事规则规定」.
// Choice: docs/adr/0009-silence.md.
func FollowMajority(t Totals, silent Count) (Totals, bool) {
	more := func(a, b Count) bool { return a.Heads > b.Heads && a.Area > b.Area }
	switch {
	case more(t.Agree, t.Oppose):
		t.Agree = t.Agree.Add(silent)
	case more(t.Oppose, t.Agree):
		t.Oppose = t.Oppose.Add(silent)
	default:
		return t, false
	}
	return t, true
}

// LeastShown is how many must have taken part before a part's figures are shown
// to residents: of fewer, neighbours would read each other's choice.
const LeastShown = 5

// Shown says which parts of a whole may be shown beside it: those in which
// enough took part. What is hidden could be had by subtraction; so the smallest
// of the shown are hidden with it, until it is several parts in which together
// enough took part.
func Shown(parts []Totals) []bool {
	shown := make([]bool, len(parts))
	hidden, together := 0, int64(0)
	for i, p := range parts {
		came := p.Participating().Heads
		shown[i] = came >= LeastShown
		if !shown[i] && came+p.Invalid.Heads > 0 {
			hidden, together = hidden+1, together+came
		}
	}
	for hidden == 1 || hidden > 0 && together < LeastShown {
		smallest := smallestShown(parts, shown)
		if smallest < 0 {
			break
		}
		shown[smallest] = false
		hidden, together = hidden+1, together+parts[smallest].Participating().Heads
	}
	return shown
}

func smallestShown(parts []Totals, shown []bool) int {
	smallest := -1
	for i, p := range parts {
		if shown[i] && (smallest < 0 || p.Participating().Heads < parts[smallest].Participating().Heads) {
			smallest = i
		}
	}
	return smallest
}
