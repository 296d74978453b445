package opinion

// Pair is a figure of two rounds of a survey and what lies between them, in
// hundredths: of a rate or a share, percentage points.
type Pair struct{ Now, Before, Change Hundredths }

// OptionPair is how often an option was chosen in two rounds, in per cent of
// the valid answers of each.
type OptionPair struct {
	Option
	Pair
}

// Change is what became of a question between two rounds.
type Change struct {
	Question           *Question // as it is now
	Valid, ValidBefore int64     // the two bases
	Rate, Score, Mean  *Pair
	Shares             []OptionPair // of the options that both have
}

// Compare sets two rounds side by side: questions that both have, by code and
// type. A change is that of the figures as they are printed, so that whoever
// subtracts gets the same. Where 基本满意 counts in one round only, 满意率 is left
// out: sameRule says that it is counted alike.
func Compare(now, before []Figure, sameRule bool) []Change {
	earlier := make(map[string]*Figure, len(before))
	for i := range before {
		earlier[before[i].Question.Code] = &before[i]
	}
	out := []Change{}
	for i := range now {
		f := &now[i]
		b := earlier[f.Question.Code]
		if b == nil || b.Question.Type != f.Question.Type {
			continue
		}
		c := Change{Question: f.Question, Valid: f.Valid, ValidBefore: b.Valid, Score: pair(f.Score, b.Score), Mean: pair(f.Mean, b.Mean)}
		if sameRule {
			c.Rate = pair(f.Rate, b.Rate)
		}
		if f.Valid > 0 && b.Valid > 0 {
			c.Shares = shares(f, b)
		}
		out = append(out, c)
	}
	return out
}

func pair(now, before *Hundredths) *Pair {
	if now == nil || before == nil {
		return nil
	}
	return &Pair{*now, *before, *now - *before}
}

func shares(f, b *Figure) (out []OptionPair) {
	for _, c := range f.Counts {
		for _, d := range b.Counts {
			if c.Code == d.Code {
				out = append(out, OptionPair{c.Option, Pair{c.Share, d.Share, c.Share - d.Share}})
			}
		}
	}
	return out
}
