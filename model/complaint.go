package model

import (
	"time"

	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
)

// Department is a body that handles cases (责任部门), as it is called from one
// day to another. Its code stays when it is renamed.
type Department struct {
	Code         string        `gorm:"primaryKey"`
	ValidFrom    quantity.Date `gorm:"primaryKey"`
	ValidUntil   quantity.Date // the last day; none while it holds
	Name         string
	Clause       string // its duties as the policy words them
	DutyRow      int    // of the policy's 17; 0 for one that the street added
	ContactName  string // 联络员; sealed
	ContactPhone string // sealed
}

// StreetDepartment is who owns every case, and gets what nobody else does.
const StreetDepartment = "street"

// Category is what a case is about, and whose it then is, from one day to
// another.
type Category struct {
	Code           string        `gorm:"primaryKey"`
	ValidFrom      quantity.Date `gorm:"primaryKey"`
	ValidUntil     quantity.Date
	Label          string
	DepartmentCode string
	Co             string // codes of co-handling departments, a blank between
	ClauseOf       string // the department whose clause says so
	AcceptDays     int    // all in working days
	ContactDays    int
	ResolveDays    int
	ComplexDays    int
	ExtensionDays  int // the most that an extension may add
	Closes         int // minutes after midnight from which the next working day counts; 0 for never
	WarrantyYears  int // after the estate's acceptance the builder handles it; 0 for none
	Sort           int
}

// TableName tells them from other categories.
func (Category) TableName() string { return "complaint_categories" }

// UnclassifiedCategory is what nothing else fits.
const UnclassifiedCategory = "other"

// CaseKind is what somebody wants with a case (诉求类型).
type CaseKind string

// The kinds.
const (
	Complaining CaseKind = "complaint"    // 投诉
	HelpWanted  CaseKind = "help"         // 求助
	Consulting  CaseKind = "consultation" // 咨询
	Suggesting  CaseKind = "suggestion"   // 建议
)

// CaseChannel is how a case came.
type CaseChannel string

// The channels.
const (
	ByMiniProgram CaseChannel = "mini_program"
	ByCall        CaseChannel = "call"
	ByWalkIn      CaseChannel = "walk_in"
	ByHotline     CaseChannel = "hotline_12345"
)

// Danger is what calls for help at once; a case of it is due in two hours.
type Danger string

// The dangers.
const (
	NoDanger       Danger = ""
	GasDanger      Danger = "gas"      // 燃气泄漏
	ElectricDanger Danger = "electric" // 触电
	FallingDanger  Danger = "falling"  // 高空坠物
	LiftDanger     Danger = "lift"     // 电梯困人
	FireDanger     Danger = "fire"     // 火情
)

// DangerDue is within how long a case of danger is to be dealt with.
const DangerDue = 2 * time.Hour

// Complaint is a case (诉求): what somebody reported, whose it is and by when,
// and how far it has come. What it was promised is copied into it, so that a
// department's new name or a changed term never touches it.
type Complaint struct {
	ID             string `gorm:"primaryKey"`
	Number         string // said on the phone
	AreaCode       string
	EstateID       string
	Building       string // normalised, from the place; empty when unknown
	Kind           CaseKind
	Channel        CaseChannel `gorm:"column:came_by"`
	ResidentID     string      // empty when staff filed it
	FiledBy        string      // the member of staff
	Words          string      // sealed
	Place          string      // sealed
	ContactName    string      // sealed
	ContactPhone   string      // sealed
	Anonymous      bool        // to departments
	CategoryCode   string
	CategoryBy     string // the word it was found by; empty when somebody chose it
	DepartmentCode string // the lead
	DepartmentName string // as it was called then
	Clause         string
	Status         complaint.State
	Danger         Danger
	Warranty       bool // within it, so that the builder handles

	FiledAt       time.Time
	AcceptDueAt   time.Time
	ContactDueAt  *time.Time
	ReturnDueAt   *time.Time
	DueAt         time.Time
	FirstDueAt    time.Time // as first reckoned
	Provisional   bool      // a day of the period lies in a year without a notice
	ResolveDays   int
	ExtensionDays int // that were granted
	AskedDays     int // that are asked for
	Closes        int
	Promise       string
	DueFrom       time.Time // from which the period runs: the filing, or the reopening

	Extended    bool // an extension was asked for in this round
	Returns     int
	Final       bool
	Reopened    int
	Round       int // 0, and one more with each reopening
	AssignedAt  *time.Time
	ContactedAt *time.Time
	AnsweredAt  *time.Time
	Stars       int // 0 while not rated
	Resolved    bool
	RatedAt     *time.Time
	RatingWords string // sealed
	CallBack    CallBackResult
	MergedInto  string
	Ticket      string // of the 12345 centre
	Alerts      int    // how many were raised for this deadline
	NextAt      *time.Time
	FiledMonth  string // "2026-03", in the office's zone
	DaysTaken   int    // natural days from the filing to the latest answer
	UpdatedAt   time.Time
}

