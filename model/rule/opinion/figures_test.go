package opinion

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawForm draws a sound questionnaire.
func drawForm(t *rapid.T) []Question {
	types := []Type{Single, Multiple, Satisfaction, Scale, Ranking, Number, Text, YesNo}
	questions := make([]Question, rapid.IntRange(1, 8).Draw(t, "questions"))
	for i := range questions {
		q := &questions[i]
		q.Code, q.Label, q.Type = fmt.Sprintf("q%d", i), "问", rapid.SampledFrom(types).Draw(t, "type")
		if q.Type == Single || q.Type == Multiple || q.Type == Ranking {
			for j := range rapid.IntRange(2, 5).Draw(t, "options") {
				q.Options = append(q.Options, Option{fmt.Sprintf("o%d", j), "项"})
			}
		}
		if i == 0 || questions[i-1].Type == Text || !rapid.Bool().Draw(t, "conditional") {
			continue
		}
		v := drawValue(t, &questions[i-1])
		if v.Kind == List {
			v = Value{Kind: Word, Text: v.Codes[0]}
		}
		q.ShowIf = &Condition{questions[i-1].Code, v}
	}
	return questions
}

func drawValue(t *rapid.T, q *Question) Value {
	if q.Type != Text && rapid.IntRange(0, 5).Draw(t, "knows") == 0 {
		return Value{Kind: Word, Text: Unknown}
	}
	switch q.Type {
	case Scale:
		return Value{Kind: Numeral, Number: Decimal(rapid.IntRange(0, 10).Draw(t, "scale")) * DecimalUnit}
	case Number:
		return Value{Kind: Numeral, Number: Decimal(rapid.IntRange(-100_000, 100_000).Draw(t, "number"))}
	case YesNo:
		return Value{Kind: Flag, Yes: rapid.Bool().Draw(t, "yes")}
	case Text:
		return Value{Kind: Word, Text: rapid.SampledFrom([]string{"好", `引"号\`, "a,b}"}).Draw(t, "text")}
	case Multiple, Ranking:
		codes := make([]string, 0, len(q.Options))
		for _, o := range rapid.Permutation(q.Options).Draw(t, "order") {
			codes = append(codes, o.Code)
		}
		return Value{Kind: List, Codes: codes[:rapid.IntRange(1, len(codes)).Draw(t, "named")]}
	default:
		choices := q.Choices()
		return Value{Kind: Word, Text: choices[rapid.IntRange(0, len(choices)-1).Draw(t, "choice")].Code}
	}
}

// drawAnswers draws sound answers: in order, each shown question or nothing.
func drawAnswers(t *rapid.T, questions []Question) Answers {
	answers := Answers{}
	for i := range questions {
		if Shown(questions, answers)[i] && rapid.IntRange(0, 4).Draw(t, "answers") > 0 {
			answers[questions[i].Code] = drawValue(t, &questions[i])
		}
	}
	return answers
}

// TestFiguresAreThoseOfACount counts random answers to random questionnaires a
// second time, from what is stored, in another way.
func TestFiguresAreThoseOfACount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		questions := drawForm(t)
		if findings := Check(questions, ""); len(findings) > 0 {
			t.Fatalf("%v of %v", findings, questions)
		}
		fairly := rapid.Bool().Draw(t, "fairly")
		tally := NewTally(questions, fairly)
		all := make([]Answers, rapid.IntRange(0, 30).Draw(t, "responses"))
		for i := range all {
			answers, findings := CheckAnswers(questions, drawAnswers(t, questions), nil)
			text, err := Encode(answers)
			if len(findings) > 0 || err != nil {
				t.Fatal(findings, err)
			}
			if all[i], err = Decode(text); err != nil {
				t.Fatal(err)
			}
			again, err := Encode(all[i])
			if err != nil || again != text {
				t.Fatalf("%s is read as %s: %v", text, again, err)
			}
			tally.Add(all[i])
		}
		for _, f := range tally.Figures() {
			if got, want := written(f), naive(f.Question, questions, all, fairly); got != want {
				t.Fatalf("%s: %s, want %s", f.Question.Type, got, want)
			}
			if f.Valid+f.Unknown+f.Missing+f.NotShown != int64(len(all)) {
				t.Fatalf("%+v is not all of %d", f, len(all))
			}
		}
	})
}

func written(f Figure) string {
	var out strings.Builder
	fmt.Fprint(&out, f.Valid, f.Unknown, f.Missing)
	for _, c := range f.Counts {
		fmt.Fprint(&out, " ", c.Code, "=", c.N)
	}
	for _, h := range []*Hundredths{f.Rate, f.Score, f.Mean, f.Median} {
		if h != nil {
			fmt.Fprintf(&out, " %d", *h)
		}
	}
	for _, p := range f.Places {
		fmt.Fprint(&out, " ", p.Code, p.Points, "/", p.First)
	}
	return out.String()
}

// naive is a second reckoning: by sets of values and by fractions.
func naive(q *Question, questions []Question, all []Answers, fairly bool) string {
	var valid, unknown, missing int64
	var words []string
	numbers := []*big.Rat{}
	points, first := map[string]int64{}, map[string]int64{}
	for _, a := range all {
		v, given := a[q.Code]
		switch {
		case !reached(q, questions, a):
		case !given:
			missing++
		case v.Kind == Word && v.Text == "unknown" && q.Type != Text:
			unknown++
		default:
			valid++
			words = append(words, v.Codes...)
			switch v.Kind {
			case Word:
				words = append(words, v.Text)
			case Flag:
				words = append(words, fmt.Sprint(v.Yes))
			case Numeral:
				words = append(words, v.Number.String())
				numbers = append(numbers, big.NewRat(int64(v.Number), 10_000))
			case List:
				first[v.Codes[0]]++
				for i, code := range v.Codes {
					points[code] += int64(len(q.Options) - i)
				}
			case Other:
			}
		}
	}
	var out strings.Builder
	fmt.Fprint(&out, valid, unknown, missing)
	count := func(code string) (n int64) {
		for _, w := range words {
			if w == code {
				n++
			}
		}
		return n
	}
	for _, o := range q.Choices() {
		fmt.Fprint(&out, " ", o.Code, "=", count(o.Code))
	}
	if q.Type == Satisfaction && valid > 0 {
		content := count("very_satisfied") + count("satisfied")
		if fairly {
			content += count("fairly")
		}
		score := 100*count("very_satisfied") + 80*count("satisfied") + 60*count("fairly") + 40*count("dissatisfied") + 20*count("very_dissatisfied")
		fmt.Fprint(&out, " ", halfUp(big.NewRat(100*content, valid)), " ", halfUp(big.NewRat(score, valid)))
	}
	if len(numbers) > 0 {
		sort.Slice(numbers, func(i, j int) bool { return numbers[i].Cmp(numbers[j]) < 0 })
		total := new(big.Rat)
		for _, n := range numbers {
			total.Add(total, n)
		}
		middle := new(big.Rat).Add(numbers[(len(numbers)-1)/2], numbers[len(numbers)/2])
		fmt.Fprint(&out, " ", halfUp(total.Quo(total, big.NewRat(valid, 1))), " ", halfUp(middle.Quo(middle, big.NewRat(2, 1))))
	}
	if q.Type == Ranking {
		options := slices.Clone(q.Options)
		sort.SliceStable(options, func(i, j int) bool { return points[options[i].Code] > points[options[j].Code] })
		for _, o := range options {
			fmt.Fprint(&out, " ", o.Code, points[o.Code], "/", first[o.Code])
		}
	}
	return out.String()
}

func reached(q *Question, questions []Question, a Answers) bool {
	if q.ShowIf == nil {
		return true
	}
	for i := range questions {
		if questions[i].Code != q.ShowIf.Question {
			continue
		}
		v, given := a[questions[i].Code]
		wanted := fmt.Sprint(q.ShowIf.Equals.Kind, q.ShowIf.Equals.Text, q.ShowIf.Equals.Number, q.ShowIf.Equals.Yes)
		is := fmt.Sprint(v.Kind, v.Text, v.Number, v.Yes) == wanted || slices.Contains(v.Codes, q.ShowIf.Equals.Text)
		return given && is && reached(&questions[i], questions, a)
	}
	return false
}

// halfUp is a fraction in hundredths, half away from zero.
func halfUp(r *big.Rat) string {
	hundredths := new(big.Rat).Mul(new(big.Rat).Abs(r), big.NewRat(100, 1))
	hundredths.Add(hundredths, big.NewRat(1, 2))
	n := new(big.Int).Quo(hundredths.Num(), hundredths.Denom())
	if r.Sign() < 0 {
		n.Neg(n)
	}
	return n.String()
}
