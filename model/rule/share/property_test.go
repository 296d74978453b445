package share

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdi/model/quantity"
)

type plan struct {
	amount quantity.Fen
	by     Sharing
	homes  []Home
}

// anyPlan draws a stairwell of a hillside block, and a way to share what may
// be a few fen or as much as there can be.
func anyPlan(t *rapid.T) plan {
	p := plan{by: Sharing{Mode: rapid.SampledFrom(Modes).Draw(t, "mode"), Coefficients: map[int]int64{}, Percents: map[int]int64{}}}
	p.amount = quantity.Fen(rapid.OneOf(rapid.Int64Range(0, 50), rapid.Int64Range(0, 80_000_000), rapid.Int64Range(0, int64(quantity.MaxFen))).Draw(t, "amount"))
	low, floors := rapid.IntRange(-2, 1).Draw(t, "lowest"), rapid.IntRange(1, 9).Draw(t, "floors")
	largest := rapid.SampledFrom([]int64{3, 200, 100_000}).Draw(t, "largest coefficient")
	left := int64(wholePercent)
	for f := low; f < low+floors; f++ {
		floor := f
		p.by.Coefficients[floor] = rapid.Int64Range(0, largest).Draw(t, "coefficient")
		p.by.Percents[floor] = rapid.Int64Range(0, left).Draw(t, "percent")
		left -= p.by.Percents[floor]
		for door := range rapid.IntRange(1, 5).Draw(t, "doors") {
			h := Home{
				ID: fmt.Sprintf("%d-%d", floor, door), Building: "2栋", Unit: "10单元", Room: fmt.Sprintf("%d0%d", floor, door+1), Floor: &floor,
				Area: quantity.Area(rapid.Int64Range(1, 1_000_000_000).Draw(t, "area")), Out: rapid.IntRange(0, 5).Draw(t, "out") == 0,
			}
			if rapid.IntRange(0, 5).Draw(t, "own") == 0 {
				c := rapid.Int64Range(0, largest).Draw(t, "own coefficient")
				h.Coefficient = &c
			}
			p.homes = append(p.homes, h)
		}
	}
	p.by.Percents[low+floors-1] += left
	p.agree(t)
	return p
}

// agree gives fixed amounts that are the whole.
func (p *plan) agree(t *rapid.T) {
	left := p.amount
	for i := range p.homes {
		p.homes[i].Fixed = quantity.Fen(rapid.Int64Range(0, int64(left)).Draw(t, "fixed"))
		if !p.homes[i].pays() {
			continue
		}
		left -= p.homes[i].Fixed
	}
	for i := range p.homes {
		if p.homes[i].pays() {
			p.homes[i].Fixed += left
			return
		}
	}
}

func (p plan) divide(t *rapid.T) []Share {
	shares, err := Divide(p.amount, p.by, p.homes)
	var r *Refusal
	switch {
	case err == nil:
		return shares
	case !errors.As(err, &r):
		t.Fatalf("refused with %v", err)
	case !slices.Contains([]string{"nobody_pays", "floor_without_payer", "fixed_not_whole"}, r.Code):
		t.Fatalf("refused with %v", r)
	}
	t.Skip("refused, as such a plan must be")
	return nil
}

// quotas is the second implementation of the weights: each home's part of the
// whole, as a ratio.
func (p plan) quotas() map[string]*big.Rat {
	weight := map[string]*big.Rat{}
	on := map[int]int64{}
	for _, h := range p.homes {
		if h.Out || h.Coefficient != nil && *h.Coefficient == 0 {
			continue
		}
		on[*h.Floor]++
	}
	sum := new(big.Rat)
	for _, h := range p.homes {
		w := new(big.Rat)
		if !h.Out && (h.Coefficient == nil || *h.Coefficient != 0) {
			c := p.by.Coefficients[*h.Floor]
			if h.Coefficient != nil {
				c = *h.Coefficient
			}
			switch p.by.Mode {
			case Coefficient:
				w.SetInt64(c)
			case CoefficientArea:
				w.Mul(big.NewRat(c, 1), big.NewRat(int64(h.Area), 1))
			case PercentByFloor:
				w.SetFrac64(p.by.Percents[*h.Floor], on[*h.Floor])
			case Area:
				w.SetInt64(int64(h.Area))
			case Equal:
				w.SetInt64(1)
			case Fixed:
				w.SetInt64(int64(h.Fixed))
			}
		}
		weight[h.ID] = w
		sum.Add(sum, w)
	}
	for _, w := range weight {
		if sum.Sign() > 0 {
			w.Mul(w, big.NewRat(int64(p.amount), 1)).Quo(w, sum)
		}
	}
	return weight
}

