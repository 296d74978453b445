package opinion

import (
	"cmp"
	"slices"
	"strconv"
)

// Hundredths are a figure of two decimals, rounded half up: 6667 is 66.67.
type Hundredths int64

// Round divides, rounding half up; half of a negative figure goes away from zero.
func Round(n, d int64) Hundredths {
	if d <= 0 {
		return 0
	}
	if n < 0 {
		return -Round(-n, d)
	}
	return Hundredths((2*n + d) / (2 * d))
}

// Percent is a part of a whole in per cent; of nothing it is 0.
func Percent(part, whole int64) Hundredths { return Round(part*10_000, whole) }

// Count is how often an option was chosen.
type Count struct {
	Option
	N     int64
	Share Hundredths // of the valid answers, in per cent
}

// Place is how an option stands in a ranking.
type Place struct {
	Option
	Named  int64      // how often it was named
	First  int64      // how often it came first
	Points int64      // of n options the first named gets n, the next n-1 and so on
	Mean   Hundredths // the mean place among those who named it; 0 for nobody
}

// Figure is what is reckoned of one question. «Don't know» and what was left
// empty are outside the base, which is Valid.
type Figure struct {
	Question *Question
	Valid    int64
	Unknown  int64
	Missing  int64 // was shown and left empty
	NotShown int64
	Counts   []Count
	Rate     *Hundredths // 满意率, in per cent
	Score    *Hundredths // 满意度得分, the mean of Weights
	Mean     *Hundredths
	Median   *Hundredths
	Places   []Place // the most wanted first
}

// Tally counts answers.
type Tally struct {
	questions []Question
	fairly    bool
	sums      []sum
	parents   []int  // which question each depends on; itself for none
	shown     []bool // of the response that is being counted
	N         int64  // responses
}

type sum struct {
	valid, unknown, missing, notShown int64
	counts, first, places             []int64
	numbers                           map[Decimal]int64
	at                                map[string]int
}

// NewTally begins to count; fairly says whether 基本满意 counts as satisfied.
func NewTally(questions []Question, fairly bool) *Tally {
	t := &Tally{questions: questions, fairly: fairly, sums: make([]sum, len(questions)), parents: parentsOf(questions), shown: make([]bool, len(questions))}
	for i := range questions {
		choices := questions[i].Choices()
		at := make(map[string]int, len(choices))
		for j, o := range choices {
			at[o.Code] = j
		}
		t.sums[i] = newSum(at)
	}
	return t
}

func newSum(at map[string]int) sum {
	n := len(at)
	all := make([]int64, 3*n)
	return sum{counts: all[:n:n], first: all[n : 2*n : 2*n], places: all[2*n:], at: at}
}

// Add counts one response.
func (t *Tally) Add(answers Answers) { t.count(answers, 1) }

// Remove takes one back that was counted.
func (t *Tally) Remove(answers Answers) { t.count(answers, -1) }

func (t *Tally) count(answers Answers, n int64) {
	t.N += n
	shown := show(t.shown, t.questions, t.parents, answers)
	for i := range t.questions {
		s, q := &t.sums[i], &t.questions[i]
		v, given := answers[q.Code]
		switch {
		case !shown[i]:
			s.notShown += n
		case !given:
			s.missing += n
		case v.unknown() && q.Type != Text:
			s.unknown += n
		default:
			s.valid += n
			s.add(q, v, n)
		}
	}
}

func (s *sum) add(q *Question, v Value, n int64) {
	switch q.Type {
	case Single, Satisfaction:
		s.choose(v.Text, n)
	case YesNo:
		s.choose(strconv.FormatBool(v.Yes), n)
	case Scale:
		s.choose(v.Number.String(), n)
		s.number(v.Number, n)
	case Number:
		s.number(v.Number, n)
	case Multiple:
		for _, code := range v.Codes {
			s.choose(code, n)
		}
	case Ranking:
		for place, code := range v.Codes {
			s.choose(code, n)
			j, known := s.at[code]
			if !known {
				continue
			}
			s.places[j] += n * int64(place+1)
			if place == 0 {
				s.first[j] += n
			}
		}
	case Text:
	}
}

func (s *sum) choose(code string, n int64) {
	if j, known := s.at[code]; known {
		s.counts[j] += n
	}
}

func (s *sum) number(v Decimal, n int64) {
	if s.numbers == nil {
		s.numbers = map[Decimal]int64{}
	}
	if s.numbers[v] += n; s.numbers[v] == 0 {
		delete(s.numbers, v)
	}
}

// Figures reckons what was counted.
func (t *Tally) Figures() []Figure {
	out := make([]Figure, len(t.questions))
	for i := range t.questions {
		q, s := &t.questions[i], &t.sums[i]
		f := Figure{Question: q, Valid: s.valid, Unknown: s.unknown, Missing: s.missing, NotShown: s.notShown}
		for j, o := range q.Choices() {
			f.Counts = append(f.Counts, Count{o, s.counts[j], Percent(s.counts[j], s.valid)})
		}
		switch q.Type {
		case Satisfaction:
			f.Rate, f.Score = s.satisfaction(t.fairly)
		case Scale, Number:
			f.Mean, f.Median = s.mean(), s.median()
		case Ranking:
			f.Places = s.ranked(q.Options)
		case Single, Multiple, Text, YesNo:
		}
		out[i] = f
	}
	return out
}

func (s *sum) satisfaction(fairly bool) (rate, score *Hundredths) {
	if s.valid == 0 {
		return nil, nil
	}
	content := s.counts[0] + s.counts[1]
	if fairly {
		content += s.counts[2]
	}
	var points int64
	for j, n := range s.counts {
		points += n * Weights[j]
	}
	r, p := Percent(content, s.valid), Round(points*100, s.valid)
	return &r, &p
}

func (s *sum) mean() *Hundredths {
	if s.valid == 0 {
		return nil
	}
	var total int64
	for v, n := range s.numbers {
		total += int64(v) * n
	}
	m := Round(total, s.valid*int64(DecimalUnit/100))
	return &m
}

func (s *sum) median() *Hundredths {
	if s.valid == 0 {
		return nil
	}
	values := make([]Decimal, 0, len(s.numbers))
	for v := range s.numbers {
		values = append(values, v)
	}
	slices.Sort(values)
	at := func(place int64) Decimal {
		for _, v := range values {
			if place -= s.numbers[v]; place < 0 {
				return v
			}
		}
		return 0
	}
	m := Round(int64(at((s.valid-1)/2)+at(s.valid/2)), 2*int64(DecimalUnit/100))
	return &m
}

func (s *sum) ranked(options []Option) []Place {
	out := make([]Place, 0, len(options))
	for j, o := range options {
		p := Place{Option: o, Named: s.counts[j], First: s.first[j]}
		p.Points = int64(len(options)+1)*p.Named - s.places[j]
		p.Mean = Round(s.places[j]*100, p.Named)
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b Place) int { return cmp.Compare(b.Points, a.Points) })
	return out
}
