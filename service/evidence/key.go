package evidence

import (
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/base64"
	"encoding/pem"
	"fmt"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"gongdi/service/fault"
)

// ErrPublicKey says that a text is not a public key that this program wrote.
var ErrPublicKey = fault.New(fault.Unreadable, "public_key_unreadable", "不是可以读取的公钥文件")

// Key is the office's signing key (签章密钥, SM2). It may be used by many at once.
type Key struct {
	Name    string // under which it is kept
	public  *PublicKey
	private *sm2.PrivateKey

	fingerprint string // of public, kept because every receipt carries it
}

// Public is the half of the key that everybody may have.
func (k *Key) Public() *PublicKey { return k.public }

// Sign signs a text by SM2 with SM3 and the standard's default signer's id
// (GB/T 32918.2, GB/T 35276), DER in base64: at most 96 characters.
func (k *Key) Sign(text []byte) (string, error) {
	signature, err := sm2.SignASN1(rand.Reader, k.private, text, sm2.DefaultSM2SignerOpts)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return base64.StdEncoding.EncodeToString(signature), nil
}

// PublicKey tells what the office signed from what it did not.
type PublicKey struct {
	key *ecdsa.PublicKey
	der []byte
}

const pemType = "PUBLIC KEY"

func newPublicKey(key *ecdsa.PublicKey) (*PublicKey, error) {
	der, err := smx509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	return &PublicKey{key: key, der: der}, nil
}

// ParsePublicKey reads what PEM gives, to the byte.
func ParsePublicKey(text string) (*PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, ErrPublicKey
	}
	parsed, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, ErrPublicKey
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok || !sm2.IsSM2PublicKey(key) {
		return nil, ErrPublicKey
	}
	p, err := newPublicKey(key)
	if err != nil || p.PEM() != text {
		return nil, ErrPublicKey
	}
	return p, nil
}

// PEM is the key as other programs read it: SubjectPublicKeyInfo on curve SM2.
func (p *PublicKey) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: p.der}))
}

// Fingerprint is the SM3 digest of the key (公钥指纹), for posting on a notice.
func (p *PublicKey) Fingerprint() string { return digestOf(p.der) }

// Signed reports whether the signature is this key's on this text.
func (p *PublicKey) Signed(text []byte, signature string) bool {
	der, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil || base64.StdEncoding.EncodeToString(der) != signature { // it skips line feeds
		return false
	}
	return sm2.VerifyASN1WithSM2(p.key, nil, text, der)
}