// byHand divides by largest remainder in ratios.
func (p plan) byHand() map[string]quantity.Fen {
	quotas := p.quotas()
	ids := make([]Home, len(p.homes))
	copy(ids, p.homes)
	slices.SortFunc(ids, func(a, b Home) int { // the second order of one stairwell: floor, then door
		if *a.Floor != *b.Floor {
			return *a.Floor - *b.Floor
		}
		return slices.IndexFunc(p.homes, func(h Home) bool { return h.ID == a.ID }) - slices.IndexFunc(p.homes, func(h Home) bool { return h.ID == b.ID })
	})
	parts, left := map[string]quantity.Fen{}, p.amount
	rest := map[string]*big.Rat{}
	for _, h := range ids {
		whole := new(big.Int).Quo(quotas[h.ID].Num(), quotas[h.ID].Denom())
		parts[h.ID] = quantity.Fen(whole.Int64())
		rest[h.ID] = new(big.Rat).Sub(quotas[h.ID], new(big.Rat).SetInt(whole))
		left -= parts[h.ID]
	}
	for ; left > 0; left-- {
		best := ids[0].ID
		for _, h := range ids {
			if rest[h.ID].Cmp(rest[best]) > 0 {
				best = h.ID
			}
		}
		parts[best]++
		rest[best] = big.NewRat(-1, 1)
	}
	return parts
}

func fenOf(shares []Share) map[string]quantity.Fen {
	out := map[string]quantity.Fen{}
	for _, s := range shares {
		out[s.Home.ID] = s.Fen
	}
	return out
}

// TestSharesAreWhole holds for any plan: the shares sum to the amount, none is
// negative, equal weights differ by at most one fen, nobody pays who does not
// join, the order of the homes does not matter, and another way to reckon
// gives the same.
func TestSharesAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(t)
		shares := p.divide(t)
		sum := quantity.Fen(0)
		for i, s := range shares {
			sum += s.Fen
			if s.Fen < 0 || !s.Home.pays() && s.Fen != 0 {
				t.Errorf("%s pays %s", s.Home.ID, s.Fen)
			}
			for _, other := range shares[i+1:] {
				if d := s.Fen - other.Fen; s.Weight == other.Weight && (d > 1 || d < -1) {
					t.Errorf("%s pays %s and %s, of the same weight, %s", s.Home.ID, s.Fen, other.Home.ID, other.Fen)
				}
			}
		}
		if sum != p.amount || len(shares) != len(p.homes) {
			t.Errorf("%d shares sum to %s, not %s", len(shares), sum, p.amount)
		}
		if diff := cmp.Diff(p.byHand(), fenOf(shares)); diff != "" {
			t.Error(diff)
		}
		other := plan{p.amount, p.by, slices.Clone(p.homes)}
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) //nolint:gosec // a test's
		dice.Shuffle(len(other.homes), func(i, j int) { other.homes[i], other.homes[j] = other.homes[j], other.homes[i] })
		if diff := cmp.Diff(shares, other.divide(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestLateJoinersBuyInAsIfFromTheStart holds for any plan and any who join
// later: what they pay is given back to the last fen, nobody pays twice, nobody
// is given back more than they paid, and after it all have borne what a division
// from the start gives, within one fen for those who joined before.
func TestLateJoinersBuyInAsIfFromTheStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(t)
		if p.by.Mode == Fixed {
			t.Skip("fixed amounts are agreed anew")
		}
		late := plan{p.amount, p.by, slices.Clone(p.homes)}
		for i := range late.homes {
			late.homes[i].Out = late.homes[i].Out && rapid.Bool().Draw(t, "stays out")
		}
		paid, as := fenOf(p.divide(t)), late.divide(t)
		moves, err := BuyIn(paid, as)
		if err != nil {
			t.Fatal(err)
		}
		in, back := quantity.Fen(0), quantity.Fen(0)
		for i, m := range moves {
			in, back = in+m.Pays, back+m.Back
			was, now := paid[m.HomeID], paid[m.HomeID]+m.Pays-m.Back
			if m.Pays < 0 || m.Back < 0 || m.Pays > 0 && was > 0 || now < 0 {
				t.Errorf("%s paid %s, now pays %s and is given back %s", m.HomeID, was, m.Pays, m.Back)
			}
			if d := now - as[i].Fen; d > 1 || d < -1 || was == 0 && d != 0 {
				t.Errorf("%s has borne %s, from the start %s", m.HomeID, now, as[i].Fen)
			}
		}
		if in != back {
			t.Errorf("%s came in and %s was given back", in, back)
		}
	})
}

// TestAnyBillIsSharedOrRefused holds for any figures, sound or not.
func TestAnyBillIsSharedOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		any64 := rapid.OneOf(rapid.Int64Range(-5, 5), rapid.Int64Range(0, 80_000_000), rapid.Int64())
		money := func(label string) quantity.Fen { return quantity.Fen(any64.Draw(t, label)) }
		highest := money("cap")
		b := Bill{Cost: money("cost"), Compensation: money("compensation"), Other: money("other"), Subsidy: Subsidy{
			Grant:  rapid.SampledFrom([]Grant{NoGrant, FixedGrant, PercentGrant}).Draw(t, "grant"),
			Amount: money("amount"), Percent: any64.Draw(t, "percent"), Cap: &highest,
		}}
		toShare, subsidy, err := b.ToShare()
		if err != nil {
			return
		}
		if toShare < 0 || subsidy < 0 || subsidy > b.Cost || toShare != b.Cost+b.Compensation-subsidy-b.Other {
			t.Errorf("%+v: %s to share with a subsidy of %s", b, toShare, subsidy)
		}
	})
}
