package vault

import (
	"bufio"
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// indexName is the line of the key file that holds the look-up key; it stays
// when the sealing keys are rotated.
const indexName = "index"

// Open reads the key file. When it is missing and create is set, it makes one
// that only its owner may read.
func Open(path string, create bool) (*Vault, error) {
	v := &Vault{path: path}
	err := v.Refresh()
	if errors.Is(err, fs.ErrNotExist) {
		if !create {
			return nil, ErrNoKey
		}
		if err = makeFile(path); err == nil {
			err = v.Refresh()
		}
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Refresh reads the key file again, so that a key which was added serves
// without a stop. It refuses a file with another look-up key.
func (v *Vault) Refresh() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.refresh()
}

func (v *Vault) refresh() error {
	content, info, err := readFile(v.path)
	if err != nil {
		return fmt.Errorf("read the data key file: %w", err)
	}
	keys, err := parse(bytes.NewReader(content))
	if err != nil {
		return err
	}
	if before := v.keys.Load(); before != nil && !hmac.Equal(keys.index, before.index) {
		return ErrBadKey
	}
	v.keys.Store(keys)
	v.read = info
	return nil
}

func readFile(path string) (content []byte, info fs.FileInfo, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if info, err = file.Stat(); err != nil {
		return nil, nil, err
	}
	content, err = io.ReadAll(file)
	return content, info, err
}

// key is one of the file's, which may have been added a moment ago: the file
// is read again for an unknown one, if it is another than was read last.
func (v *Vault) key(name string) (cipher.AEAD, error) {
	if gcm, ok := v.keys.Load().sealing[name]; ok {
		return gcm, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	there, err := os.Stat(v.path)
	if err == nil && (!os.SameFile(there, v.read) || there.Size() != v.read.Size() || !there.ModTime().Equal(v.read.ModTime())) {
		err = v.refresh()
	}
	if gcm, ok := v.keys.Load().sealing[name]; ok {
		return gcm, nil
	}
	return nil, errors.Join(ErrForeign, err)
}

// Rotate adds a sealing key to the file and seals with it from now on. What is
// sealed with an earlier one stays readable. No name serves a second key, so
// that a retired key's texts never look like another's.
func (v *Vault) Rotate() error {
	next := 1
	for name := range v.keys.Load().sealing {
		if n, err := strconv.Atoi(strings.TrimPrefix(name, "k")); err == nil {
			next = max(next, n+1)
		}
	}
	return v.rewrite(func(lines []string) []string { return append(lines, fmt.Sprintf("k%d %s", next, randomHex(32))) })
}

// Retire removes every sealing key but the current one from the file. What is
// still sealed with one of them is lost.
func (v *Vault) Retire() error {
	current := v.Current()
	return v.rewrite(func(lines []string) []string {
		return slices.DeleteFunc(lines, func(line string) bool { return isKey(line) && keyName(line) != indexName && keyName(line) != current })
	})
}

func (v *Vault) rewrite(change func([]string) []string) error {
	content, err := os.ReadFile(v.path)
	if err == nil {
		err = publish(v.path, joined(change(lines(content))), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("write the data key file: %w", err)
	}
	return v.Refresh()
}

// Together is a key file with the keys of an earlier one and of a later one,
// whose current key is the current one: it reveals what was sealed at any time
// between.
func Together(earlier, later []byte) []byte {
	now := lines(later)
	before := slices.DeleteFunc(lines(earlier), func(line string) bool { return !isKey(line) || slices.Contains(now, line) })
	return joined(append(before, now...))
}

// Fits reports, with ErrOther, that the file at a path lacks a key of this
// content. No file fits.
func Fits(path string, content []byte) error {
	if _, err := parse(bytes.NewReader(content)); err != nil {
		return err
	}
	there, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the data key file: %w", err)
	}
	known := lines(there)
	for _, line := range lines(content) {
		if isKey(line) && !slices.Contains(known, line) {
			return ErrOther
		}
	}
	return nil
}

// Place puts a key file where there is none. One that Fits stays.
func Place(path string, content []byte) error {
	if err := Fits(path, content); err != nil {
		return err
	}
	return first(path, content)
}

func makeFile(path string) error {
	return first(path, fmt.Appendf(nil, "%s %s\nk1 %s\n", indexName, randomHex(32), randomHex(32)))
}

// first makes a key file and its folder, unless it is there: of two starters
// one wins and both use the same key.
func first(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the data key's folder: %w", err)
	}
	if err := publish(path, content, os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write the data key file: %w", err)
	}
	return nil
}

// publish writes a file whole beside its place and then puts it there.
func publish(path string, content []byte, put func(draft, path string) error) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".key")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(content)
	if err = errors.Join(err, draft.Chmod(0o600), draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return put(draft.Name(), path)
}

func lines(content []byte) []string {
	return strings.Split(strings.TrimRight(string(content), "\n"), "\n")
}

func joined(lines []string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }

func isKey(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && !strings.HasPrefix(line, "#")
}

func keyName(line string) string {
	name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return name
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

func parse(r io.Reader) (*ring, error) {
	v := &ring{sealing: map[string]cipher.AEAD{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if !isKey(lines.Text()) {
			continue
		}
		name, text, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		key, err := hex.DecodeString(strings.TrimSpace(text))
		if err != nil || len(key) != 32 {
			return nil, ErrBadKey
		}
		if name == indexName {
			v.index = key
			continue
		}
		if v.sealing[name], err = aead(key); err != nil {
			return nil, err
		}
		v.current = name
	}
	if v.current == "" || v.index == nil {
		return nil, ErrBadKey
	}
	return v, nil
}
