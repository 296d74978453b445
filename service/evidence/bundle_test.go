package evidence

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

func TestABundleProvesWhatWasSealed(t *testing.T) {
	s := newSample(t, 60, 1)
	bundle := s.bundle(t)
	report := verify(t, bundle, s.key.Public())
	if !report.Sound() || len(report.Remarks) > 0 || !report.Pinned {
		t.Fatalf("%+v %+v", report.Findings, report.Remarks)
	}
	want := s.compose()
	if d := cmp.Diff(want.Tally, report.Tally) + cmp.Diff(want.Result, report.Result); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want.Motion, report.Sealed.Motion); d != "" {
		t.Error(d)
	}
	if !bytes.Contains(unpack(t, bundle).content[explanationFile], []byte(s.key.Public().Fingerprint())) {
		t.Error("the explanation names the key's fingerprint")
	}
}

func TestTheSameContentsMakeTheSameBytes(t *testing.T) {
	s := newSample(t, 20, 2)
	seal, err := s.key.Seal(s.compose())
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := Write(w, Contents{Seal: seal, Text: sampleText, Roll: each(s.roll), Ballots: each(s.lines)}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two bundles of one motion differ")
	}
}

func TestAVoteOfNobodyIsABundleToo(t *testing.T) {
	s := newSample(t, 3, 3)
	s.lines = nil
	if report := verify(t, s.bundle(t), s.key.Public()); !report.Sound() || report.Result.Passed {
		t.Errorf("%+v", report)
	}
}

func TestLinesOutOfOrderAreNotWritten(t *testing.T) {
	s := newSample(t, 20, 4)
	seal, err := s.key.Seal(s.compose())
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(s.roll)
	if err := Write(&bytes.Buffer{}, Contents{Seal: seal, Roll: each(s.roll), Ballots: each(s.lines)}); !errors.Is(err, ErrOrder) {
		t.Errorf("got %v", err)
	}
	torn := errors.New("torn")
	failing := func(yield func(RollLine, error) bool) { yield(RollLine{}, torn) }
	if err := Write(&bytes.Buffer{}, Contents{Seal: seal, Roll: failing, Ballots: each(s.lines)}); !errors.Is(err, torn) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoBundleIsRefused(t *testing.T) {
	empty := (&parcel{}).pack(t)
	for _, b := range [][]byte{nil, []byte("PK"), empty} {
		if _, err := Verify(bytes.NewReader(b), int64(len(b)), nil); !errors.Is(err, ErrBundle) {
			t.Errorf("%q: %v", b, err)
		}
	}
}

func TestAChangedByteIsNoticed(t *testing.T) {
	s := newSample(t, 25, 5)
	whole := unpack(t, s.bundle(t))
	for _, amended := range []bool{false, true} {
		rapid.Check(t, func(r *rapid.T) {
			name := rapid.SampledFrom(whole.names).Draw(r, "file")
			if amended && name == manifestFile {
				r.Skip("there is nothing to amend")
			}
			p := &parcel{names: whole.names, content: maps.Clone(whole.content)}
			content := slices.Clone(p.content[name])
			i := rapid.IntRange(0, len(content)-1).Draw(r, "byte")
			content[i] ^= byte(rapid.IntRange(1, 255).Draw(r, "change"))
			p.content[name] = content
			if amended {
				p.amend(t)
			}
			report := verify(t, p.pack(t), nil)
			if amended && name == explanationFile {
				if !slices.Contains(codes(report.Remarks), "explanation_differs") {
					r.Fatal("an explanation that was rewritten is not remarked on")
				}
			} else if report.Sound() {
				r.Fatalf("%s, byte %d", name, i)
			}
		})
	}
}

func TestAFileThatIsGoneOrTooManyIsNoticed(t *testing.T) {
	s := newSample(t, 5, 6)
	for _, name := range append(contentFiles(Sealed{}), manifestFile) {
		p := unpack(t, s.bundle(t))
		p.names = slices.DeleteFunc(p.names, func(n string) bool { return n == name })
		if got := codes(verify(t, p.pack(t), nil).Findings); !slices.Contains(got, "file_missing") {
			t.Errorf("without %s: %v", name, got)
		}
	}
	p := unpack(t, s.bundle(t))
	p.names = append(p.names, rollFile, "more.txt")
	got := codes(verify(t, p.pack(t), nil).Findings)
	if !slices.Contains(got, "file_twice") || !slices.Contains(got, "file_unknown") {
		t.Errorf("got %v", got)
	}
}

// Tampering of whoever holds no key: the files and the manifest are made to
// fit, the signed result cannot be.
func TestBallotLinesCannotBeTakenAddedOrMoved(t *testing.T) {
	s := newSample(t, 25, 7)
	last := len(s.lines)
	for _, c := range []struct {
		name   string
		tamper func(lines [][]byte) [][]byte
		want   string
	}{
		{"the last version is taken", func(l [][]byte) [][]byte { return slices.Delete(l, last-1, last) }, "chain_differs"},
		{"the first is taken", func(l [][]byte) [][]byte { return l[1:] }, "chain_differs"},
		{"one in the middle is taken", func(l [][]byte) [][]byte { return slices.Delete(l, 9, 10) }, "chain_differs"},
		{"all are taken", func([][]byte) [][]byte { return nil }, "chain_differs"},
		{"one is there twice", func(l [][]byte) [][]byte { return slices.Insert(l, 3, l[3]) }, "version_twice"},
		{"two have changed places", func(l [][]byte) [][]byte { l[3], l[4] = l[4], l[3]; return l }, "ballot_order"},
		{"a choice is another", func(l [][]byte) [][]byte {
			for i := range l {
				if bytes.Contains(l[i], []byte(`"choice":"agree"`)) {
					l[i] = bytes.Replace(l[i], []byte(`"choice":"agree"`), []byte(`"choice":"oppose"`), 1)
					break
				}
			}
			return l
		}, "ballot_changed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := unpack(t, s.bundle(t))
			p.content[ballotsFile] = bytes.Join(c.tamper(p.lines(ballotsFile)), nil)
			report := verify(t, p.amend(t).pack(t), nil)
			if !slices.Contains(codes(report.Findings), c.want) {
				t.Errorf("got %+v", report.Findings)
			}
		})
	}
}

