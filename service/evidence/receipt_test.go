package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func receiptOf(t *testing.T, k *Key, v Version) Receipt {
	t.Helper()
	r, err := k.Receipt(v)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAReceiptIsSignedAsItStands(t *testing.T) {
	s := newSample(t, 10, 1)
	r := receiptOf(t, s.key, s.lines[0].Version)
	p := s.key.Public()
	for _, sound := range []Receipt{r, r.Shown()} {
		text, err := json.Marshal(sound)
		if err != nil {
			t.Fatal(err)
		}
		var again Receipt
		if err := json.Unmarshal(text, &again); err != nil || cmp.Diff(sound, again) != "" {
			t.Fatalf("%v %s", err, cmp.Diff(sound, again))
		}
		if err := again.Verify(p); err != nil {
			t.Error(err)
		}
		for _, choice := range []string{"agree", "oppose", "abstain"} {
			if strings.Contains(string(text), choice) {
				t.Errorf("it tells the choice: %s", text)
			}
		}
	}
	for name, change := range map[string]func(r *Receipt){
		"format": func(r *Receipt) { r.Format = "x" }, "motion": func(r *Receipt) { r.MotionID = "x" },
		"ref": func(r *Receipt) { r.Ref = "x" }, "version": func(r *Receipt) { r.Version++ },
		"digest": func(r *Receipt) { r.Digest = "x" }, "heads": func(r *Receipt) { r.Heads++ },
		"area": func(r *Receipt) { r.Area++ }, "instant": func(r *Receipt) { r.CastAt = r.CastAt.Add(time.Millisecond) },
		"signature": func(r *Receipt) { r.Signature = "" },
	} {
		other := r
		if change(&other); !errors.Is(other.Verify(p), ErrReceiptUnsigned) {
			t.Errorf("with another %s it passes", name)
		}
	}
	if err := r.Verify(testKey(t).Public()); !errors.Is(err, ErrReceiptForeign) {
		t.Errorf("got %v", err)
	}
}

func TestAReceiptFindsWhatBecameOfTheBallot(t *testing.T) {
	s := newSample(t, 25, 2)
	i := slices.IndexFunc(s.lines, func(l BallotLine) bool { return l.Version.Version == 2 })
	mine := s.lines[i].Version
	r := receiptOf(t, s.key, mine)
	for _, c := range []struct {
		name    string
		tamper  func(s *sample, r *Receipt)
		want    Presence
		refusal error
	}{
		{name: "kept", tamper: func(*sample, *Receipt) {}, want: Present},
		{name: "kept, the salt left out", tamper: func(_ *sample, r *Receipt) { *r = r.Shown() }, want: Present},
		{name: "left out", tamper: func(s *sample, _ *Receipt) { s.lines = slices.Delete(s.lines, i, i+1) }, want: Absent},
		{name: "another choice, recorded anew", tamper: func(s *sample, _ *Receipt) {
			s.lines[i].Choice = "abstain"
			s.lines[i].Relation = ""
			s.lines[i].Recorded = s.lines[i].Digest()
		}, want: Altered},
		{name: "another area on the roll", tamper: func(s *sample, _ *Receipt) {
			at := slices.IndexFunc(s.roll, func(l RollLine) bool { return l.Ref == mine.Ref })
			s.roll[at].Area--
		}, want: Altered},
		{name: "of another motion", tamper: func(s *sample, r *Receipt) {
			v := mine
			v.MotionID = "other"
			*r = receiptOf(t, s.key, v)
		}, want: Elsewhere},
		{name: "made up", tamper: func(_ *sample, r *Receipt) { r.Ref = "nobody" }, want: Absent, refusal: ErrReceiptUnsigned},
		{name: "of another office", tamper: func(_ *sample, r *Receipt) { *r = receiptOf(t, testKey(t), mine) }, want: Present, refusal: ErrReceiptForeign},
		{name: "another salt", tamper: func(_ *sample, r *Receipt) { r.Salt = NewSalt() }, want: Altered},
	} {
		t.Run(c.name, func(t *testing.T) {
			held := r
			other := *s
			other.lines, other.roll = slices.Clone(s.lines), slices.Clone(s.roll)
			c.tamper(&other, &held)
			bundle := other.bundle(t)
			b, err := Open(bytes.NewReader(bundle), int64(len(bundle)))
			if err != nil {
				t.Fatal(err)
			}
			for _, trusted := range []*PublicKey{nil, s.key.Public()} {
				got := b.CheckReceipt(held, trusted)
				if got.Presence != c.want || !errors.Is(got.Signed, c.refusal) || got.Message == "" {
					t.Errorf("got %+v", got)
				}
				if (got.Version != nil) != (c.want == Present || c.want == Altered) {
					t.Error("the version is shown where there is one")
				}
			}
		})
	}
}

func TestAReceiptSaysWhetherItsVersionCounts(t *testing.T) {
	s := newSample(t, 25, 3)
	bundle := s.bundle(t)
	b, err := Open(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	current := map[string]int{}
	for _, l := range s.lines {
		if b.CheckReceipt(receiptOf(t, s.key, l.Version), nil).Current {
			current[l.Ref]++
		}
	}
	for ref, n := range current {
		if n != 1 {
			t.Errorf("%s has %d ballots that count", ref, n)
		}
	}
	if len(current) == 0 {
		t.Error("nobody's counts")
	}
}

func TestAForeignReceiptAgainstAnUnreadableKeyIsNoProof(t *testing.T) {
	s := newSample(t, 5, 4)
	p := unpack(t, s.bundle(t))
	p.content[keyFile] = []byte("none")
	bundle := p.pack(t)
	b, err := Open(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.CheckReceipt(receiptOf(t, s.key, s.lines[0].Version), nil); got.Signed == nil || got.Presence != Present {
		t.Errorf("got %+v", got)
	}
}
