package model

import "time"

// Staff is an account of the office (工作人员).
type Staff struct {
	ID           string `gorm:"primaryKey"`
	Username     string
	Role         Role
	AreaCode     string
	Department   string // code of the department that one of role department acts for
	Name         string // sealed
	PasswordHash string
	MustChange   bool
	PasswordAt   time.Time
	DisabledAt   *time.Time
	CreatedAt    time.Time

	TOTPSecret  string `gorm:"column:totp_secret"`  // sealed; empty when the account has no second factor
	TOTPOffered string `gorm:"column:totp_offered"` // sealed; to be confirmed by a code
	TOTPStep    int64  `gorm:"column:totp_step"`    // the last that was used
}

// TableName keeps the office's word.
func (Staff) TableName() string { return "staff" }

// Role is what an account is for.
type Role string

// The roles.
const (
	RoleStreet     Role = "street"     // the whole street
	RoleCommunity  Role = "community"  // one community
	RoleGrid       Role = "grid"       // 网格员: doors, visits, papers
	RoleDepartment Role = "department" // what is assigned to it
	RoleCounty     Role = "county"     // figures, no list of people
	RoleAuditor    Role = "auditor"    // reads the audit log
	RoleAdmin      Role = "admin"      // accounts and settings, no business data
)

// Roles lists every role.
var Roles = []Role{RoleStreet, RoleCommunity, RoleGrid, RoleDepartment, RoleCounty, RoleAuditor, RoleAdmin}

// Caller is whoever a request comes from, as far as rights go. The zero value
// is nobody.
type Caller struct {
	Kind      SessionKind
	ID        string // of the resident or the account
	SessionID string
	Role      Role
	AreaCode  string
	// Department is whose cases one of role department sees.
	Department string
	// MustChange: the account may do nothing but change its password.
	MustChange bool
	// MustEnrol: the account may do nothing but set up its second factor.
	MustEnrol bool
}

// AuditEntry is one line of the append-only log (审计日志) of what the office
// wrote, revealed, exported and was refused. Seal is a keyed digest of the line.
type AuditEntry struct {
	ID         string `gorm:"primaryKey"`
	At         time.Time
	ActorKind  string
	ActorID    string
	Action     string
	ObjectType string
	ObjectID   string
	AreaCode   string
	Outcome    AuditOutcome
	Code       string
	Reason     string
	RequestID  string
	Seal       string
}

// TableName is one log, not entries.
func (AuditEntry) TableName() string { return "audit_log" }

// AuditOutcome tells what was done from what was refused.
type AuditOutcome string

// The outcomes of what staff tried.
const (
	AuditDone    AuditOutcome = "done"
	AuditRefused AuditOutcome = "refused"
)
