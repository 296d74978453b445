package model

import (
	"slices"
	"time"
)

// Resident is somebody who has logged in with WeChat. Who they are in the
// registry, only a binding says.
type Resident struct {
	ID         string `gorm:"primaryKey"`
	Nickname   string
	Phone      string // sealed
	PhoneIndex string
	CreatedAt  time.Time
}

// WechatAccount joins an openid, which is only valid for one mini-program, to a resident.
type WechatAccount struct {
	AppID      string `gorm:"primaryKey"`
	OpenID     string `gorm:"primaryKey"`
	ResidentID string
	CreatedAt  time.Time
}

// Binding is a resident's tie to a home (绑定).
type Binding struct {
	ID             string `gorm:"primaryKey"`
	ResidentID     string
	PropertyID     string
	EstateID       string
	OwnerID        string // the owner's row that matched, if one did
	Relation       Relation
	Status         BindingStatus
	Proof          Proof
	Name           string // as the resident wrote it; sealed
	Phone          string // sealed
	PrivacyVersion string
	Reason         string
	DecidedBy      string
	DecidedAt      *time.Time
	CreatedAt      time.Time
}

// Relation is what a resident is to a home.
type Relation string

// The relations.
const (
	RelationOwner  Relation = "owner"
	RelationTenant Relation = "tenant"
	RelationFamily Relation = "family"
	RelationAgent  Relation = "agent" // casts under an owner's grant
)

// BindingStatus is where a binding stands.
type BindingStatus string

// The states of a binding: pending is for the community to decide; ended is by
// moving out, or because the home has another owner.
const (
	BindingPending  BindingStatus = "pending"
	BindingVerified BindingStatus = "verified"
	BindingRejected BindingStatus = "rejected"
	BindingEnded    BindingStatus = "ended"
)

// Proof is how somebody's identity was shown.
type Proof string

// The ways of proof, from the weakest.
const (
	ProofNone        Proof = ""
	ProofRosterPhone Proof = "roster_phone" // name and the roster's phone
	ProofDocument    Proof = "document"     // name and the document's last six
	ProofInPerson    Proof = "in_person"    // shown to the community
	ProofPaper       Proof = "paper"        // a signed paper
)

// Rank orders proofs from the weakest; a signature on paper is beside them.
func (p Proof) Rank() int {
	return slices.Index([]Proof{ProofNone, ProofRosterPhone, ProofDocument, ProofInPerson}, p)
}

// SessionKind tells residents' sessions from those of the office.
type SessionKind string

// The kinds of session.
const (
	ResidentSession SessionKind = "resident"
	StaffSession    SessionKind = "staff"
)

// Session is a log-in. Only the digest of its token is kept.
type Session struct {
	TokenHash string `gorm:"primaryKey"`
	ID        string
	Kind      SessionKind
	SubjectID string
	Device    string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// PrivacyAcceptance is a resident's acceptance of one version of the privacy
// notice (PIPL arts 14, 17).
type PrivacyAcceptance struct {
	ID         string `gorm:"primaryKey"`
	ResidentID string
	Version    string
	At         time.Time
}

// Tiding is a message in a resident's inbox (消息).
type Tiding struct {
	ID         string `gorm:"primaryKey"`
	ResidentID string
	Kind       string
	AboutType  string
	AboutID    string
	Text       string
	At         time.Time
	ReadAt     *time.Time
}

// TableName is residents' own, apart from what staff may be told later.
func (Tiding) TableName() string { return "resident_tidings" }

// Failure is one wrong try: at a password, or at matching a home.
type Failure struct {
	ID      string `gorm:"primaryKey"`
	Subject string
	At      time.Time
}
