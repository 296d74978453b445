package evidence

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"iter"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

const sampleText = "是否同意加装电梯？\n费用按协议分摊。\n"

var opens = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// A sample is a motion with everything that a bundle is made of.
type sample struct {
	key         *Key
	facts       Motion
	rule        vote.Rule
	roll        []RollLine
	corrections []Correction
	lines       []BallotLine
}

func testKey(t testing.TB) *Key {
	t.Helper()
	private, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := newKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newSample(t testing.TB, voters int, seed uint64) *sample {
	t.Helper()
	published := opens.Add(-16 * 24 * time.Hour)
	m := model.Motion{
		ID: "01testmotion00000000000000", Title: "2栋1单元加装电梯", Text: sampleText,
		Kind: model.Special, Subject: "lift", ScopeLabel: "春晖小区2栋1单元", Convener: "鼓场街道春晖社区",
		Items:       []model.Item{{Code: "lift", Label: "电梯"}, {Code: "pipes", Label: "管线"}},
		PublishedAt: &published, OpensAt: opens,
		ClosesAt: opens.Add(7 * 24 * time.Hour), CountUntil: opens.Add(10 * 24 * time.Hour),
	}
	events := []model.MotionEvent{{Kind: model.EventPublished, At: published}, {Kind: model.EventExtended, At: opens, Reason: "下雨"}}
	s := &sample{key: testKey(t), rule: vote.Special, facts: MotionOf(&m, events, m.CountUntil)}
	draw := mathrand.New(mathrand.NewPCG(seed, 1))
	for i := range voters {
		ref := fmt.Sprintf("%024x", draw.Uint64())
		property := model.RollProperty{PropertyID: fmt.Sprint("p", i), Use: model.UseResidential, OwnerIDs: fmt.Sprint("o", i)}
		line := RollLine{
			Ref: ref, Heads: 1, Area: Area(5000 + draw.IntN(9000)), Incomplete: i%40 == 7,
			Parts: PartsDigest([]model.RollProperty{property}),
		}
		s.roll = append(s.roll, line)
		s.vote(draw, line)
	}
	slices.SortFunc(s.roll, byRef)
	slices.SortFunc(s.lines, byTime)
	return s
}

// vote lets one voter do what voters do, in up to four versions.
func (s *sample) vote(draw *mathrand.Rand, voter RollLine) {
	var ledger vote.Ledger
	at := opens.Add(time.Duration(draw.IntN(3600_000)) * time.Millisecond)
	for n := range draw.IntN(5) {
		v := Version{
			MotionID: s.facts.ID, Ref: voter.Ref, Version: n + 1, CastAt: at, Area: voter.Area,
			Channel: vote.Online, Choice: []vote.Choice{vote.Agree, vote.Agree, vote.Oppose, vote.Abstain}[draw.IntN(4)],
			Items: []string{"lift", "pipes"}[:draw.IntN(3)], Relation: model.RelationOwner, Proof: model.ProofDocument,
			Salt: fmt.Sprintf("%016x%016x", draw.Uint64(), draw.Uint64()),
		}
		v.CommentDigest = CommentDigest([]string{"", "请尽快"}[draw.IntN(2)], v.Salt)
		if draw.IntN(3) == 0 {
			received := at.Add(-time.Minute)
			v.Channel, v.Proof, v.SignedOn, v.ReceivedAt = vote.Paper, model.ProofPaper, "2026-03-01", &received
			v.DoubleCheck = draw.IntN(2) == 0
			if draw.IntN(4) == 0 {
				v.Choice, v.Items = vote.Invalid, nil
				v.InvalidReason = model.Enterable[draw.IntN(len(model.Enterable))]
			}
		}
		if disputed, waiting := ledger.OpenConflict().Version, ledger.Unconfirmed().Version; max(disputed, waiting) > 0 && draw.IntN(2) == 0 {
			v.Confirms = max(disputed, waiting)
			v.InvalidReason = model.InvalidNone
			if v.Confirms == waiting {
				v.Relation = ""
			}
		}
		v.Standing = ledger.Apply(v.Entry())
		s.lines = append(s.lines, BallotLine{Version: v, Recorded: v.Digest()})
		at = at.Add(time.Duration(1+draw.IntN(3600_000)) * time.Millisecond)
	}
}

func (s *sample) compose() Sealed { return Compose(s.facts, s.rule, s.roll, s.corrections, s.lines) }

func (s *sample) bundle(t testing.TB) []byte { return s.bundleOf(t, s.compose()) }

// bundleOf writes the sample's lines under a result that may say something else.
func (s *sample) bundleOf(t testing.TB, sealed Sealed) []byte {
	t.Helper()
	seal, err := s.key.Seal(sealed)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, Contents{Seal: seal, Text: sampleText, Roll: each(s.roll), Corrections: s.corrections, Ballots: each(s.lines)}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func each[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func verify(t testing.TB, bundle []byte, trusted *PublicKey) Report {
	t.Helper()
	report, err := Verify(bytes.NewReader(bundle), int64(len(bundle)), trusted)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func codes(list []Finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Code)
	}
	return out
}

// A parcel is an unpacked bundle, to be tampered with.
type parcel struct {
	names   []string
	content map[string][]byte
}

func unpack(t testing.TB, bundle []byte) *parcel {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	p := &parcel{content: map[string][]byte{}}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		p.names, p.content[f.Name] = append(p.names, f.Name), content
	}
	return p
}

// amend makes the manifest fit whatever the files are now.
func (p *parcel) amend(t testing.TB) *parcel {
	t.Helper()
	var m manifest
	if err := read(p.content[manifestFile], &m); err != nil {
		t.Fatal(err)
	}
	for i, f := range m.Files {
		content := p.content[f.Name]
		m.Files[i] = manifestFact{Name: f.Name, Size: int64(len(content)), Digest: digestOf(content)}
	}
	text, err := written(m)
	if err != nil {
		t.Fatal(err)
	}
	p.content[manifestFile] = text
	return p
}

func (p *parcel) pack(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range p.names {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = f.Write(p.content[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (p *parcel) lines(name string) [][]byte { return bytes.SplitAfter(p.content[name], []byte("\n")) }
