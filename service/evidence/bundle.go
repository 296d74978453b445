package evidence

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/emmansun/gmsm/sm3"

	"gongdi/service/fault"
)

// ErrBundle says that a file is no bundle at all.
var ErrBundle = fault.New(fault.Unreadable, "bundle_unreadable", "不是可以读取的证据包")

// The most that is unpacked of each file, in bytes: room for 200,000 voters and
// far from what would exhaust a computer.
var fileLimits = map[string]int64{
	resultFile:      1 << 20,
	motionFile:      1 << 20,
	rollFile:        64 << 20,
	correctionsFile: 64 << 20,
	ballotsFile:     192 << 20,
	keyFile:         4 << 10,
	explanationFile: 256 << 10,
	manifestFile:    64 << 10,
}

const (
	maxLine    = 32 << 10
	maxEntries = 64 // of a bundle, where eight belong at most
)

// Bundle is an evidence bundle that has been read, sound or not. Lines that
// cannot be read are left out and noted.
type Bundle struct {
	manifest     manifest
	resultText   []byte
	sealed       Sealed
	legible      bool // the result could be read
	text         []byte
	explained    []byte
	key          *PublicKey
	roll         []RollLine
	rollAt       []int // the line number of each
	corrections  []Correction
	correctionAt []int
	ballots      []BallotLine
	ballotAt     []int
	facts        map[string]manifestFact
	found        findings
}

// Open reads a bundle within limits, whatever is in it. It refuses only what is
// no bundle at all.
func Open(r io.ReaderAt, size int64) (*Bundle, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil || len(archive.File) > maxEntries {
		return nil, ErrBundle
	}
	b := &Bundle{facts: map[string]manifestFact{}}
	files := b.sortOut(archive.File)
	if files[manifestFile] == nil && files[resultFile] == nil {
		return nil, ErrBundle
	}
	b.readTexts(files)
	for _, name := range append(contentFiles(b.sealed), manifestFile) {
		if files[name] == nil {
			b.found.add("file_missing", name, "缺少这个文件")
		}
	}
	b.readFile(files[rollFile], func(r io.Reader) error {
		b.roll, b.rollAt, err = readLines(r, rollFile, RollLine.normal, &b.found)
		return err
	})
	b.readFile(files[correctionsFile], func(r io.Reader) error {
		b.corrections, b.correctionAt, err = readLines(r, correctionsFile, Correction.normal, &b.found)
		return err
	})
	b.readFile(files[ballotsFile], func(r io.Reader) error {
		b.ballots, b.ballotAt, err = readLines(r, ballotsFile, BallotLine.normal, &b.found)
		return err
	})
	return b, nil
}

func (b *Bundle) sortOut(entries []*zip.File) map[string]*zip.File {
	files := map[string]*zip.File{}
	for _, f := range entries {
		switch {
		case fileLimits[f.Name] == 0:
			b.found.add("file_unknown", manifestFile, "证据包里有不属于它的文件")
		case files[f.Name] != nil:
			b.found.add("file_twice", f.Name, "同名文件出现了两次")
		default:
			files[f.Name] = f
		}
	}
	return files
}

func (b *Bundle) readTexts(files map[string]*zip.File) {
	manifestText := b.content(files[manifestFile])
	b.legibly(manifestFile, manifestText, read(manifestText, &b.manifest))
	b.resultText = b.content(files[resultFile])
	b.legible = b.legibly(resultFile, b.resultText, read(b.resultText, &b.sealed))
	b.text = b.content(files[motionFile])
	b.explained = b.content(files[explanationFile])
	if pem := b.content(files[keyFile]); pem != nil {
		var err error
		if b.key, err = ParsePublicKey(string(pem)); err != nil {
			b.found.add("key_unreadable", keyFile, "公钥文件不能读取")
		}
	}
}

// legibly notes a text that cannot be read, or is not as it was written, and
// says whether anything can be learned from it.
func (b *Bundle) legibly(name string, text []byte, err error) bool {
	switch {
	case text == nil:
		return false
	case errors.Is(err, errNotAsWritten):
		b.found.add("file_not_canonical", name, "文件的写法与本程序不同，可能被改动过")
	case err != nil:
		b.found.add("file_unreadable", name, "文件内容不能读取")
		return false
	}
	return true
}

// content reads a small file whole; nil when it is not there.
func (b *Bundle) content(f *zip.File) []byte {
	var all []byte
	b.readFile(f, func(r io.Reader) error {
		var err error
		all, err = io.ReadAll(r)
		return err
	})
	return all
}

// readFile hands a file over within its limit and notes its length and digest.
func (b *Bundle) readFile(f *zip.File, take func(io.Reader) error) {
	if f == nil {
		return
	}
	unpacked, err := f.Open()
	if err != nil {
		b.found.add("file_damaged", f.Name, "文件不能解压")
		return
	}
	sum := &summed{hash: sm3.New()}
	limit := fileLimits[f.Name]
	limited := io.TeeReader(io.LimitReader(unpacked, limit+1), sum)
	err = take(limited)
	if err == nil {
		_, err = io.Copy(io.Discard, limited)
	}
	switch err = errors.Join(err, unpacked.Close()); {
	case sum.size > limit:
		b.found.add("file_too_large", f.Name, "文件超过 %d 字节，没有读完", limit)
	case err != nil:
		b.found.add("file_damaged", f.Name, "文件不能解压，内容已损坏")
	}
	b.facts[f.Name] = manifestFact{Name: f.Name, Size: sum.size, Digest: sum.digest()}
}

// readLines reads a value a line and notes every line that cannot be read or is
// not, to the byte, what Write writes. It gives up after too many of them.
func readLines[T any](r io.Reader, file string, normal func(T) T, found *findings) (values []T, at []int, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	lines.Split(wholeLines)
	bad := 0
	for number := 1; bad < maxFindings && lines.Scan(); number++ {
		var value T
		if err := json.Unmarshal(lines.Bytes(), &value); err != nil {
			found.add("line_unreadable", line(file, number), "这一行不能读取")
			bad++
			continue
		}
		if again, err := lineOf(normal(value)); err != nil || !bytes.Equal(again, lines.Bytes()) {
			found.add("line_not_canonical", line(file, number), "这一行的写法与本程序不同，可能被改动过")
			bad++
		}
		values, at = append(values, value), append(at, number)
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		found.add("line_too_long", file, "有一行超过 %d 字节，其后没有再读", maxLine)
		return values, at, nil
	}
	return values, at, lines.Err()
}

// wholeLines splits after each line feed and drops nothing.
func wholeLines(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