// CallBackResult is what the community heard when it called back (回访结果).
type CallBackResult string

// The results of a call-back.
const (
	NotCalledBack CallBackResult = ""
	CalledSettled CallBackResult = "resolved"
	CalledNot     CallBackResult = "unresolved"
	CalledNobody  CallBackResult = "unreached"
)

// Facts are what the table of steps asks of a case.
func (c *Complaint) Facts() complaint.Facts {
	f := complaint.Facts{State: c.Status, Final: c.Final, Extended: c.Extended, Rated: c.RatedAt != nil, Reopened: c.Reopened}
	if c.ReturnDueAt != nil {
		f.ReturnDue = *c.ReturnDueAt
	}
	if c.AnsweredAt != nil {
		f.AnsweredAt = *c.AnsweredAt
	}
	return f
}

// Overdue reports whether an answer is owed and late.
func (c *Complaint) Overdue(now time.Time) bool { return c.Status.Open() && now.After(c.DueAt) }

// ComplaintHandler is a department's part in a case: of the lead (主办), or of
// one that helps (协办).
type ComplaintHandler struct {
	ComplaintID    string `gorm:"primaryKey"`
	DepartmentCode string `gorm:"primaryKey"`
	Round          int
	LeadPart       bool
	State          HandlerState
	At             time.Time
}

// HandlerState is how far a department's part has come.
type HandlerState string

// The states of a part. What a department returned is its own no longer.
const (
	PartAssigned HandlerState = "assigned"
	PartTaken    HandlerState = "taken"
	PartAnswered HandlerState = "answered"
)

// ComplaintStep is one step of a case: who, when, what was said.
type ComplaintStep struct {
	ID             string `gorm:"primaryKey"`
	ComplaintID    string
	Number         int // from 1
	Step           complaint.Step
	Status         complaint.State // after it
	ActorKind      string
	ActorID        string
	DepartmentCode string
	DepartmentName string
	Detail         string // what the step decided, in words
	Words          string // sealed
	OpenToResident bool
	At             time.Time
}

// Steps beside those of the table, which move nothing.
const (
	StepFiled      complaint.Step = "file"
	StepCoTake     complaint.Step = "co-take"
	StepCoAnswer   complaint.Step = "co-answer"
	StepNote       complaint.Step = "note"      // 督办意见
	StepRecomputed complaint.Step = "recompute" // a calendar was corrected
	StepJoined     complaint.Step = "join"
	StepAbsorbed   complaint.Step = "absorb" // another case was merged into it
)

// ComplaintAlert is what the office is reminded of, once for each deadline.
type ComplaintAlert struct {
	ComplaintID    string    `gorm:"primaryKey"`
	DueAt          time.Time `gorm:"primaryKey"`
	Kind           AlertKind `gorm:"primaryKey"`
	DepartmentCode string
	AreaCode       string
	At             time.Time
}

// AlertKind is how far a late case has gone up.
type AlertKind string

// The alerts in their order.
const (
	AlertDueSoon AlertKind = "due_soon"      // a day before, to the department
	AlertOverdue AlertKind = "overdue"       // to the department's contact
	AlertStreet  AlertKind = "street"        // a working day later
	AlertJoint   AlertKind = "joint_meeting" // three working days later: 联席会议
)

// AlertKinds lists the alerts in their order.
var AlertKinds = []AlertKind{AlertDueSoon, AlertOverdue, AlertStreet, AlertJoint}

// EmergencyNumber is whom to call in a danger.
type EmergencyNumber struct {
	Danger Danger `gorm:"primaryKey"`
	Label  string `gorm:"primaryKey"`
	Number string // empty until the street sets it
	Sort   int
}

// RefusalReasons are the lawful reasons not to accept a case (不予受理), with
// the words by which they are known.
//
// Law: 信访工作条例 (2022) arts 24, 28 and the 12345 regulations of other cities;
// Choice: the street's list, until Bijie has one. A petition (信访) has a track
// and terms of its own, of which its Note tells; no two run on one matter.
var RefusalReasons = []struct{ Code, Label, Words, Note string }{
	{"litigation", "已进入诉讼程序", "诉讼 起诉 法院 判决", ""},
	{"arbitration", "已进入仲裁程序", "仲裁", ""},
	{"reconsideration", "已进入行政复议程序", "复议", ""},
	{"petition", "已进入信访程序", "信访", "信访事项按《信访工作条例》另行办理：15日内告知是否受理，受理后一般60日内办结，本平台不重复办理"},
	{"secret", "涉及国家秘密、商业秘密或者个人隐私", "秘密 隐私 机密", ""},
	{"out_of_scope", "不属于政府职责范围", "职责 职权 范围", ""},
	{"repeated", "同一事项正在办理或者已经终结", "重复 已办结 正在办理", ""},
}
