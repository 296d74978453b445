package share

import "gongdi/model/quantity"

// Move is what a later home's joining changes for one home: what it pays now,
// or what it is given back. One of the two is nothing.
type Move struct {
	HomeID string
	Pays   quantity.Fen
	Back   quantity.Fen
}

// BuyIn says what homes that join later pay, and what those who paid before are
// given back (后加入). Paid is what each has borne until now, whole its sum; as is
// the division as if the late ones had joined from the start, of the same whole.
// What comes in is given back to the last fen, and nobody pays a second time.
//
// Choice: dividing anew can round a home up by one fen. It is not asked for that
// fen; the last of those who are given something back gets one fen less.
func BuyIn(paid map[string]quantity.Fen, as []Share) ([]Move, error) {
	whole, before := quantity.Fen(0), quantity.Fen(0)
	for _, s := range as {
		whole += s.Fen
	}
	for _, fen := range paid {
		before += fen
	}
	if whole != before {
		return nil, ErrFixedNotWhole
	}
	moves := make([]Move, len(as))
	short := quantity.Fen(0)
	for i, s := range as {
		moves[i].HomeID = s.Home.ID
		was, earlier := paid[s.Home.ID]
		switch {
		case !earlier || was == 0:
			moves[i].Pays = s.Fen
		case s.Fen > was:
			short += s.Fen - was
		default:
			moves[i].Back = was - s.Fen
		}
	}
	for i := len(moves) - 1; short > 0 && i >= 0; i-- {
		less := min(short, moves[i].Back, 1)
		moves[i].Back -= less
		short -= less
	}
	if short > 0 {
		return nil, ErrFixedNotWhole // other terms, not another home
	}
	return moves, nil
}
