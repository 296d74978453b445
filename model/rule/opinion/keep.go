package opinion

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ErrTally says that a kept tally cannot be read.
var ErrTally = errors.New("a tally that cannot be read")

// Like begins an empty tally of the same questions.
func (t *Tally) Like() *Tally {
	o := &Tally{questions: t.questions, fairly: t.fairly, sums: make([]sum, len(t.sums)), parents: t.parents, shown: make([]bool, len(t.shown))}
	for i := range t.sums {
		o.sums[i] = newSum(t.sums[i].at)
	}
	return o
}

// Merge adds what another tally of the same questions counted.
func (t *Tally) Merge(o *Tally) {
	t.N += o.N
	for i := range t.sums {
		s, more := &t.sums[i], &o.sums[i]
		s.valid, s.unknown, s.missing, s.notShown = s.valid+more.valid, s.unknown+more.unknown, s.missing+more.missing, s.notShown+more.notShown
		for j := range s.counts {
			s.counts[j], s.first[j], s.places[j] = s.counts[j]+more.counts[j], s.first[j]+more.first[j], s.places[j]+more.places[j]
		}
		for v, n := range more.numbers {
			s.number(v, n)
		}
	}
}

// Save writes a tally as it is kept: whole numbers in the order of the
// questionnaire, which is frozen.
func (t *Tally) Save() string {
	b := strconv.AppendInt(make([]byte, 0, 256), t.N, 10)
	add := func(numbers ...int64) {
		for _, n := range numbers {
			b = strconv.AppendInt(append(b, ' '), n, 10)
		}
	}
	for i := range t.sums {
		s := &t.sums[i]
		add(s.valid, s.unknown, s.missing, s.notShown)
		add(s.counts...)
		if t.questions[i].Type == Ranking {
			add(s.first...)
			add(s.places...)
		}
		if t.questions[i].numeric() {
			add(int64(len(s.numbers)))
			for _, v := range slices.Sorted(maps.Keys(s.numbers)) {
				add(int64(v), s.numbers[v])
			}
		}
	}
	return string(b)
}

func (q *Question) numeric() bool { return q.Type == Scale || q.Type == Number }

// Restore adds what Save wrote.
func (t *Tally) Restore(text string) error {
	r := counter{rest: text}
	t.N += r.next()
	for i := range t.sums {
		s := &t.sums[i]
		r.add(&s.valid, &s.unknown, &s.missing, &s.notShown)
		r.addAll(s.counts)
		if t.questions[i].Type == Ranking {
			r.addAll(s.first)
			r.addAll(s.places)
		}
		if t.questions[i].numeric() {
			for n := r.next(); n > 0 && !r.bad; n-- {
				v := Decimal(r.next())
				s.number(v, r.next())
			}
		}
	}
	if r.bad || r.rest != "" {
		return ErrTally
	}
	return nil
}

// counter reads numbers that blanks part.
type counter struct {
	rest string
	bad  bool
}

func (r *counter) next() int64 {
	word, rest, _ := strings.Cut(r.rest, " ")
	n, err := strconv.ParseInt(word, 10, 64)
	r.rest, r.bad = rest, r.bad || err != nil
	return n
}

func (r *counter) add(to ...*int64) {
	for _, n := range to {
		*n += r.next()
	}
}

func (r *counter) addAll(to []int64) {
	for i := range to {
		to[i] += r.next()
	}
}
