package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func announce(t *testing.T, r Result) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := ResultPDF(&file, r); err != nil {
		t.Fatal(err)
	}
	keep(t, "result-"+string(r.Kind)+".pdf", file.Bytes())
	return file.Bytes()
}

func TestAnnouncementSays(t *testing.T) {
	undetermined := liftMotion()
	undetermined.Outcome, undetermined.UndeterminedReason = Undetermined, "污损票计入参与时不足四分之三。"
	undetermined.Period.EarlyReason = "全部业主均已表示意见。"
	roll := survey()
	roll.AgreeOfRoll, roll.Outcome, roll.Approval.HeadsMet = true, NotPassed, false
	nobody := liftMotion()
	nobody.Outcome, nobody.Participating, nobody.Agree = NotPassed, Figure{}, Figure{}
	nobody.Approval.HeadsMet, nobody.Approval.AreaMet = false, false

	attacked := liftMotion()
	attacked.Units[0].Withheld, attacked.Channels[2].Withheld = true, true
	attacked.Intake[1].Struck = "应为3份"
	attacked.Contested, attacked.Retracted, attacked.Unconfirmed = []string{"3栋2单元102"}, []string{"3栋2单元401"}, []string{"3栋2单元502"}

	for _, c := range []struct {
		name    string
		r       Result
		has     []string
		without []string
	}{
		{"a special motion", liftMotion(), []string{
			"关于3栋2单元加装电梯方案的表决结果公告", "表决结果：通过", "候梯厅与楼梯休息平台相接",
			"名册24人的三分之二以上，即16人21人达到", "参与1681.05㎡的四分之三以上，即1260.79㎡1440.90㎡达到",
			"参与2187.50%1681.0587.50%名册", "反对29.52%160.109.52%参与", "连日降雨", "2026年9月17日08:00",
			"第二百七十八条第二款", "第二百八十条第二款", "一年内", "未签名180.05", "3栋2单元602", "3栋2单元301",
			"66c7f0f462eeedd966c7f0f462eeedd9", "计票人：王敏、赵刚", "监票人：李玉兰", "（盖章处）",
			"金沙县鼓场街道新城社区居民委员会2026年10月1日", "线上", "纸质", "委托"},
			[]string{"提前截止", "结果待定", "不是《中华人民共和国民法典》", "关于关于"}},
		{"a survey", survey(), []string{
			"关于春晖小区老旧小区改造的意愿调查结果公告", "调查结果：通过", "参与率：72.59%（参与784户，共1080户）",
			"参与户中同意的比例：90.68%", "全体户中同意的比例：65.83%", "加装电梯45157.52%", "全体1080户的三分之二以上，即720户",
			"不是《中华人民共和国民法典》第二百七十八条规定的业主共同决定", "30栋", "30栋3单元"},
			[]string{"请求人民法院", "㎡的", "人数（人）"}},
		{"a survey measured against the whole roll", roll, []string{"同意户数应达到全体户数的三分之二以上", "全体1080户的三分之二以上，即720户711户未达到", "未通过"}, nil},
		{"what is undetermined, and why", undetermined, []string{"表决结果：结果待定", "污损票计入参与时不足四分之三", "提前截止：是。理由：全部业主均已表示意见"}, nil},
		{"what may be attacked", attacked, []string{
			"3栋2单元241921.20不公布—————", "委托不公布————", "参与不足5人的楼栋、单元、渠道",
			"3栋2单元（作废：应为3份）", "合计收到5份", "共有人提出异议、截止时未解决的：共1处，按无效计。3栋2单元102",
			"曾误录他户纸质票、已撤回的：共1处，撤回的不计票。3栋2单元401", "纸质意见截止时未经复核的：共1处，该份意见不计票。3栋2单元502"}, nil},
		{"that nobody took part", nobody, []string{"同意人数—0人未达到", "表决结果：未通过"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			pages := read(t, announce(t, c.r))
			keepsMargins(t, pages)
			text := body(pages)
			for _, want := range c.has {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not printed", want)
				}
			}
			for _, no := range append(c.without, "〓") {
				if strings.Contains(text, no) {
					t.Errorf("%q is printed", no)
				}
			}
		})
	}
}

func TestNothingOfALongAnnouncementIsCut(t *testing.T) {
	r := extreme()
	pages := read(t, announce(t, r))
	keepsMargins(t, pages)
	text := body(pages)
	for name, want := range map[string]string{
		"question": r.Text, "early close": r.Period.EarlyReason, "extension": r.Period.Extensions[1].Reason,
		"undetermined": r.UndeterminedReason, "title": r.Title, "incomplete homes": listed(r.Incomplete),
	} {
		if !strings.Contains(text, squeeze(want)) {
			t.Errorf("the %s is not printed whole", name)
		}
	}
	if reason := r.InvalidReasons[1].Label; strings.Count(text, "不能辨认意见；") != strings.Count(reason, "不能辨认意见；") {
		t.Error("the long cell is not printed whole")
	}
	for i, page := range pages {
		last := page[len(page)-2].text
		if want := fmt.Sprintf("第%d页/共%d页", i+1, len(pages)); last != want {
			t.Errorf("page %d is numbered %q", i+1, last)
		}
	}
}

func TestRareNamesArePrintedOrNoted(t *testing.T) {
	text := body(read(t, announce(t, extreme())))
	for _, want := range []string{"𬬭生、㛃敏、龚䶮、欧阳𰻞、〓田", "注：字库中没有的字以〓代替，各字的统一码依次为U+20BB7。", "≥1,250.50元/㎡，½部分由补助资金承担①"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
}

func TestTheSameResultGivesTheSameBytes(t *testing.T) {
	want := announce(t, liftMotion())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var file bytes.Buffer
			if err := ResultPDF(&file, liftMotion()); err != nil || !bytes.Equal(file.Bytes(), want) {
				t.Errorf("made side by side the file differs (%v)", err)
			}
		})
	}
	all.Wait()
}

func TestAnEmptyResultIsStillAPaper(t *testing.T) {
	for _, kind := range []Kind{Special, Ordinary, Willingness, ""} {
		keepsMargins(t, read(t, announce(t, Result{Kind: kind})))
	}
}

func TestSignaturesNeverStandOnAPageWithoutText(t *testing.T) {
	r := liftMotion()
	for lines := range 30 {
		r.Text = strings.Repeat("一行。\n", lines+1)
		pages := read(t, announce(t, r))
		last := body(pages[len(pages)-1:])
		if !strings.Contains(last, "权利告知") && !strings.Contains(last, "请求人民法院") {
			t.Fatalf("with %d lines the last page is %q", lines, last)
		}
	}
}

func TestDaysAndInstantsAreThoseOfShanghai(t *testing.T) {
	if got := instant(time.Date(2026, 9, 17, 16, 5, 0, 0, time.UTC)); got != "2026年9月18日00:05" {
		t.Error(got)
	}
	if got := []string{instant(time.Time{}), day("2026-10-01"), day("")}; !slices.Equal(got, []string{"", "2026年10月1日", "　　年　　月　　日"}) {
		t.Error(got)
	}
}

func BenchmarkResultPDF(b *testing.B) {
	r := survey()
	for b.Loop() {
		if err := ResultPDF(&bytes.Buffer{}, r); err != nil {
			b.Fatal(err)
		}
	}
}
