package surveys_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/surveys"
	"gongdi/service/vault"
)

// BenchmarkFiguresOfAHundredThousand reads the figures of a hundred thousand
// answers to the satisfaction questionnaire, as one who knows nothing of them
// yet; beside it, what it costs only to read and to count every answer.
func BenchmarkFiguresOfAHundredThousand(b *testing.B) {
	eachDatabase(b, func(b *testing.B, db *store.DB) {
		const n = 100_000
		v, questions := filled(b, db, n)
		keys := keysOf(b)
		if err := fresh(db, keys).CatchUp(b.Context()); err != nil {
			b.Fatal(err)
		}
		for _, by := range []surveys.Slicing{surveys.Unsliced, surveys.ByChannel, surveys.ByBuilding} {
			b.Run("kept/"+string(by), func(b *testing.B) {
				for b.Loop() {
					r, err := fresh(db, keys).Results(b.Context(), v, by)
					if err != nil || r.Responses != n || len(r.Questions) != questions {
						b.Fatal(err, r)
					}
				}
			})
		}
		more := 0
		b.Run("kept and a hundred more", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				more += 100
				answered(b, db, v, n+more-100, n+more)
				b.StartTimer()
				if r, err := fresh(db, keys).Results(b.Context(), v, surveys.ByChannel); err != nil || r.Responses != int64(n+more) {
					b.Fatal(err, r)
				}
			}
		})
		b.Run("every answer read and counted", func(b *testing.B) {
			for b.Loop() {
				if got := counted(b, db, v); got != int64(n+more) {
					b.Fatal(got)
				}
			}
		})
	})
}

func eachDatabase(b *testing.B, run func(b *testing.B, db *store.DB)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b)) })
	if os.Getenv("GONGDI_TEST_MYSQL") == "" {
		return
	}
	b.Run("mysql", func(b *testing.B) {
		db, err := store.Open(b.Context(), dbtest.ServerAddress(b))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := db.Close(); err != nil {
				b.Error(err)
			}
		})
		run(b, db)
	})
}

func keysOf(t testing.TB) *vault.Vault {
	t.Helper()
	keys, err := vault.Open(filepath.Join(t.TempDir(), "data.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func fresh(db *store.DB, keys *vault.Vault) *surveys.Service {
	return &surveys.Service{DB: db, Vault: keys, Now: time.Now}
}

// counted reads every answer and counts it.
func counted(t testing.TB, db *store.DB, v *model.Survey) int64 {
	t.Helper()
	questions, err := surveys.Questions(v)
	if err != nil {
		t.Fatal(err)
	}
	tally := opinion.NewTally(questions, v.FairlyCounts)
	rows, err := db.Read(t.Context()).Raw("SELECT answers FROM survey_responses WHERE survey_id = ?", v.ID).Rows()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		answers, err := opinion.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		tally.Add(answers)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	return tally.N
}

// filled has the satisfaction questionnaire answered n times.
func filled(t testing.TB, db *store.DB, n int) (*model.Survey, int) {
	t.Helper()
	templates, err := surveys.Templates()
	if err != nil {
		t.Fatal(err)
	}
	questions := templates[1].Questions
	text, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	v := &model.Survey{ID: store.NewID(), Unit: model.PerHousehold, Stage: model.SurveyPublished, Questions: string(text), Base: int64(n), OpensAt: now, ClosesAt: now.Add(time.Hour)}
	err = store.Tx(t.Context(), db, func(tx *gorm.DB) error { return tx.Create(v).Error })
	if err != nil {
		t.Fatal(err)
	}
	answered(t, db, v, 0, n)
	return v, len(questions)
}

// answered has households of a survey answer.
func answered(t testing.TB, db *store.DB, v *model.Survey, from, to int) {
	t.Helper()
	questions, err := surveys.Questions(v)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]model.SurveyResponse, 0, to-from)
	for i := from; i < to; i++ {
		answers := opinion.Answers{}
		for j, q := range questions {
			switch q.Type { //nolint:exhaustive // the others are left empty
			case opinion.Satisfaction:
				answers[q.Code] = opinion.Value{Kind: opinion.Word, Text: append(opinion.Grades, opinion.Option{Code: opinion.Unknown})[(i*7+j*i)%6].Code}
			case opinion.Scale:
				answers[q.Code] = opinion.Value{Kind: opinion.Numeral, Number: opinion.Decimal(i%11) * opinion.DecimalUnit}
			}
		}
		encoded, err := opinion.Encode(answers)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, model.SurveyResponse{
			ID: store.NewID(), SurveyID: v.ID, PartyID: fmt.Sprintf("%026d", i), BuildingID: fmt.Sprintf("%026d", i%200), FloorGroup: "1",
			Channel: []model.SurveyChannel{model.SurveyAtDoor, model.SurveyByPhone}[i%2], Answers: encoded, Version: 1, AnsweredAt: v.OpensAt, UpdatedAt: v.OpensAt,
		})
	}
	err = store.Tx(t.Context(), db, func(tx *gorm.DB) error { return tx.CreateInBatches(rows, 500).Error })
	if err != nil {
		t.Fatal(err)
	}
}
