package model

import "time"

// Grant lets another verified person cast for an owner (委托).
//
// Law: Civil Code art. 165, 「授权委托书应当载明代理人的姓名或者名称、代理事项、权限和期限，
// 并由被代理人签名或者盖章」.
type Grant struct {
	ID              string `gorm:"primaryKey"`
	PrincipalID     string // a resident; empty for an owner without a phone
	PrincipalName   string // sealed
	AgentID         string
	AgentName       string // sealed
	AgentPhoneIndex string
	TokenHash       string
	EstateID        string
	AreaCode        string
	MotionID        string // empty for every motion in the period
	Scope           string // 代理事项和权限
	Source          GrantSource
	Status          GrantStatus
	FromAt          time.Time
	UntilAt         time.Time
	CreatedAt       time.Time
	AcceptedAt      *time.Time
	EndedAt         *time.Time
	EnteredBy       string
	DecidedBy       string
	Reason          string
}

// GrantProperty is a home that a grant speaks for.
type GrantProperty struct {
	GrantID    string `gorm:"primaryKey"`
	PropertyID string `gorm:"primaryKey"`
}

// GrantSource is where a grant comes from.
type GrantSource string

// The sources: the owner's phone, or a signed paper (授权委托书).
const (
	GrantByPhone GrantSource = "phone"
	GrantByPaper GrantSource = "paper"
)

// GrantStatus is where a grant stands. A grant past its period is over
// whatever its status says.
type GrantStatus string

// The states of a grant: offered until the agent accepts, pending until the
// office approves a paper.
const (
	GrantOffered GrantStatus = "offered"
	GrantPending GrantStatus = "pending"
	GrantActive  GrantStatus = "active"
	GrantRevoked GrantStatus = "revoked"
	GrantRefused GrantStatus = "refused"
)

// Representation is why somebody who is not the registered owner speaks as one
// (代行表决权): approved by two people on papers.
type Representation struct {
	ID         string `gorm:"primaryKey"`
	PropertyID string
	AreaCode   string
	ResidentID string
	Basis      Basis
	Words      string // sealed
	Status     RepresentationStatus
	FirstBy    string
	FirstAt    *time.Time
	SecondBy   string
	SecondAt   *time.Time
	Reason     string
	BindingID  string // the tie that its approval made
	CreatedAt  time.Time
}

// Basis is the ground of a representation.
type Basis string

// The grounds.
//
// Law: Civil Code arts 19–23 (guardians), 61 (organisations), 230 (heirs own
// from death); judicial interpretation of 2020, art. 1 para. 2 (lawful
// possessors without registration).
const (
	Guardian     Basis = "guardian"
	Organisation Basis = "organisation"
	WorkUnit     Basis = "work_unit" // 单位产权
	Heir         Basis = "heir"
	Possessor    Basis = "possessor"
)

// RepresentationStatus is where a representation stands.
type RepresentationStatus string

// The states of a representation.
const (
	RepresentationPending  RepresentationStatus = "pending"
	RepresentationApproved RepresentationStatus = "approved"
	RepresentationRejected RepresentationStatus = "rejected"
	RepresentationEnded    RepresentationStatus = "ended"
)
