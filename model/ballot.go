package model

import (
	"time"

	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

// RollVoter is one head of a motion's frozen roll (表决名册上的一户). What it
// says about the vote is the outcome of the ballot versions, kept here so that
// a tally is one sum.
type RollVoter struct {
	MotionID       string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	Position       int
	Ref            string // stands for the voter in the evidence; leads to nobody
	Building       string
	Unit           string
	OwnersMasked   string
	Area           quantity.Area
	Incomplete     bool
	Choice         vote.Choice
	Channel        vote.Channel
	InvalidReason  InvalidReason
	ByOwner        bool
	Version        int // the latest version of the ballot, 0 for none
	CurrentVersion int // the version that counts, 0 for none
	OpenConflict   int // the paper's version that the owner has yet to confirm
	Unconfirmed    int // the paper's version that a second person has yet to confirm
}

// RollProperty is one property of a voter, as the roll froze it.
type RollProperty struct {
	MotionID   string `gorm:"primaryKey"`
	PropertyID string `gorm:"primaryKey"`
	VoterID    string
	Position   int
	Label      string
	Building   string
	Unit       string
	Use        Use `gorm:"column:property_use"`
	Area       *quantity.Area
	AreaSource AreaSource
	Incomplete string
	OwnerIDs   string // owners at the freeze, by comma; whoever bought later does not vote
}

// Ballot is one version of one voter's ballot (表决票). It is never changed:
// the next version follows it.
type Ballot struct {
	MotionID      string `gorm:"primaryKey"`
	VoterID       string `gorm:"primaryKey"`
	Version       int    `gorm:"primaryKey"`
	ID            string
	Channel       vote.Channel
	Choice        vote.Choice
	Items         []string `gorm:"serializer:json"`
	Comment       string   // sealed
	CommentDigest string
	InvalidReason InvalidReason
	SignedOn      quantity.Date
	ReceivedAt    *time.Time
	CastAt        time.Time
	ResidentID    string
	StaffID       string
	Relation      Relation
	Proof         Proof
	Proxy         string // sealed
	DoubleCheck   bool
	Confirms      int
	Word          vote.Word
	SheetID       string // the printed sheet that was entered
	GrantID       string // under which an agent cast
	FormID        string // what the motion's questionnaire was answered with it; empty where it carries none
	// RepresentationID is on what somebody cast, or signed, in an owner's place.
	RepresentationID string
	Witnesses        string // who were present when the owner confirmed in person; sealed
	Standing         vote.Standing
	Reason           string
	Area             quantity.Area
	Salt             string
	Digest           string
}

// InvalidReason says why a paper is invalid (无效票).
type InvalidReason string

// The reasons. Only a spoiled paper is one that an entitled owner handed in.
const (
	InvalidNone        InvalidReason = ""
	InvalidSpoiled     InvalidReason = "spoiled"
	InvalidUnsigned    InvalidReason = "unsigned"
	InvalidNotOwner    InvalidReason = "not_owner"
	InvalidNoAuthority InvalidReason = "no_authority"
	InvalidLate        InvalidReason = "late"
	InvalidForged      InvalidReason = "forged"
	InvalidDisputed    InvalidReason = vote.Disputed // an unsettled dispute among co-owners; nobody enters it
)

// InvalidReasons lists every reason.
var InvalidReasons = []InvalidReason{InvalidSpoiled, InvalidUnsigned, InvalidNotOwner, InvalidNoAuthority, InvalidLate, InvalidForged, InvalidDisputed}

// Enterable are the reasons that are given for a paper.
var Enterable = InvalidReasons[:len(InvalidReasons)-1]

// Disputable says whether a ballot that is invalid for this reason is an
// entitled owner's, and could be argued to take part.
func (r InvalidReason) Disputable() bool { return r == InvalidSpoiled || r == InvalidDisputed }

// Result is a sealed result (封存结果): the tally as it is shown, and the text
// that the office signed.
type Result struct {
	MotionID   string `gorm:"primaryKey"`
	SealedAt   time.Time
	Tally      string
	SealedText string
	Signature  string
	KeyName    string
	PublicKey  string // PEM
}
