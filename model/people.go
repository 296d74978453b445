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

	RepresentationID string     // why somebody who is no owner is bound as one
	UntilAt          *time.Time // when that ends
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

// Tiding is a message in somebody's inbox (消息): a resident's, or where StaffID
// is set an account's of the office.
type Tiding struct {
	ID         string `gorm:"primaryKey"`
	ResidentID string // whose phone is hinted at; of an account whoever it is linked to, or empty
	StaffID    string
	Kind       string
	AboutType  string
	AboutID    string
	Text       string
	At         time.Time
	ReadAt     *time.Time

	// The outbox: the hint at it on the phone, in the row of the message itself.
	PushState   string // what became of it
	PushTries   int
	PushAfter   *time.Time // due from; of one that is being sent, when its worker's hold lapses
	PushUntil   *time.Time // of no use later; nil for a day
	PushFields  string     // what it says, JSON by meaning: text, title, closes, …
	PushClaim   string     // of the worker that holds it
	PushGranted bool       // it has used up one consent
	PushCode    int64      // the platform's errcode
	PushMsgid   string     // the platform's number
}

// TableName is from when residents alone were told.
func (Tiding) TableName() string { return "resident_tidings" }

// Failure is one wrong try: at a password, or at matching a home.
type Failure struct {
	ID      string `gorm:"primaryKey"`
	Subject string
	At      time.Time
}

// TemplateConsent is how many more subscribe messages of a template a resident
// allows (订阅授权): the balance of the consent entries. Without a row nothing is
// known of what they allow.
type TemplateConsent struct {
	ResidentID string `gorm:"primaryKey"`
	TemplateID string `gorm:"primaryKey"` // the platform's
	Allowed    int
	UpdatedAt  time.Time
}

// ConsentEntry is one change of a balance; entries are only added.
type ConsentEntry struct {
	ID         string `gorm:"primaryKey"`
	ResidentID string
	TemplateID string
	Delta      int
	Reason     ConsentReason
	Source     ConsentSource
	SourceRef  string // what the source called it: once each
	PairedID   string // the other report of the same tap, which counted
	At         time.Time
}

// ConsentReason is why a balance changed.
type ConsentReason string

// The reasons.
const (
	ConsentAccepted ConsentReason = "accept"
	ConsentSent     ConsentReason = "send"
	ConsentRefunded ConsentReason = "refund"  // nothing was sent after all
	ConsentUsedUp   ConsentReason = "used_up" // says the platform
	ConsentRevoked  ConsentReason = "revoked" // by the resident, in the platform's settings
)

// ConsentSource is who reported it.
type ConsentSource string

// The sources; a tap is reported by the phone and by the platform.
const (
	ConsentByPhone    ConsentSource = "phone"
	ConsentByPlatform ConsentSource = "platform"
	ConsentByOutbox   ConsentSource = "outbox"
)
