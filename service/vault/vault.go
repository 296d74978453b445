// Package vault keeps personal data unreadable at rest: names, document
// numbers and phones are sealed with SM4-GCM, and a keyed digest (HMAC-SM3)
// beside them serves look-up. Nobody without the key file can read or guess
// either.
package vault

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// What can be wrong with a key file or a sealed text.
var (
	ErrNoKey   = errors.New("data key file is missing")
	ErrBadKey  = errors.New("data key file cannot be read: expected lines of a name and 64 hexadecimal digits")
	ErrForeign = errors.New("sealed with a key that is not in the key file")
	ErrOther   = errors.New("there is another data key file: move it away first")
	ErrTorn    = errors.New("sealed text is damaged")
)

// Field says what a sealed text is, such as "owner.name". A text sealed as one
// field does not open as another.
type Field string

// Vault seals and reveals with the keys of one file, and takes up what is
// added to it while it works.
type Vault struct {
	path string
	keys atomic.Pointer[ring]
	mu   sync.Mutex  // one reader of the file at a time
	read fs.FileInfo // the file as it was read last
}

// ring is what a key file holds.
type ring struct {
	current string
	sealing map[string]cipher.AEAD
	index   []byte
}

// Current is the name of the key that seals now.
func (v *Vault) Current() string { return v.keys.Load().current }

// Sealed says under which key a text is sealed; empty when it is not.
func Sealed(text string) (key string) {
	if parts := strings.SplitN(text, ":", 3); len(parts) == 3 && parts[0] == "1" {
		return parts[1]
	}
	return ""
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
	keys := v.keys.Load()
	gcm := keys.sealing[keys.current]
	nonce := make([]byte, gcm.NonceSize(), gcm.NonceSize()+len(plain)+gcm.Overhead())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return "1:" + keys.current + ":" + base64.RawStdEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(plain), []byte(field)))
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
	gcm, err := v.key(parts[1])
	if err != nil {
		return "", err
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
	return hex.EncodeToString(digest(v.keys.Load().index, string(field), plain))
}