// Tampering of whoever holds the key and sealed anew: what does not follow
// from itself is still named, and where.
func TestASealThatDoesNotFollowIsNamed(t *testing.T) {
	for _, c := range []struct {
		name   string
		tamper func(s *sample)
		want   string
		where  string
	}{
		{"a version is missing", func(s *sample) { s.drop(func(l BallotLine) bool { return l.Version.Version == 1 }) }, "version_missing", ballotsFile + ":"},
		{"a line was changed after it was recorded", func(s *sample) { s.lines[4].Area++ }, "ballot_changed", ballotsFile + ":5"},
		{"an area is not the roll's", func(s *sample) { s.lines[4].Area++ }, "area_differs", ballotsFile + ":5"},
		{"nobody on the roll", func(s *sample) { s.lines[0].Ref = "x" }, "voter_unknown", ballotsFile + ":1"},
		{"another motion's", func(s *sample) { s.lines[0].MotionID = "x" }, "ballot_of_other_motion", ballotsFile + ":1"},
		{"no such choice", func(s *sample) { s.lines[0].Choice = "perhaps" }, "ballot_value", ballotsFile + ":1"},
		{"an item nobody offered", func(s *sample) { s.lines[0].Items = []string{"pool"} }, "item_unknown", ballotsFile + ":1"},
		{"before it opened", func(s *sample) { s.lines[0].CastAt = opens.Add(-30 * 24 * time.Hour) }, "cast_outside", ballotsFile + ":1"},
		{"a standing of its own", func(s *sample) { s.lines[0].Standing = "great" }, "standing_differs", ballotsFile + ":1"},
		{"a voter twice on the roll", func(s *sample) { s.roll = slices.Insert(s.roll, 2, s.roll[2]) }, "ref_twice", rollFile + ":4"},
		{"two heads for one", func(s *sample) { s.roll[0].Heads = 2 }, "roll_value", rollFile + ":1"},
		{"an easier majority", func(s *sample) { s.rule.Approval = vote.Fraction{Num: 1, Den: 2} }, "rule_differs", resultFile},
		{"a rule of the house", func(s *sample) { s.rule.Code = "mine" }, "rule_unknown", resultFile},
		{"an early close that is hidden", func(s *sample) { s.facts.SealedAt = s.facts.ClosesAt.Add(-time.Hour) }, "closed_early_wrong", resultFile},
		{"closed before it opened", func(s *sample) { s.facts.ClosesAt = opens.Add(-time.Hour) }, "period_wrong", resultFile},
		{"another text", func(s *sample) { s.facts.TextDigest = digestOf(nil) }, "text_changed", motionFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSample(t, 25, 8)
			c.tamper(s)
			slices.SortFunc(s.lines, byTime)
			report := verify(t, s.bundle(t), s.key.Public())
			if !slices.ContainsFunc(report.Findings, func(f Finding) bool { return f.Code == c.want && strings.HasPrefix(f.Where, c.where) }) {
				t.Errorf("got %+v", report.Findings)
			}
		})
	}
}

