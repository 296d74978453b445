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
