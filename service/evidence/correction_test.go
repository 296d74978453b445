package evidence

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdi/model/rule/vote"
)

// correct replaces lines of the sample's roll, as the office does.
func (s *sample) correct(reason string, struck []RollLine, placed ...RollLine) {
	c := Correction{
		Number: len(s.corrections) + 1, At: opens.Add(time.Duration(len(s.corrections)+1) * time.Hour), Reason: reason,
		Before: struck, After: placed, DigestBefore: RollDigest(s.facts.ID, s.roll),
	}
	s.roll = slices.DeleteFunc(slices.Clone(s.roll), func(l RollLine) bool {
		return slices.ContainsFunc(struck, func(b RollLine) bool { return b.Ref == l.Ref })
	})
	s.roll = append(s.roll, placed...)
	slices.SortFunc(s.roll, byRef)
	c.DigestAfter = RollDigest(s.facts.ID, s.roll)
	s.corrections = append(s.corrections, c)
}

// corrected is a sample whose roll was corrected three times: an area, a
// voter struck, a voter added.
func corrected(t testing.TB) *sample {
	s := newSample(t, 30, 31)
	s.facts.Events[0].Detail = RollDigest(s.facts.ID, s.roll)
	voted := s.lines[0].Ref
	at := slices.IndexFunc(s.roll, func(l RollLine) bool { return l.Ref == voted })
	larger := s.roll[at]
	larger.Area += 1000
	s.correct("面积录入有误", []RollLine{s.roll[at]}, larger)
	voted = s.lines[len(s.lines)-1].Ref
	at = slices.IndexFunc(s.roll, func(l RollLine) bool { return l.Ref == voted })
	s.correct("重复登记", []RollLine{s.roll[at]})
	s.correct("漏登", nil, RollLine{Ref: strings.Repeat("f", 24), Heads: 1, Area: 8888, Parts: strings.Repeat("0", 64)})
	return s
}

func TestACorrectedRollIsProvenBackToThePublishedOne(t *testing.T) {
	s := corrected(t)
	report := verify(t, s.bundle(t), s.key.Public())
	if !report.Sound() {
		t.Fatalf("%+v", report.Findings)
	}
	c := report.Sealed.Corrected
	if c == nil || c.Count != 3 || c.Published != s.facts.Events[0].Detail || c.Published == report.Sealed.Roll.Digest {
		t.Errorf("%+v", c)
	}
	if c.Uncorrected != vote.Passed && c.Uncorrected != vote.NotPassed && c.Uncorrected != vote.Undetermined {
		t.Errorf("outcome of the published roll: %q", c.Uncorrected)
	}
	p := unpack(t, s.bundle(t))
	if !bytes.Contains(p.content[explanationFile], []byte("corrections.jsonl")) {
		t.Error("the explanation speaks of the corrections")
	}
}

func TestAReceiptOfBeforeACorrectionHolds(t *testing.T) {
	s := corrected(t)
	content := s.bundle(t)
	b, err := Open(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []BallotLine{s.lines[0], s.lines[len(s.lines)-1]} { // of an enlarged voter, and of a struck one
		receipt, err := s.key.Receipt(l.Version)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.CheckReceipt(receipt, s.key.Public()); got.Presence != Present || got.Signed != nil {
			t.Errorf("%+v", got)
		}
	}
}

func TestACorrectionThatDoesNotFollowIsNamed(t *testing.T) {
	for _, c := range []struct {
		name   string
		tamper func(s *sample)
		want   string
	}{
		{"a line struck in silence", func(s *sample) { s.corrections[1].Before = nil }, "correction_differs"},
		{"another fingerprint", func(s *sample) { s.corrections[2].DigestAfter = "x" }, "correction_differs"},
		{"a number twice", func(s *sample) { s.corrections[1].Number = 1 }, "correction_number"},
		{"before it was published", func(s *sample) { s.corrections[0].At = opens.AddDate(0, 0, -60) }, "correction_outside"},
		{"one left out", func(s *sample) { s.corrections = s.corrections[1:] }, "published_roll_differs"},
		{"none at all", func(s *sample) { s.corrections = nil }, "published_roll_differs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := corrected(t)
			c.tamper(s)
			if got := codes(verify(t, s.bundle(t), s.key.Public()).Findings); !slices.Contains(got, c.want) {
				t.Errorf("got %v", got)
			}
		})
	}
	s := corrected(t)
	sealed := s.compose()
	sealed.Corrected.Uncorrected = "great"
	if got := codes(verify(t, s.bundleOf(t, sealed), s.key.Public()).Findings); !slices.Contains(got, "corrected_differs") {
		t.Errorf("got %v", got)
	}
	p := unpack(t, s.bundle(t))
	delete(p.content, correctionsFile)
	p.names = slices.DeleteFunc(p.names, func(n string) bool { return n == correctionsFile })
	if got := codes(verify(t, p.pack(t), s.key.Public()).Findings); !slices.Contains(got, "file_missing") {
		t.Errorf("got %v", got)
	}
}
