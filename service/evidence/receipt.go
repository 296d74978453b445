package evidence

import (
	"time"

	"gongdi/service/fault"
)

// What a receipt can be refused for.
var (
	ErrReceiptForeign  = fault.New(fault.Invalid, "receipt_other_key", "回执是用另一把密钥签发的，用这把公钥不能核对")
	ErrReceiptUnsigned = fault.New(fault.Invalid, "receipt_not_signed", "回执的签名不成立，内容被改动过，或者不是本系统签发的")
)

// Receipt is the office's signed promise that it took one version of a ballot
// (回执): its digest, what it counts with, and when. It does not say the choice.
// With its salt, though, a choice can be found by trying all; Shown leaves the
// salt out, for showing the receipt to others.
type Receipt struct {
	Format    string    `json:"format"`
	MotionID  string    `json:"motion_id"`
	Ref       string    `json:"ref"`
	Version   int       `json:"version"`
	Digest    string    `json:"digest"`
	Salt      string    `json:"salt,omitempty"` // not under the signature, but in the digest
	Heads     int64     `json:"heads"`
	Area      Area      `json:"area_m2"`
	CastAt    time.Time `json:"cast_at"`
	Key       string    `json:"key"` // the public key's fingerprint
	Signature string    `json:"signature"`
}

// Receipt signs for a version. A voter is one head, however many homes.
func (k *Key) Receipt(v Version) (Receipt, error) {
	r := Receipt{
		Format: receiptFormat, MotionID: v.MotionID, Ref: v.Ref, Version: v.Version,
		Digest: v.Digest(), Salt: v.Salt, Heads: 1, Area: v.Area,
		CastAt: millisecond(v.CastAt), Key: k.fingerprint,
	}
	var err error
	r.Signature, err = k.Sign(r.signed())
	return r, err
}

func (r Receipt) signed() []byte {
	t := newRecord(receiptFormat)
	t.field("motion_id", r.MotionID)
	t.field("ref", r.Ref)
	t.number("version", int64(r.Version))
	t.field("digest", r.Digest)
	t.number("heads", r.Heads)
	t.field("area_m2", r.Area.String())
	t.instant("cast_at", r.CastAt)
	t.field("key", r.Key)
	return t
}

// Shown is the receipt without what a choice could be guessed by.
func (r Receipt) Shown() Receipt {
	r.Salt = ""
	return r
}

// Verify says whether the office signed this receipt, as it stands.
func (r Receipt) Verify(p *PublicKey) error {
	switch {
	case r.Key != p.Fingerprint():
		return ErrReceiptForeign
	case r.Format != receiptFormat || !p.Signed(r.signed(), r.Signature):
		return ErrReceiptUnsigned
	}
	return nil
}
