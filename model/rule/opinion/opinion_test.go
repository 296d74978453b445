package opinion

import (
	"encoding/json"
	"strings"
	"testing"
)

func asked(t *testing.T, text string) (questions []Question) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &questions); err != nil {
		t.Fatal(err)
	}
	return questions
}

const two = `"options":[{"code":"a","label":"A"},{"code":"b","label":"B"}]`

func TestAQuestionnaireIsJudged(t *testing.T) {
	for name, c := range map[string]struct{ questions, want string }{
		"sound":                      {`[{"code":"q","type":"yesno","label":"问"},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":true}}]`, ""},
		"the steps written out":      {`[{"code":"q","type":"satisfaction","label":"问","options":[{"code":"fairly","label":"一般"},{"code":"unknown","label":"不了解"}]}]`, ""},
		"none":                       {`[]`, "q"},
		"no code":                    {`[{"code":"","type":"text","label":"问"}]`, "q[0].code"},
		"a blank in a code":          {`[{"code":"a b","type":"text","label":"问"}]`, "q[0].code"},
		"a code of 33":               {`[{"code":"` + strings.Repeat("x", 33) + `","type":"text","label":"问"}]`, "q[0].code"},
		"a code twice":               {`[{"code":"q","type":"text","label":"问"},{"code":"q","type":"text","label":"问"}]`, "q[1].code"},
		"a bell in a label":          {`[{"code":"q","type":"text","label":"问\u0007"}]`, "q[0].label"},
		"a bell in a section":        {`[{"code":"q","type":"text","label":"问","section":"\u0007"}]`, "q[0].section"},
		"a label of two lines":       {`[{"code":"q","type":"text","label":"问\n答"}]`, ""},
		"no label":                   {`[{"code":"q","type":"text","label":" "}]`, "q[0].label"},
		"no such type":               {`[{"code":"q","type":"essay","label":"问"}]`, "q[0].type"},
		"one option":                 {`[{"code":"q","type":"single","label":"问","options":[{"code":"a","label":"A"}]}]`, "q[0].options"},
		"no options":                 {`[{"code":"q","type":"ranking","label":"问"}]`, "q[0].options"},
		"an option twice":            {`[{"code":"q","type":"single","label":"问","options":[{"code":"a","label":"A"},{"code":"a","label":"B"}]}]`, "q[0].options[1].code"},
		"unknown as an option":       {`[{"code":"q","type":"single","label":"问","options":[{"code":"a","label":"A"},{"code":"unknown","label":"B"}]}]`, "q[0].options[1].code"},
		"a sixth step":               {`[{"code":"q","type":"satisfaction","label":"问","options":[{"code":"great","label":"A"}]}]`, "q[0].options[0].code"},
		"options of a number":        {`[{"code":"q","type":"number","label":"问",` + two + `}]`, "q[0].options"},
		"more than there are":        {`[{"code":"q","type":"multiple","label":"问","most":3,` + two + `}]`, "q[0].most"},
		"the most below the least":   {`[{"code":"q","type":"multiple","label":"问","least":2,"most":1,` + two + `}]`, "q[0].most"},
		"the least of a single":      {`[{"code":"q","type":"single","label":"问","least":1,` + two + `}]`, "q[0].most"},
		"a range upside down":        {`[{"code":"q","type":"number","label":"问","min":2,"max":1}]`, "q[0].max"},
		"a unit of a text":           {`[{"code":"q","type":"text","label":"问","unit":"元"}]`, "q[0].min"},
		"a sensitive one required":   {`[{"code":"q","type":"yesno","label":"低保","sensitive":true,"required":true}]`, "q[0].required"},
		"a wish that is a text":      {`[{"code":"q","type":"text","label":"问","wish":true}]`, "q[0].wish"},
		"depends on nothing":         {`[{"code":"q","type":"text","label":"问","show_if":{"question":"z","equals":true}}]`, "q[0].show_if.question"},
		"depends on itself":          {`[{"code":"q","type":"yesno","label":"问","show_if":{"question":"q","equals":true}}]`, "q[0].show_if.question"},
		"depends on a later one":     {`[{"code":"q","type":"yesno","label":"问","show_if":{"question":"r","equals":true}},{"code":"r","type":"yesno","label":"问","show_if":{"question":"q","equals":true}}]`, "q[0].show_if.question"},
		"depends on words":           {`[{"code":"q","type":"text","label":"问"},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":"x"}}]`, "q[1].show_if.question"},
		"depends on no option":       {`[{"code":"q","type":"multiple","label":"问",` + two + `},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":"c"}}]`, "q[1].show_if.equals"},
		"depends on an 11":           {`[{"code":"q","type":"scale","label":"问"},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":11}}]`, "q[1].show_if.equals"},
		"depends on nothing said":    {`[{"code":"q","type":"yesno","label":"问"},{"code":"r","type":"text","label":"问","show_if":{"question":"q"}}]`, "q[1].show_if.equals"},
		"depends on not knowing":     {`[{"code":"q","type":"yesno","label":"问"},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":"unknown"}}]`, ""},
		"depends on one of several":  {`[{"code":"q","type":"multiple","label":"问",` + two + `},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":"b"}}]`, ""},
		"depends on a list":          {`[{"code":"q","type":"multiple","label":"问",` + two + `},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":["b"]}}]`, "q[1].show_if.equals"},
		"a hundred and one of them":  {"[" + strings.Repeat(`{"code":"q","type":"text","label":"问"},`, 100) + `{"code":"z","type":"text","label":"问"}]`, "q"},
		"a number outside its range": {`[{"code":"q","type":"number","label":"问","max":3},{"code":"r","type":"text","label":"问","show_if":{"question":"q","equals":4}}]`, "q[1].show_if.equals"},
	} {
		findings := Check(asked(t, c.questions), "q")
		if c.want == "" && len(findings) > 0 || c.want != "" && (len(findings) == 0 || findings[0].Location != c.want) {
			t.Errorf("%s: %v, want %q", name, findings, c.want)
		}
	}
}

