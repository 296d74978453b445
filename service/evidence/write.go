package evidence

import (
	"archive/zip"
	"bufio"
	_ "embed" // for the explanation
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"gongdi/model/quantity"
)

// The files of a bundle, in their order.
const (
	resultFile      = "result.json"
	motionFile      = "motion.txt"
	rollFile        = "roll.jsonl"
	correctionsFile = "corrections.jsonl" // only where the roll was corrected
	ballotsFile     = "ballots.jsonl"
	keyFile         = "key.pem"
	explanationFile = "说明.txt"
	manifestFile    = "manifest.json"
)

// contentFiles are those that the manifest of a result lists.
func contentFiles(s Sealed) []string {
	files := []string{resultFile, motionFile, rollFile}
	if s.Corrected != nil {
		files = append(files, correctionsFile)
	}
	return append(files, ballotsFile, keyFile, explanationFile)
}

// manifest lists the files of a bundle and carries the signature on its result.
type manifest struct {
	Format    string         `json:"format"`
	MotionID  string         `json:"motion_id"`
	Files     []manifestFact `json:"files"`
	Signature string         `json:"signature"`
}

type manifestFact struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Digest string `json:"sm3"`
}

// Contents is what a bundle is made of. The roll comes sorted by reference, the
// ballots by instant, reference and version.
type Contents struct {
	Seal        Seal
	Text        string // of the motion
	Roll        iter.Seq2[RollLine, error]
	Corrections []Correction // in their order
	Ballots     iter.Seq2[BallotLine, error]
}

// ErrOrder says that the roll or the ballots came in another order than the
// bundle has.
var ErrOrder = errors.New("the lines of a bundle are not in order")

// Write makes a bundle. The same contents make the same bytes. It judges
// nothing: contents that do not agree with their seal are for Verify to name.
func Write(w io.Writer, c Contents) error {
	sealed, err := ParseSealed(c.Seal.Text)
	if err != nil {
		return err
	}
	b := &binder{zip: zip.NewWriter(w), at: sealed.Motion.SealedAt}
	b.text(resultFile, c.Seal.Text)
	b.text(motionFile, c.Text)
	b.file(rollFile, func(w io.Writer) error { return writeLines(w, c.Roll, byRef) })
	if sealed.Corrected != nil {
		b.file(correctionsFile, func(w io.Writer) error { return writeCorrections(w, c.Corrections) })
	}
	b.file(ballotsFile, func(w io.Writer) error { return writeLines(w, normalised(c.Ballots), byTime) })
	b.text(keyFile, c.Seal.PublicKey)
	b.text(explanationFile, explanation(sealed))
	b.manifest(sealed.Motion.ID, c.Seal.Signature)
	if b.err != nil {
		return b.err
	}
	if err := b.zip.Close(); err != nil {
		return fmt.Errorf("finish the bundle: %w", err)
	}
	return nil
}

//go:embed explanation.txt
var explanationText string

func explanation(s Sealed) string {
	text := explanationText
	if s.Corrected != nil {
		text += correctedExplanation
	}
	return strings.NewReplacer(
		"{title}", s.Motion.Title,
		"{motion}", s.Motion.ID,
		"{sealed}", shanghai(s.Motion.SealedAt),
		"{fingerprint}", s.Key.Fingerprint,
	).Replace(text)
}

func shanghai(t time.Time) string {
	return t.In(quantity.Shanghai).Format("2006-01-02 15:04:05.000") + "（北京时间）"
}

// A binder puts files into a bundle and notes their digests; after an error it
// does nothing more.
type binder struct {
	zip   *zip.Writer
	at    time.Time
	facts []manifestFact
	err   error
}

func (b *binder) text(name, content string) {
	b.file(name, func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
}

func (b *binder) file(name string, fill func(io.Writer) error) {
	if b.err != nil {
		return
	}
	entry, err := b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.at})
	if err != nil {
		b.err = fmt.Errorf("add %s to the bundle: %w", name, err)
		return
	}
	sum := &summed{hash: sm3.New()}
	buffered := bufio.NewWriterSize(io.MultiWriter(entry, sum), 64<<10)
	if err := errors.Join(fill(buffered), buffered.Flush()); err != nil {
		b.err = fmt.Errorf("add %s to the bundle: %w", name, err)
		return
	}
	b.facts = append(b.facts, manifestFact{Name: name, Size: sum.size, Digest: sum.digest()})
}

func (b *binder) manifest(motionID, signature string) {
	if b.err != nil {
		return
	}
	m := manifest{Format: bundleFormat, MotionID: motionID, Files: b.facts, Signature: signature}
	b.file(manifestFile, func(w io.Writer) error {
		text, err := written(m)
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
}

func normalised(lines iter.Seq2[BallotLine, error]) iter.Seq2[BallotLine, error] {
	return func(yield func(BallotLine, error) bool) {
		for l, err := range lines {
			if !yield(l.normal(), err) {
				return
			}
		}
	}
}

func writeCorrections(w io.Writer, corrections []Correction) error {
	for _, c := range corrections {
		text, err := lineOf(c.normal())
		if err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}

func writeLines[T any](w io.Writer, lines iter.Seq2[T, error], compare func(a, b T) int) error {
	var before T
	first := true
	for line, err := range lines {
		if err != nil {
			return err
		}
		if !first && compare(before, line) > 0 {
			return ErrOrder
		}
		text, err := lineOf(line)
		if err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
		before, first = line, false
	}
	return nil
}

// lineOf is the one text of a line.
func lineOf(line any) ([]byte, error) {
	text, err := json.Marshal(line)
	return append(text, '\n'), err
}

// summed counts and digests what is written to it.
type summed struct {
	hash hash.Hash
	size int64
}

func (s *summed) Write(b []byte) (int, error) {
	n, err := s.hash.Write(b)
	s.size += int64(n)
	return n, err
}

func (s *summed) digest() string { return hex.EncodeToString(s.hash.Sum(nil)) }
