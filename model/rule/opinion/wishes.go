package opinion

import "slices"

// Wish is how much a content of a renovation is wanted (改造内容意愿).
type Wish struct {
	Option
	Question string // its code
	Rank     int    // from 1; equal wishes share a rank
	Valid    int64  // the base: who answered the question
	Named    int64  // who named the content
	Share    Hundredths
	First    int64 // who named it first; of a question without an order, 0
	Points   int64 // as in a ranking; without an order one for each who named it

	most int64 // points that one answer can give
}

// Wishes ranks the contents that were named in questions of wishes, by the
// points had out of those that could be had, then by who named them and in the
// questionnaire's order. What nobody named is left out.
func Wishes(figures []Figure) []Wish {
	out := []Wish{}
	for i := range figures {
		f := &figures[i]
		if !f.Question.Wish {
			continue
		}
		for _, c := range f.Counts {
			w := Wish{Option: c.Option, Question: f.Question.Code, Valid: f.Valid, Named: c.N, Share: c.Share, Points: c.N, most: 1}
			if at := slices.IndexFunc(f.Places, func(p Place) bool { return p.Code == c.Code }); at >= 0 {
				w.First, w.Points, w.most = f.Places[at].First, f.Places[at].Points, int64(len(f.Places))
			}
			if w.Named > 0 {
				out = append(out, w)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Wish) int { return b.compare(&a) })
	for i := range out {
		if out[i].Rank = i + 1; i > 0 && out[i].compare(&out[i-1]) == 0 {
			out[i].Rank = out[i-1].Rank
		}
	}
	return out
}

// compare says which of two is wanted more, by cross-multiplying.
func (w *Wish) compare(o *Wish) int {
	if d := w.Points*o.Valid*o.most - o.Points*w.Valid*w.most; d != 0 {
		return sign(d)
	}
	return sign(w.Named*o.Valid - o.Named*w.Valid)
}

func sign(n int64) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	default:
		return 0
	}
}
