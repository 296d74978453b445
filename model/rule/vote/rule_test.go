package vote

import (
	"strings"
	"testing"
)

func TestAFractionIsAShareThatCanBeReached(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Fraction
		want bool
	}{
		{"two thirds", Fraction{Num: 2, Den: 3}, true},
		{"more than half", Fraction{Num: 1, Den: 2, Strict: true}, true},
		{"all", Fraction{Num: 1, Den: 1}, true},
		{"the finest", Fraction{Num: 1, Den: 10_000}, true},
		{"more than all", Fraction{Num: 3, Den: 3, Strict: true}, false},
		{"more than the whole", Fraction{Num: 4, Den: 3}, false},
		{"nothing", Fraction{Num: 0, Den: 3}, false},
		{"negative", Fraction{Num: -1, Den: 3}, false},
		{"negative both", Fraction{Num: -2, Den: -3}, false},
		{"of nothing", Fraction{Num: 0, Den: 0}, false},
		{"too fine", Fraction{Num: 1, Den: 10_001}, false},
		{"the zero value", Fraction{}, false},
	} {
		if got := c.f.Valid(); got != c.want {
			t.Errorf("%s: valid is %v", c.name, got)
		}
	}
}

func TestTheRulesOfTheLawAreSound(t *testing.T) {
	for _, r := range []Rule{Special, Ordinary, DefaultWillingness} {
		if !r.Valid() {
			t.Errorf("%s is not valid", r.Code)
		}
	}
	for _, r := range []Rule{Special, Ordinary} {
		for _, article := range []string{"第二百七十八条第二款", "第一千二百五十九条", "第八条", "第九条"} {
			if !strings.Contains(r.Citation, article) {
				t.Errorf("%s does not cite %s", r.Code, article)
			}
		}
		if r.HeadsOnly || r.Base != Participants {
			t.Errorf("%s is by both measures, of those participating", r.Code)
		}
	}
	if !strings.Contains(Special.Citation, "四分之三以上") || !strings.Contains(Ordinary.Citation, "过半数") {
		t.Error("each rule quotes its own sentence")
	}
	if !DefaultWillingness.HeadsOnly || !strings.Contains(DefaultWillingness.Citation, "金府办〔2021〕140号") {
		t.Error("the survey counts households under the policy")
	}
}

func TestAnUnsoundRuleIsMetByNothing(t *testing.T) {
	all := Totals{Roll: Count{1, 100}, Agree: Count{1, 100}}
	noBase, noQuorum, noApproval := Special, Special, Special
	noBase.Base = ""
	noQuorum.Quorum = Fraction{}
	noApproval.Approval = Fraction{Num: 1, Den: 1, Strict: true}
	for _, r := range []Rule{{}, noBase, noQuorum, noApproval} {
		if got := r.Decide(all); got != (Result{Outcome: NotPassed}) {
			t.Errorf("%+v gave %+v", r, got)
		}
	}
	if !Special.Decide(all).Passed {
		t.Error("the sound rule passes the same count")
	}
}