func (s *sample) drop(which func(BallotLine) bool) {
	for i, l := range s.lines {
		again := slices.ContainsFunc(s.lines, func(o BallotLine) bool { return o.Ref == l.Ref && o.Version.Version > l.Version.Version })
		if which(l) && again {
			s.lines = slices.Delete(s.lines, i, i+1)
			return
		}
	}
}

func TestASealedFigureThatDoesNotComeOutIsNamed(t *testing.T) {
	for _, c := range []struct {
		tamper func(s *Sealed)
		want   string
		says   string
	}{
		{func(s *Sealed) { s.Tally.Agree.Heads++ }, "tally_differs", "同意：封存结果为"},
		{func(s *Sealed) { s.Tally.ByChannel[1].Oppose.Area++ }, "tally_differs", "反对（paper）"},
		{func(s *Sealed) { s.Tally.ByReason[0].Heads++ }, "tally_differs", "无效（spoiled）"},
		{func(s *Sealed) { s.Tally.Items = nil }, "tally_differs", "勾选 lift"},
		{func(s *Sealed) { s.Tally.Items = append(s.Tally.Items, ItemTally{Code: "x"}) }, "result_differs", ""},
		{func(s *Sealed) { s.Result.Passed = !s.Result.Passed }, "outcome_differs", "通过"},
		{func(s *Sealed) { s.Roll.Area-- }, "roll_differs", "名册："},
		{func(s *Sealed) { s.Roll.Digest = "" }, "roll_differs", "名册指纹"},
		{func(s *Sealed) { s.Ballots.Count-- }, "chain_differs", "版本数"},
	} {
		s := newSample(t, 25, 9)
		sealed := s.compose()
		c.tamper(&sealed)
		report := verify(t, s.bundleOf(t, sealed), s.key.Public())
		if !slices.ContainsFunc(report.Findings, func(f Finding) bool { return f.Code == c.want && strings.Contains(f.Message, c.says) }) {
			t.Errorf("%s %s: got %+v", c.want, c.says, report.Findings)
		}
	}
}

func TestOnlyAKeyFromElsewhereTellsAForgery(t *testing.T) {
	s := newSample(t, 10, 10)
	office := s.key.Public()
	s.key = testKey(t)
	forged := s.bundle(t)
	alone := verify(t, forged, nil)
	if !alone.Sound() || !slices.Contains(codes(alone.Remarks), "key_not_pinned") {
		t.Errorf("by itself a forgery agrees with itself, and the report says what that is worth: %+v", alone)
	}
	got := codes(verify(t, forged, office).Findings)
	if !slices.Contains(got, "key_not_trusted") || !slices.Contains(got, "signature_invalid") {
		t.Errorf("got %v", got)
	}
}

