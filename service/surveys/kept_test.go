package surveys_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/audit"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/surveys"
)

// TestKeptFiguresAreThoseOfTheCodedData has random households answer random
// questionnaires, and again; looks between; and counts what is exported in
// another way, also after the figures were reckoned anew.
func TestKeptFiguresAreThoseOfTheCodedData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		for seed := range uint64(8) {
			keptAre(t, db, rand.New(rand.NewPCG(seed, 8)), 12, 40) //nolint:gosec // chance that can be repeated
		}
	})
}

func TestKeptFiguresOfAHundredThousand(t *testing.T) {
	if os.Getenv("GONGDI_TEST_LONG") == "" {
		t.Skip("GONGDI_TEST_LONG is not set")
	}
	keptAre(t, dbtest.SQLite(t), rand.New(rand.NewPCG(1, 8)), 100_000, 110_000) //nolint:gosec // chance that can be repeated
}

func keptAre(t *testing.T, db *store.DB, luck *rand.Rand, homes, times int) {
	t.Helper()
	keys := keysOf(t)
	s := fresh(db, keys)
	s.Audit = &audit.Log{DB: db, Vault: keys, Now: time.Now}
	questions := form(luck)
	if findings := opinion.Check(questions, ""); len(findings) > 0 {
		t.Fatal(findings)
	}
	text, err := json.Marshal(questions)
	check(t, err)
	now := time.Now().UTC().Truncate(time.Millisecond)
	v := &model.Survey{ID: store.NewID(), AreaCode: "520523001", Unit: model.PerHousehold, Stage: model.SurveyPublished, Questions: string(text),
		FairlyCounts: luck.IntN(2) == 0, Base: int64(homes), OpensAt: now.Add(-time.Minute), ClosesAt: now.Add(24 * time.Hour)}
	check(t, store.Tx(t.Context(), db, func(tx *gorm.DB) error { return tx.Create(v).Error }))
	clerk := model.Caller{ID: store.NewID(), Role: model.RoleStreet, AreaCode: v.AreaCode}
	for i := range times {
		n := luck.IntN(homes)
		if i < homes && times > 1000 {
			n = i
		}
		h := &model.SurveyHome{PropertyID: fmt.Sprintf("%026d", n), FloorGroup: []string{"1", "2-3", "6+"}[n%3]}
		r := surveys.Reply{Visit: model.VisitAnswered, Relation: []model.Relation{model.RelationTenant, model.RelationOwner}[luck.IntN(2)]}
		r.Answers, r.Ticked = answersTo(luck, questions)
		if _, err := s.Enter(t.Context(), clerk, v, h, r); err != nil && !errors.Is(err, surveys.ErrOwnerAnswered) {
			t.Fatal(err)
		}
		if luck.IntN(7) == 0 && i%100 < 50 {
			_, err := s.Results(t.Context(), v, surveys.Unsliced)
			check(t, err)
		}
	}
	compare := func(when string) {
		t.Helper()
		for by, column := range map[surveys.Slicing]string{surveys.Unsliced: "", surveys.ByRelation: "relation", surveys.ByFloorGroup: "floor_group"} {
			r, err := s.Results(t.Context(), v, by)
			check(t, err)
			_, coded, err := s.Export(t.Context(), clerk, v, func(int64, int64) {})
			check(t, err)
			got := map[string]string{"": figuresIn(r.Questions)}
			for _, part := range r.Slices {
				got[part.Key] = figuresIn(part.Questions)
			}
			for key, is := range got {
				rows := coded.Rows
				if key != "" {
					at := slices.Index(coded.Head, column)
					rows = slices.DeleteFunc(slices.Clone(rows), func(row []string) bool { return row[at] != key })
				}
				if want := countedIn(questions, coded.Head, rows, v.FairlyCounts); is != want {
					t.Fatalf("%s, by %q %q:\n%s\nwant\n%s", when, by, key, is, want)
				}
			}
		}
	}
	compare("as they came")
	check(t, store.Tx(t.Context(), db, func(tx *gorm.DB) error { return tx.Exec("DELETE FROM survey_tallies WHERE survey_id = ?", v.ID).Error }))
	compare("reckoned anew")
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// form is a random questionnaire.
func form(luck *rand.Rand) []opinion.Question {
	types := []opinion.Type{opinion.Single, opinion.Multiple, opinion.Satisfaction, opinion.Scale, opinion.Ranking, opinion.Number, opinion.Text, opinion.YesNo}
	questions := make([]opinion.Question, 1+luck.IntN(8))
	for i := range questions {
		q := &questions[i]
		q.Code, q.Label, q.Type, q.Sensitive = fmt.Sprintf("q%d", i), "问", types[luck.IntN(len(types))], luck.IntN(5) == 0
		if q.Type == opinion.Single || q.Type == opinion.Multiple || q.Type == opinion.Ranking {
			for j := range 2 + luck.IntN(4) {
				q.Options = append(q.Options, opinion.Option{Code: fmt.Sprintf("o%d", j), Label: "项"})
			}
		}
		if i > 0 && questions[i-1].Type == opinion.YesNo && luck.IntN(2) == 0 {
			q.ShowIf = &opinion.Condition{Question: questions[i-1].Code, Equals: opinion.Value{Kind: opinion.Flag, Yes: true}}
		}
	}
	return questions
}

func answersTo(luck *rand.Rand, questions []opinion.Question) (answers opinion.Answers, ticked []string) {
	answers = opinion.Answers{}
	for i := range questions {
		q := &questions[i]
		if !opinion.Shown(questions, answers)[i] || luck.IntN(5) == 0 {
			continue
		}
		answers[q.Code] = answerTo(luck, q)
		if q.Sensitive {
			ticked = append(ticked, q.Code)
		}
	}
	return answers, ticked
}

func answerTo(luck *rand.Rand, q *opinion.Question) opinion.Value {
	if q.Type != opinion.Text && luck.IntN(6) == 0 {
		return opinion.Value{Kind: opinion.Word, Text: opinion.Unknown}
	}
	choices := q.Choices()
	switch q.Type {
	case opinion.Scale:
		return opinion.Value{Kind: opinion.Numeral, Number: opinion.Decimal(luck.IntN(11)) * opinion.DecimalUnit}
	case opinion.Number:
		return opinion.Value{Kind: opinion.Numeral, Number: opinion.Decimal(luck.IntN(200_000) - 100_000)}
	case opinion.YesNo:
		return opinion.Value{Kind: opinion.Flag, Yes: luck.IntN(2) == 0}
	case opinion.Text:
		return opinion.Value{Kind: opinion.Word, Text: []string{"=1+1", "好"}[luck.IntN(2)]}
	case opinion.Multiple, opinion.Ranking:
		v := opinion.Value{Kind: opinion.List}
		for _, j := range luck.Perm(len(choices))[:1+luck.IntN(len(choices))] {
			v.Codes = append(v.Codes, choices[j].Code)
		}
		return v
	case opinion.Single, opinion.Satisfaction:
	}
	return opinion.Value{Kind: opinion.Word, Text: choices[luck.IntN(len(choices))].Code}
}

func figuresIn(figures []opinion.Figure) string {
	var out strings.Builder
	for _, f := range figures {
		fmt.Fprint(&out, f.Question.Code, ": ", f.Valid, f.Unknown, f.Missing, f.NotShown)
		for _, c := range f.Counts {
			fmt.Fprint(&out, " ", c.Code, "=", c.N)
		}
		for _, h := range []*opinion.Hundredths{f.Rate, f.Score, f.Mean, f.Median} {
			if h != nil {
				fmt.Fprintf(&out, " %d", *h)
			}
		}
		places := slices.Clone(f.Places)
		sort.Slice(places, func(i, j int) bool { return places[i].Code < places[j].Code })
		for _, p := range places {
			fmt.Fprint(&out, " ", p.Code, "#", p.First, "/", p.Points)
		}
		out.WriteString("\n")
	}
	return out.String()
}

// countedIn is a second reckoning, of the cells that are exported.
func countedIn(questions []opinion.Question, head []string, rows [][]string, fairly bool) string {
	var out strings.Builder
	for i := range questions {
		q := &questions[i]
		at := slices.Index(head, q.Code)
		var valid, unknown, missing, notShown int64
		counts, first, points := map[string]int64{}, map[string]int64{}, map[string]int64{}
		var numbers []*big.Rat
		for _, row := range rows {
			switch cell := row[at]; {
			case cell == "NA":
				notShown++
			case cell == "":
				missing++
			case cell == "unknown" && q.Type != opinion.Text:
				unknown++
			default:
				valid++
				for place, code := range strings.Split(cell, "|") {
					if counts[code]++; place == 0 {
						first[code]++
					}
					points[code] += int64(len(q.Options) - place)
				}
				if n, ok := new(big.Rat).SetString(cell); ok && (q.Type == opinion.Scale || q.Type == opinion.Number) {
					numbers = append(numbers, n)
				}
			}
		}
		fmt.Fprint(&out, q.Code, ": ", valid, unknown, missing, notShown)
		for _, o := range q.Choices() {
			fmt.Fprint(&out, " ", o.Code, "=", counts[o.Code])
		}
		if q.Type == opinion.Satisfaction && valid > 0 {
			content := counts["very_satisfied"] + counts["satisfied"]
			if fairly {
				content += counts["fairly"]
			}
			score := 100*counts["very_satisfied"] + 80*counts["satisfied"] + 60*counts["fairly"] + 40*counts["dissatisfied"] + 20*counts["very_dissatisfied"]
			fmt.Fprint(&out, " ", halfUp(big.NewRat(100*content, valid)), " ", halfUp(big.NewRat(score, valid)))
		}
		if n := len(numbers); n > 0 {
			sort.Slice(numbers, func(i, j int) bool { return numbers[i].Cmp(numbers[j]) < 0 })
			total := new(big.Rat)
			for _, number := range numbers {
				total.Add(total, number)
			}
			middle := new(big.Rat).Add(numbers[(n-1)/2], numbers[n/2])
			fmt.Fprint(&out, " ", halfUp(total.Quo(total, big.NewRat(int64(n), 1))), " ", halfUp(middle.Quo(middle, big.NewRat(2, 1))))
		}
		if q.Type == opinion.Ranking {
			for _, o := range q.Options {
				fmt.Fprint(&out, " ", o.Code, "#", first[o.Code], "/", points[o.Code])
			}
		}
		out.WriteString("\n")
	}
	return out.String()
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
