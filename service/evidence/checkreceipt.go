package evidence

import "slices"

// Presence says what became of a receipt's ballot version in a bundle.
type Presence string

// What a receipt can find. Absent or Altered, under a receipt that is signed,
// proves that the office changed its records after it gave the receipt.
const (
	Present   Presence = "present"
	Absent    Presence = "absent"
	Altered   Presence = "altered"
	Elsewhere Presence = "other_motion" // the receipt is of another motion
)

// ReceiptReport is what comes of holding a receipt against a bundle.
type ReceiptReport struct {
	Presence Presence
	Signed   error    // nil when the office signed the receipt as it stands
	Version  *Version // as the bundle has it, for the voter to read; nil when absent
	Current  bool     // it is the version that counts
	Message  string   // in Chinese
}

// CheckReceipt looks a receipt's version up. It says nothing about the rest of
// the bundle, which Verify does. Without a trusted key the receipt's signature
// is judged by the bundle's own.
func (b *Bundle) CheckReceipt(r Receipt, trusted *PublicKey) ReceiptReport {
	key := trusted
	if key == nil {
		key = b.key
	}
	report := ReceiptReport{Signed: ErrReceiptForeign}
	if key != nil {
		report.Signed = r.Verify(key)
	}
	b.lookUp(r, &report)
	report.Message = messages[report.Presence]
	if report.Signed != nil {
		report.Message += "；但回执的签名没有核对成功，不能作为证明"
	}
	return report
}

var messages = map[Presence]string{
	Present:   "证据包里有这张票，内容与回执一致",
	Absent:    "证据包里没有这张票",
	Altered:   "证据包里这张票的内容与回执不一致",
	Elsewhere: "这份回执属于另一个事项",
}

func (b *Bundle) lookUp(r Receipt, report *ReceiptReport) {
	if r.MotionID != b.sealed.Motion.ID {
		report.Presence = Elsewhere
		return
	}
	i := slices.IndexFunc(b.ballots, func(l BallotLine) bool {
		return l.Ref == r.Ref && l.Version.Version == r.Version
	})
	if i < 0 {
		report.Presence = Absent
		return
	}
	l := b.ballots[i]
	report.Version = &l.Version
	_, current := settle(b.ballots, byVoter(b.ballots)[r.Ref])
	report.Current = current == &b.ballots[i]
	report.Presence = Altered
	if b.promised(r, l) {
		report.Presence = Present
	}
}

// promised says whether a line, and its voter's line on the roll as it was
// then, are what the receipt promises.
func (b *Bundle) promised(r Receipt, l BallotLine) bool {
	onRoll := slices.Contains(b.stages()[r.Ref], r.Area)
	return onRoll && r.Heads == 1 && l.Digest() == r.Digest && l.Area == r.Area &&
		l.CastAt.Equal(millisecond(r.CastAt)) && (r.Salt == "" || r.Salt == l.Salt)
}
