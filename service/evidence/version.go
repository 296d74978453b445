package evidence

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

// Version is one version of one voter's ballot as it is proven (表决票的一个版本).
// It names nobody. Instants count in UTC to the millisecond.
type Version struct {
	MotionID      string              `json:"motion_id"`
	Ref           string              `json:"ref"`     // stands for the voter; made by chance
	Version       int                 `json:"version"` // from 1, without gaps
	Channel       vote.Channel        `json:"channel"`
	Choice        vote.Choice         `json:"choice"`
	Items         []string            `json:"items"`
	CommentDigest string              `json:"comment_digest"`
	InvalidReason model.InvalidReason `json:"invalid_reason"`
	SignedOn      quantity.Date       `json:"signed_on"`   // of a paper
	ReceivedAt    *time.Time          `json:"received_at"` // of a paper, where noted
	CastAt        time.Time           `json:"cast_at"`     // when it was recorded
	Relation      model.Relation      `json:"relation"`
	Proof         model.Proof         `json:"proof"`
	DoubleCheck   bool                `json:"double_check"`
	Confirms      int                 `json:"confirms"` // the version that this one is a word on, or 0
	Word          vote.Word           `json:"word,omitempty"`
	Standing      vote.Standing       `json:"standing"` // as it stood when it was recorded
	Area          Area                `json:"area_m2"`  // that it counts with
	Salt          string              `json:"salt"`
}

// BallotLine is a version with the digest that was recorded with it and that
// its receipt promises. A line whose own digest differs was changed afterwards.
type BallotLine struct {
	Version
	Recorded string `json:"digest"`
}

// NewSalt makes the chance in a version's digest, so that nobody guesses a
// choice from the digest alone: 32 hexadecimal digits.
func NewSalt() string { return chance(16) }

// NewRef makes the reference of a voter in the evidence: 24 hexadecimal digits.
func NewRef() string { return chance(12) }

func chance(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

// CommentDigest binds a comment without telling it; no comment has none.
func CommentDigest(comment, salt string) string {
	if comment == "" {
		return ""
	}
	r := newRecord(commentFormat)
	r.field("salt", salt)
	r.field("comment", comment)
	return r.digest()
}

// Digest is the SM3 digest of everything that the version says.
func (v Version) Digest() string {
	r := newRecord(ballotFormat)
	r.field("motion_id", v.MotionID)
	r.field("ref", v.Ref)
	r.number("version", int64(v.Version))
	r.field("channel", string(v.Channel))
	r.field("choice", string(v.Choice))
	r.number("items", int64(len(v.Items)))
	for _, item := range v.Items {
		r.field("item", item)
	}
	r.field("comment_digest", v.CommentDigest)
	r.field("invalid_reason", string(v.InvalidReason))
	r.field("signed_on", string(v.SignedOn))
	if v.ReceivedAt != nil {
		r.instant("received_at", *v.ReceivedAt)
	}
	r.instant("cast_at", v.CastAt)
	r.field("relation", string(v.Relation))
	r.field("proof", string(v.Proof))
	r.yes("double_check", v.DoubleCheck)
	r.number("confirms", int64(v.Confirms))
	if v.Word != vote.Ballot { // absent in ordinary versions, whose digests are as they always were
		r.field("word", string(v.Word))
	}
	r.field("standing", string(v.Standing))
	r.field("area_m2", v.Area.String())
	r.field("salt", v.Salt)
	return r.digest()
}

// Entry is the version as the rule replays it. A confirmation under the
// relation of an owner is the owner's word on a conflict, whether it came from
// the phone or was given in person; any other is the second check of a paper.
// What was cast under a grant on a phone has no date of signing; an agent's
// paper has one.
func (v Version) Entry() vote.Entry {
	return vote.Entry{
		Phone:    v.Channel == vote.Online || v.Channel == vote.Proxy && v.SignedOn == "",
		Word:     v.Word,
		Version:  v.Version,
		Channel:  v.Channel,
		Choice:   v.Choice,
		Reason:   string(v.InvalidReason),
		Double:   v.DoubleCheck,
		Confirms: v.Confirms,
		ByOwner:  v.Confirms > 0 && v.Relation == model.RelationOwner,
	}
}

// Compare orders versions as the chain has them: by the instant of casting,
// then reference, then version.
func (v Version) Compare(o Version) int {
	return cmp.Or(v.CastAt.Compare(o.CastAt), cmp.Compare(v.Ref, o.Ref), cmp.Compare(v.Version, o.Version))
}

func (l BallotLine) normal() BallotLine {
	l.CastAt = millisecond(l.CastAt)
	if l.ReceivedAt != nil {
		received := millisecond(*l.ReceivedAt)
		l.ReceivedAt = &received
	}
	if l.Items == nil {
		l.Items = []string{}
	}
	return l
}
