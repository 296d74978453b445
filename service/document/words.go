package document

import (
	"fmt"
	"strconv"
	"time"

	"gongdi/model/quantity"
)

// A Ratio is the share that a rule asks for. Strict means more than it
// (过半数); otherwise the share itself is enough (以上, Civil Code art. 1259).
type Ratio struct {
	Num, Den int64
	Strict   bool
}

// String gives the words of the law: 三分之二以上, 过半数, 超过四分之三.
func (r Ratio) String() string {
	words := numeral(r.Den) + "分之" + numeral(r.Num)
	switch {
	case r.Den == 100:
		words = "百分之" + numeral(r.Num)
	case r.Num < 1 || r.Num > 99 || r.Den < 1 || r.Den > 99:
		words = fmt.Sprintf("%d/%d", r.Num, r.Den)
	}
	switch {
	case r.Strict && r.Den == 2*r.Num:
		return "过半数"
	case r.Strict:
		return "超过" + words
	case r.Num == r.Den:
		return "全部"
	}
	return words + "以上"
}

// least is the smallest whole number of which the ratio holds.
func (r Ratio) least(base int64) int64 {
	if r.Den < 1 {
		return 0
	}
	if r.Strict {
		return base*r.Num/r.Den + 1
	}
	return (base*r.Num + r.Den - 1) / r.Den
}

var digits = []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// numeral writes 1 to 99 in Chinese, and anything else in figures.
func numeral(n int64) string {
	switch {
	case n < 1 || n > 99:
		return strconv.FormatInt(n, 10)
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n%10]
	}
	return digits[n/10] + "十" + digits[n%10]
}

// basisPoints is a share in hundredths of a percent, rounded down; without a
// base there is none.
func basisPoints(part, base int64) (int64, bool) {
	if base <= 0 || part < 0 {
		return 0, false
	}
	return part/base*10000 + part%base*10000/base, true
}

// percent prints a share with two decimals, rounded down, so that what falls
// short of a share never looks as if it reached it.
func percent(part, base int64) string {
	n, ok := basisPoints(part, base)
	if !ok {
		return "—"
	}
	return fmt.Sprintf("%d.%02d%%", n/100, n%100)
}

// instant prints a moment as people in Shanghai read it; none for the zero.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(quantity.Shanghai).Format("2006年1月2日15:04")
}

// day prints a day in Chinese; no day leaves a place to write it.
func day(d quantity.Date) string {
	t := d.Start()
	if t.IsZero() {
		return "　　年　　月　　日"
	}
	return t.Format("2006年1月2日")
}

// Words gives the way of taking part in Chinese.
func (p Participation) Words() string {
	switch p {
	case Online:
		return "线上"
	case OnPaper:
		return "纸质"
	case ByProxy:
		return "委托"
	default:
		return "未参与"
	}
}

func (r *Result) survey() bool { return r.Kind == Willingness }

// verdict is the result in words.
func (r *Result) verdict() string {
	name := "表决结果"
	if r.survey() {
		name = "调查结果"
	}
	return name + "：" + r.Outcome.words()
}

func (o Outcome) words() string {
	switch o {
	case Passed:
		return "通过"
	case NotPassed:
		return "未通过"
	default:
		return "结果待定"
	}
}

// procedure names the kind and, for owners, the item of the law.
func (r *Result) procedure() string {
	switch r.Kind {
	case Special:
		return "业主共同决定事项表决（特别事项）"
	case Ordinary:
		return "业主共同决定事项表决（一般事项）"
	default:
		return "居民改造意愿调查"
	}
}

// rule says in words what had to be reached.
func (r *Result) rule() string {
	if r.survey() {
		return fmt.Sprintf("参与户数应达到全体户数的%s；同意户数应达到%s户数的%s。", r.Quorum.Ratio, r.agreeBase(), r.Approval.Ratio)
	}
	return fmt.Sprintf("参与表决的业主，其专有部分面积和人数均应占%s；其中同意的业主，其专有部分面积和人数均应占参与表决的%s。",
		r.Quorum.Ratio, r.Approval.Ratio)
}

func (r *Result) agreeBase() string {
	if r.AgreeOfRoll {
		return "全体"
	}
	return "参与"
}