const form = `[{"code":"s","type":"satisfaction","label":"问","required":true},{"code":"m","type":"multiple","label":"问","least":1,"most":1,` + two + `},
{"code":"n","type":"number","label":"问","min":0,"max":20},{"code":"y","type":"yesno","label":"问"},{"code":"t","type":"text","label":"问","required":true,"show_if":{"question":"y","equals":true}},
{"code":"k","type":"scale","label":"问"},{"code":"r","type":"ranking","label":"问",` + two + `},{"code":"o","type":"single","label":"问",` + two + `},{"code":"d","type":"yesno","label":"残疾","sensitive":true}]`

func TestAnAnswerIsJudged(t *testing.T) {
	for name, c := range map[string]struct{ answers, want string }{
		"all":                    {`{"s":"fairly","m":["a"],"n":3.25,"y":true,"t":"好","k":10,"r":["b","a"],"o":"b"}`, ""},
		"all unknown":            {`{"s":"unknown","m":"unknown","n":"unknown","y":"unknown","k":"unknown","r":"unknown","o":"unknown"}`, ""},
		"part of a ranking":      {`{"s":"fairly","r":["b"]}`, ""},
		"an empty list is none":  {`{"s":"fairly","m":[],"o":""}`, ""},
		"1.0e1 is ten":           {`{"s":"fairly","k":1.0e1}`, ""},
		"nothing required":       {`{"m":["a"]}`, "body.answers.s"},
		"no such step":           {`{"s":"great"}`, "body.answers.s"},
		"null":                   {`{"s":"fairly","n":null}`, "body.answers.n"},
		"an object":              {`{"s":"fairly","n":{}}`, "body.answers.n"},
		"a question not asked":   {`{"s":"fairly","zz":1}`, "body.answers.zz"},
		"one not shown":          {`{"s":"fairly","y":false,"t":"好"}`, "body.answers.t"},
		"a shown one required":   {`{"s":"fairly","y":true,"t":" "}`, "body.answers.t"},
		"two of one":             {`{"s":"fairly","m":["a","b"]}`, "body.answers.m"},
		"a list of nulls":        {`{"s":"fairly","m":[null]}`, "body.answers.m"},
		"a code for a list":      {`{"s":"fairly","m":"a"}`, "body.answers.m"},
		"twice the same place":   {`{"s":"fairly","r":["a","a"]}`, "body.answers.r"},
		"above the range":        {`{"s":"fairly","n":20.0001}`, "body.answers.n"},
		"below the range":        {`{"s":"fairly","n":-0.0001}`, "body.answers.n"},
		"five decimals":          {`{"s":"fairly","n":0.00001}`, "body.answers.n"},
		"endless":                {`{"s":"fairly","n":1e400}`, "body.answers.n"},
		"a number as a text":     {`{"s":"fairly","n":"3"}`, "body.answers.n"},
		"eleven":                 {`{"s":"fairly","k":11}`, "body.answers.k"},
		"a half":                 {`{"s":"fairly","k":0.5}`, "body.answers.k"},
		"yes as a text":          {`{"s":"fairly","y":"yes"}`, "body.answers.y"},
		"a text too long":        {`{"s":"fairly","y":true,"t":"` + strings.Repeat("长", 501) + `"}`, "body.answers.t"},
		"a bell":                 {`{"s":"fairly","y":true,"t":"好\u0007"}`, "body.answers.t"},
		"a sensitive one":        {`{"s":"fairly","d":true}`, "body.answers.d"},
		"unknown words are said": {`{"s":"fairly","y":true,"t":"unknown"}`, ""},
	} {
		var answers Answers
		if err := json.Unmarshal([]byte(c.answers), &answers); err != nil {
			t.Fatal(err)
		}
		_, findings := CheckAnswers(asked(t, form), answers, nil)
		if c.want == "" && len(findings) > 0 || c.want != "" && (len(findings) != 1 || findings[0].Location != c.want) {
			t.Errorf("%s: %v, want %q", name, findings, c.want)
		}
	}
	kept, findings := CheckAnswers(asked(t, form), Answers{"s": {Kind: Word, Text: "fairly"}, "d": {Kind: Flag}, "m": {Kind: List}}, []string{"d"})
	if len(findings) > 0 || len(kept) != 2 {
		t.Errorf("with a tick, and without what is empty: %v %v", kept, findings)
	}
	if _, findings = CheckAnswers(asked(t, form), Answers{"s": {Kind: Word, Text: "fairly"}}, []string{"s"}); len(findings) != 1 || findings[0].Location != "body.sensitive_consents[0]" {
		t.Errorf("a tick for what needs none: %v", findings)
	}
}