func TestWhatMayBeObjectedToIsRemarked(t *testing.T) {
	s := newSample(t, 25, 11)
	i := slices.IndexFunc(s.lines, func(l BallotLine) bool {
		return l.Channel == vote.Paper && l.Confirms == 0 && l.Choice != vote.Invalid
	})
	l := &s.lines[i]
	l.SignedOn = quantity.DateOf(s.facts.ClosesAt).AddDays(1)
	l.ReceivedAt = &s.facts.ClosesAt
	l.Recorded = l.Digest()
	report := verify(t, s.bundle(t), s.key.Public())
	if got := codes(report.Remarks); !report.Sound() || !slices.Equal(got, []string{"signed_outside", "received_late"}) {
		t.Errorf("%v, %+v", got, report.Findings)
	}
}

func TestABombIsNotUnpacked(t *testing.T) {
	s := newSample(t, 3, 12)
	for name, limit := range map[string]int64{keyFile: fileLimits[keyFile], resultFile: fileLimits[resultFile]} {
		p := unpack(t, s.bundle(t))
		p.content[name] = bytes.Repeat([]byte("a"), int(limit)+1)
		if got := codes(verify(t, p.pack(t), nil).Findings); !slices.Contains(got, "file_too_large") {
			t.Errorf("%s: %v", name, got)
		}
	}
	p := unpack(t, s.bundle(t))
	p.content[ballotsFile] = bytes.Repeat([]byte("{}\n"), 1<<20)
	report := verify(t, p.pack(t), nil)
	if len(report.Findings) > maxFindings || report.Further == 0 || report.Tally.Roll.Heads != 3 {
		t.Errorf("%d findings and %d further", len(report.Findings), report.Further)
	}
	p.content[ballotsFile] = bytes.Repeat([]byte("a"), maxLine+1)
	if got := codes(verify(t, p.pack(t), nil).Findings); !slices.Contains(got, "line_too_long") {
		t.Errorf("got %v", got)
	}
}

// The second implementation looks at each voter by the rule's own replay and
// adds up in plain numbers.
func TestARecountAddsUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := newSample(t, rapid.IntRange(0, 40).Draw(r, "voters"), rapid.Uint64().Draw(r, "seed"))
		heads := map[vote.Choice]int64{}
		areas := map[vote.Choice]Area{}
		var disputable, ticked int64
		for _, voter := range s.roll {
			var entries []vote.Entry
			for _, l := range s.lines {
				if l.Ref == voter.Ref {
					entries = append(entries, l.Entry())
				}
			}
			current := vote.Replay(entries).Current()
			heads[current.Choice]++
			areas[current.Choice] += voter.Area
			if current.Reason == string(model.InvalidSpoiled) && current.Choice == vote.Invalid {
				disputable++
			}
			for _, l := range s.lines {
				if l.Ref == voter.Ref && l.Version.Version == current.Version && current.Choice != vote.Invalid && slices.Contains(l.Items, "lift") {
					ticked++
				}
			}
		}
		got := Recount(s.facts.Items, s.roll, s.lines)
		want := Choices{
			Agree:   Count{heads[vote.Agree], areas[vote.Agree]},
			Oppose:  Count{heads[vote.Oppose], areas[vote.Oppose]},
			Abstain: Count{heads[vote.Abstain], areas[vote.Abstain]},
			Invalid: Count{heads[vote.Invalid], areas[vote.Invalid]},
		}
		if got.Choices != want || got.Disputable.Heads != disputable || got.Items[0].Heads != ticked {
			r.Fatalf("got %+v, want %+v", got, want)
		}
		if p := got.Totals().Participating(); countOf(p) != got.Participating || got.Roll.Heads != int64(len(s.roll)) {
			r.Fatalf("participating %+v", got.Participating)
		}
		var byChannel Choices
		for _, c := range got.ByChannel {
			byChannel.Agree.add(c.Agree)
			byChannel.Oppose.add(c.Oppose)
			byChannel.Abstain.add(c.Abstain)
			byChannel.Invalid.add(c.Invalid)
		}
		if byChannel != got.Choices {
			r.Fatal("the channels do not add up to the whole")
		}
	})
}
