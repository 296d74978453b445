package share

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"gongdi/model/quantity"
)

type vector struct {
	Case                      string
	Cost, Compensation, Other quantity.Fen
	Subsidy                   struct {
		Grant   Grant
		Amount  quantity.Fen
		Percent int64
		Cap     *quantity.Fen
	}
	Mode         Mode
	Coefficients map[int]int64
	Percents     map[int]int64 `json:"percent_bp"`
	Homes        []vectorHome
	ToShare      quantity.Fen `json:"to_share"`
	Shares       []quantity.Fen
	Refused      string
}

type vectorHome Home

func (h *vectorHome) UnmarshalJSON(b []byte) error {
	var terms struct {
		Out         bool
		Coefficient *int64
		Fixed       quantity.Fen
	}
	if err := json.Unmarshal(b, &[]any{&h.Floor, &h.Room, &h.Area, &terms}); err != nil {
		return err
	}
	h.ID, h.Building, h.Unit = h.Room, "1栋", "1单元"
	h.Out, h.Coefficient, h.Fixed = terms.Out, terms.Coefficient, terms.Fixed
	return nil
}

func TestEveryVectorHolds(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) < 25 {
		t.Fatalf("only %d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		t.Run(v.Case, v.check)
	}
}

func (v vector) divide() (quantity.Fen, []Share, error) {
	bill := Bill{Cost: v.Cost, Compensation: v.Compensation, Other: v.Other, Subsidy: Subsidy{
		Grant: v.Subsidy.Grant, Amount: v.Subsidy.Amount, Percent: v.Subsidy.Percent, Cap: v.Subsidy.Cap,
	}}
	amount, _, err := bill.ToShare()
	if err != nil {
		return 0, nil, err
	}
	homes := make([]Home, 0, len(v.Homes))
	for _, h := range v.Homes {
		homes = append(homes, Home(h))
	}
	shares, err := Divide(amount, Sharing{Mode: v.Mode, Coefficients: v.Coefficients, Percents: v.Percents}, homes)
	return amount, shares, err
}

func (v vector) check(t *testing.T) {
	amount, shares, err := v.divide()
	if v.Refused != "" {
		if !errors.Is(err, &Refusal{Code: v.Refused}) {
			t.Errorf("refused with %v, want %s", err, v.Refused)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if amount != v.ToShare {
		t.Errorf("%s to share, want %s", amount, v.ToShare)
	}
	got := map[string]quantity.Fen{}
	for _, s := range shares {
		got[s.Home.ID] = s.Fen
	}
	for i, h := range v.Homes {
		if got[h.ID] != v.Shares[i] {
			t.Errorf("%s pays %s, want %s", h.ID, got[h.ID], v.Shares[i])
		}
	}
}
