package scheme

import (
	"gongdi/model/quantity"
)

// Content is what the catalogue says of the order in which a content comes.
type Content struct {
	Code  string
	First bool // it is safety, or lies underground
	Last  bool // it only adds comfort (提升类)
}

// Budget is a scheme with the money that is found for it. Funds are those that
// are meant for no single content.
type Budget struct {
	Lines     []Line
	Funds     quantity.Fen
	Earmarked map[string]quantity.Fen // by content
}

// Cause is why a content that comes first is still open.
type Cause string

// The causes.
const (
	Unsaid       Cause = "not_assessed" // no scheme says how it stands
	IsDeferred   Cause = "deferred"
	WithoutMoney Cause = "not_funded"
)

// Open is a content that comes first and is not settled.
type Open struct {
	Code  string
	Cause Cause
}

// Warning says that what comes last has money before what comes first is
// settled.
type Warning struct {
	Early []string // the contents that come last and are planned with money
	Open  []Open
}

// Order warns of money for comfort while safety or what lies underground is
// open. Beside is what the schemes around say, an estate's of one of its
// buildings: what they settle is settled. It is nil when there is nothing to
// warn of.
//
// Law: 金府办〔2021〕140号 一(二)2, 「按照“先地下，后地上”、“先民生再提升，先功能后景观”、
// “先解决房屋安全，后考虑功能提升”的要求」. It warns and forbids nothing: the order is a
// principle of the policy, and a scheme may have its reasons.
func Order(catalogue []Content, own Budget, beside ...Budget) *Warning {
	w := &Warning{}
	for _, c := range catalogue {
		l := find(own.Lines, c.Code)
		if c.Last && l != nil && l.State == Planned && (l.Estimate > 0 || own.Earmarked[c.Code] > 0) {
			w.Early = append(w.Early, c.Code)
		}
	}
	if len(w.Early) == 0 {
		return nil
	}
	for _, c := range catalogue {
		if !c.First {
			continue
		}
		if cause := open(c.Code, append([]Budget{own}, beside...)); cause != "" {
			w.Open = append(w.Open, Open{c.Code, cause})
		}
	}
	if len(w.Open) == 0 {
		return nil
	}
	return w
}

// open is why a content is open in all of some budgets; the first that names
// it gives the cause.
func open(code string, in []Budget) Cause {
	cause := Unsaid
	for _, b := range in {
		found := b.open(code)
		if found == "" {
			return ""
		}
		if cause == Unsaid {
			cause = found
		}
	}
	return cause
}

func (b Budget) open(code string) Cause {
	l := find(b.Lines, code)
	switch {
	case l == nil:
		return Unsaid
	case l.State == Deferred:
		return IsDeferred
	case l.State == Sound:
		return ""
	case l.Estimate == 0 && b.Earmarked[code] == 0, b.Earmarked[code] < l.Estimate && b.gap() > 0:
		return WithoutMoney
	}
	return ""
}

// gap is what the planned contents need beyond all money: with a gap, only what
// is meant for a content is certain.
func (b Budget) gap() quantity.Fen {
	gap := -b.Funds
	for _, l := range b.Lines {
		if l.State == Planned {
			gap += max(0, l.Estimate-b.Earmarked[l.Code])
		}
	}
	return gap
}
