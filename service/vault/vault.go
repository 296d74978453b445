// Package vault keeps personal data unreadable at rest: names, document
// numbers and phones are sealed with SM4-GCM, and a keyed digest (HMAC-SM3)
// beside them serves look-up. Nobody without the key file can read or guess
// either.
package vault

import (
	"bufio"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// What can be wrong with a key file or a sealed text.
var (
	ErrNoKey   = errors.New("data key file is missing")
	ErrBadKey  = errors.New("data key file cannot be read: expected lines of a name and 64 hexadecimal digits")
	ErrForeign = errors.New("sealed with a key that is not in the key file")
	ErrTorn    = errors.New("sealed text is damaged")
)

// Field says what a sealed text is, such as "owner.name". A text sealed as one
// field does not open as another.
type Field string

// Vault seals and reveals with the keys of one file.
type Vault struct {
	current string
	sealing map[string]cipher.AEAD
	index   []byte
}

// indexName is the line of the key file that holds the look-up key; it stays
// when the sealing keys are rotated.
const indexName = "index"

// Open reads the key file. When it is missing and create is set, it makes one
// that only its owner may read.
func Open(path string, create bool) (*Vault, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if !create {
			return nil, ErrNoKey
		}
		if content, err = makeFile(path); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, fmt.Errorf("read the data key file: %w", err)
	}
	return parse(strings.NewReader(string(content)))
}

func makeFile(path string) ([]byte, error) {
	content := fmt.Appendf(nil, "%s %s\nk1 %s\n", indexName, randomHex(32), randomHex(32))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data key's folder: %w", err)
	}
	// Written whole beside it and linked, so that of two starters one wins and
	// both use the same key.
	draft, err := os.CreateTemp(filepath.Dir(path), ".key")
	if err != nil {
		return nil, fmt.Errorf("write the data key file: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(content)
	if err = errors.Join(err, draft.Chmod(0o600), draft.Sync(), draft.Close()); err != nil {
		return nil, fmt.Errorf("write the data key file: %w", err)
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("write the data key file: %w", err)
	}
	return os.ReadFile(path)
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

func parse(r io.Reader) (*Vault, error) {
	v := &Vault{sealing: map[string]cipher.AEAD{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, text, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if name == "" || strings.HasPrefix(name, "#") {
			continue
		}
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

// aead derives the cipher's 128-bit key, so that the file's keys serve one
// purpose each whatever the cipher's key length.
func aead(master []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(digest(master, "seal")[:sm4.BlockSize])
	if err != nil {
		return nil, fmt.Errorf("prepare the cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

func digest(key []byte, parts ...string) []byte {
	h := hmac.New(sm3.New, key)
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return h.Sum(nil)
}

// Seal makes a text unreadable. Nothing stays nothing, so that what is absent
// can still be told from what is there.
func (v *Vault) Seal(field Field, plain string) string {
	if plain == "" {
		return ""
	}
	gcm := v.sealing[v.current]
	nonce := make([]byte, gcm.NonceSize(), gcm.NonceSize()+len(plain)+gcm.Overhead())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return "1:" + v.current + ":" + base64.RawStdEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(plain), []byte(field)))
}

// Reveal reads what Seal made for the same field.
func (v *Vault) Reveal(field Field, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	parts := strings.SplitN(sealed, ":", 3)
	if len(parts) != 3 || parts[0] != "1" {
		return "", ErrTorn
	}
	gcm, ok := v.sealing[parts[1]]
	if !ok {
		return "", ErrForeign
	}
	b, err := base64.RawStdEncoding.DecodeString(parts[2])
	if err != nil || len(b) < gcm.NonceSize() {
		return "", ErrTorn
	}
	plain, err := gcm.Open(nil, b[:gcm.NonceSize()], b[gcm.NonceSize():], []byte(field))
	if err != nil {
		return "", ErrTorn
	}
	return string(plain), nil
}

// Index is the look-up digest of a normalised text; equal texts of one field
// have equal ones. Nothing has none.
func (v *Vault) Index(field Field, plain string) string {
	if plain == "" {
		return ""
	}
	return hex.EncodeToString(digest(v.index, string(field), plain))
}