func TestHalvesAreRoundedUp(t *testing.T) {
	for _, c := range []struct {
		n, d int64
		want Hundredths
	}{{1, 8, 0}, {1, 2, 1}, {49, 100, 0}, {-1, 2, -1}, {5, 0, 0}, {20_000, 3, 6667}, {10_000, 3, 3333}, {12_345, 10, 1235}} {
		if got := Round(c.n, c.d); got != c.want {
			t.Errorf("%d/%d: %d, want %d", c.n, c.d, got, c.want)
		}
	}
}

func TestDecimalsAreExact(t *testing.T) {
	for text, want := range map[string]string{"0.10": "0.1", "-0": "0", "1e2": "100", "1.2345": "1.2345", "-0.5e-1": "-0.05", "100000000": "100000000"} {
		if d, err := ParseDecimal(text); err != nil || d.String() != want {
			t.Errorf("%s: %s %v", text, d, err)
		}
	}
	for _, text := range []string{"100000000.0001", "1.00001", "1e-5", "9e99999999999", ""} {
		if d, err := ParseDecimal(text); err == nil && text != "" {
			t.Errorf("%s: %s", text, d)
		}
	}
}

// TestSmallSlicesStayHidden goes through every whole of up to four slices.
func TestSmallSlicesStayHidden(t *testing.T) {
	var sizes []int64
	var walk func()
	walk = func() {
		var together int64
		for i, hidden := range Hidden(sizes, 0) {
			if !hidden && sizes[i] < FewestShown {
				t.Fatalf("%v: %d is shown", sizes, sizes[i])
			}
			if hidden {
				together += sizes[i]
			}
		}
		var whole int64
		for _, n := range sizes {
			whole += n
		}
		if together > 0 && together < FewestShown && whole >= FewestShown {
			t.Fatalf("%v: %d remain by subtraction", sizes, together)
		}
		if len(sizes) == 4 {
			return
		}
		for n := range int64(9) {
			sizes = append(sizes, n)
			walk()
			sizes = sizes[:len(sizes)-1]
		}
	}
	walk()
}

func TestAnswersAreReadOut(t *testing.T) {
	q := Question{Type: Ranking, Unit: "元", Options: []Option{{"lift", "加装电梯"}, {"roof", "屋面"}}}
	for _, c := range []struct {
		q    Question
		v    Value
		want string
	}{
		{q, Value{Kind: List, Codes: []string{"roof", "lift"}}, "屋面、加装电梯"},
		{q, Value{Kind: Word, Text: Unknown}, "不清楚"},
		{Question{Type: YesNo}, Value{Kind: Flag, Yes: true}, "是"},
		{Question{Type: Number, Unit: "元"}, Value{Kind: Numeral, Number: 5 * DecimalUnit}, "5元"},
		{Question{Type: Satisfaction}, Value{Kind: Word, Text: "fairly"}, "基本满意"},
	} {
		if got := Say(&c.q, c.v); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
