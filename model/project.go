package model

import (
	"time"

	"gongdi/model/quantity"
	"gongdi/model/rule/project"
)

// EstateFinding is what staff found of one aspect of an estate (摸底排查), with
// the words of the evidence. Its pictures and papers are attached to it.
type EstateFinding struct {
	EstateID string         `gorm:"primaryKey"`
	Aspect   project.Aspect `gorm:"primaryKey"`
	Answer   project.Answer
	Words    string
	StaffID  string
	FoundAt  time.Time
}

// Project is an entry of the project ledger (项目台账): the renewal of one estate
// in one batch year. What the register knows of the estate is nil here unless
// it is set otherwise, with a reason.
type Project struct {
	ID                string `gorm:"primaryKey"`
	Number            string // 项目编号
	BatchYear         int    // 批次
	EstateID          string
	AreaCode          string
	Name              string
	Address           string
	BuiltYear         *int
	Buildings         *int
	Units             *int
	Households        *int
	Area              *quantity.Area
	Longitude         *quantity.Degree // GCJ-02, as WeChat's maps use it; both or neither
	Latitude          *quantity.Degree
	OverrideReason    string // why the register is not followed
	Nature            Nature
	OriginalUnit      string // 原产权单位
	Fund              FundState
	ManagedBefore     string
	ManagedAfter      string
	Total             quantity.Fen // 总投资
	ResponsibleUnit   string
	ResponsiblePerson string // sealed
	Party             string // code of the department that carries it out (代建); empty for none
	Contractor        string
	Supervisor        string
	Designer          string
	WorksDone         int // 形象进度, in hundredths of a percent
	Paid              int // 支付进度, in hundredths of a percent
	Result            AcceptanceResult
	Opinion           string        // of the acceptance
	ReportedOn        quantity.Date // to 县政府办公室
	Receiver          string        // who took it over for the street
	CreatedBy         string
	CreatedAt         time.Time
	UpdatedAt         time.Time
}

// Nature is how the homes of an estate are held (产权性质).
type Nature string

// The natures.
const (
	NatureUnknown   Nature = ""
	NatureCommodity Nature = "commodity" // 商品房
	NatureReformed  Nature = "reformed"  // 房改房
	NatureUnit      Nature = "unit"      // 单位房
	NatureMixed     Nature = "mixed"     // 混合
)

// Natures gives each by the office's word.
var Natures = map[Nature]string{NatureCommodity: "商品房", NatureReformed: "房改房", NatureUnit: "单位房", NatureMixed: "混合"}

// FundState says whether there is a maintenance fund (维修资金).
type FundState string

// The states.
const (
	FundUnknown FundState = ""
	HasFund     FundState = "yes"
	HasNoFund   FundState = "no"
)

// AcceptanceResult is what an acceptance came to (验收结论).
type AcceptanceResult string

// The results.
const (
	NotAccepted AcceptanceResult = ""
	Qualified   AcceptanceResult = "qualified"  // 合格
	ToRectify   AcceptanceResult = "to_rectify" // 整改后复验
)

// ProjectWork is one line of work (改造内容). Quantities are in hundredths of
// the unit.
type ProjectWork struct {
	ProjectID string `gorm:"primaryKey"`
	Position  int    `gorm:"primaryKey"`
	Class     WorkClass
	Item      string
	Unit      string
	Quantity  int64
	Done      int64
}

// Planned is so much of its unit as is to be done.
func (w *ProjectWork) Planned() quantity.Amount {
	return quantity.Amount{Hundredths: w.Quantity, Unit: w.Unit}
}

// Finished is so much of its unit as is done.
func (w *ProjectWork) Finished() quantity.Amount {
	return quantity.Amount{Hundredths: w.Done, Unit: w.Unit}
}

// WorkClass is the class of a content of renewal: 国办发〔2020〕23号.
type WorkClass string

// The classes.
const (
	ClassBasic    WorkClass = "basic"    // 基础类
	ClassComplete WorkClass = "complete" // 完善类
	ClassUpgrade  WorkClass = "upgrade"  // 提升类
)

// WorkClasses gives each by the office's word.
var WorkClasses = map[WorkClass]string{ClassBasic: "基础类", ClassComplete: "完善类", ClassUpgrade: "提升类"}

// ProjectMoney is what is planned of one source.
type ProjectMoney struct {
	ProjectID string         `gorm:"primaryKey"`
	Source    InvestedSource `gorm:"primaryKey"`
	Planned   quantity.Fen
}

// TableName keeps the office's word.
func (ProjectMoney) TableName() string { return "project_money" }

// InvestedSource is a source of investment as statistics name it.
type InvestedSource string

// The sources.
const (
	OfState     InvestedSource = "central"
	OfProvince  InvestedSource = "province"
	OfCity      InvestedSource = "city"
	OfCounty    InvestedSource = "county"
	OfBond      InvestedSource = "bond"
	OfResidents InvestedSource = "residents"
	OfUnit      InvestedSource = "unit"
	OfPipelines InvestedSource = "pipelines"
	OfSociety   InvestedSource = "society"
)

// InvestedSources lists the sources in their order, with the office's word and
// the group in which the ledger of money tells them apart: it knows 财政 as one.
var InvestedSources = []struct {
	Source InvestedSource
	Name   string
	Group  MoneyGroup
}{
	{OfState, "中央", FromTreasury}, {OfProvince, "省级", FromTreasury}, {OfCity, "市级", FromTreasury}, {OfCounty, "县级", FromTreasury}, {OfBond, "专项债", FromTreasury},
	{OfResidents, "居民", FromResidents}, {OfUnit, "原产权单位", FromUnit}, {OfPipelines, "管线单位", FromPipes}, {OfSociety, "社会", FromSociety},
}

// MoneyGroup is a group of sources of which both what is planned and what has
// come in is known.
type MoneyGroup string

// The groups.
const (
	FromTreasury  MoneyGroup = "treasury"  // 财政
	FromResidents MoneyGroup = "residents" // 居民
	FromUnit      MoneyGroup = "unit"      // 原产权单位
	FromPipes     MoneyGroup = "pipelines" // 管线单位
	FromSociety   MoneyGroup = "society"   // 社会
)

// MoneyGroups lists the groups in their order with the office's word.
var MoneyGroups = []struct {
	Group MoneyGroup
	Name  string
}{{FromTreasury, "财政"}, {FromResidents, "居民"}, {FromUnit, "原产权单位"}, {FromPipes, "管线单位"}, {FromSociety, "社会"}}

// GroupOf is the group that a source of the ledger of money belongs to.
func GroupOf(s Source) MoneyGroup {
	switch s {
	case Fiscal:
		return FromTreasury
	case FromOriginalUnit:
		return FromUnit
	case FromPipelines:
		return FromPipes
	case FromCapital:
		return FromSociety
	case Cash, HousingFund, MaintenanceFund, CommonIncome, Donation, InKind:
	}
	return FromResidents
}

// ProjectDate is a milestone's day, planned and as it was; either may be empty.
type ProjectDate struct {
	ProjectID string    `gorm:"primaryKey"`
	Milestone Milestone `gorm:"primaryKey"`
	Planned   quantity.Date
	Actual    quantity.Date
}

// Milestone is a day of a project that the ledger notes.
type Milestone string

// The milestones.
const (
	SetUp      Milestone = "set_up"      // 立项
	Approved   Milestone = "approved"    // 批复
	Tendered   Milestone = "tendered"    // 招标
	Started    Milestone = "started"     // 开工
	Finished   Milestone = "finished"    // 完工
	Accepted   Milestone = "accepted"    // 验收
	HandedOver Milestone = "handed_over" // 移交
)

// Milestones lists them in their order with the office's word.
var Milestones = []struct {
	Milestone Milestone
	Name      string
}{{SetUp, "立项"}, {Approved, "批复"}, {Tendered, "招标"}, {Started, "开工"}, {Finished, "完工"}, {Accepted, "验收"}, {HandedOver, "移交"}}

// ProjectReport is how far works have come on a day, with its pictures.
type ProjectReport struct {
	ID         string `gorm:"primaryKey"`
	ProjectID  string
	OnDate     quantity.Date
	WorksDone  int
	Paid       int
	Words      string
	StaffID    string
	Department string // whose account it was; empty for the office's own
	MadeAt     time.Time
}

// ProjectProblem is something to be put right (问题清单), until it is closed (销号).
type ProjectProblem struct {
	ID          string `gorm:"primaryKey"`
	ProjectID   string
	Words       string
	Owner       string // who is to put it right
	DueOn       quantity.Date
	OpenedBy    string
	OpenedAt    time.Time
	ClosedWords string
	ClosedBy    string
	ClosedAt    *time.Time
}

// ProjectPaper is a paper of a project; its pages are attached to it.
type ProjectPaper struct {
	ID        string `gorm:"primaryKey"`
	ProjectID string
	Kind      PaperKind
	Title     string
	OnDate    quantity.Date
	StaffID   string
	EnteredAt time.Time
}

// PaperKind is what sort of paper it is.
type PaperKind string

// The kinds.
const (
	ApprovalPaper   PaperKind = "approval"          // 立项批复
	BudgetReview    PaperKind = "budget_review"     // 施工图预算评审
	TenderPaper     PaperKind = "tender"            // 中标（比选）结果
	ContractPaper   PaperKind = "contract"          // 合同
	AcceptancePaper PaperKind = "acceptance_report" // 验收报告
	HandoverPaper   PaperKind = "handover_record"   // 移交记录
	OtherPaper      PaperKind = "other"
)

// ProjectDay is what is worked on one day, in a stairwell or in all of the
// estate, for those who live there.
type ProjectDay struct {
	ID         string `gorm:"primaryKey"`
	ProjectID  string
	EstateID   string
	BuildingID string // empty for the whole estate
	UnitID     string // empty for the whole building, or estate
	OnDate     quantity.Date
	Words      string
	StaffID    string
	EnteredAt  time.Time
}

// ProjectStep is a step that was completed. One that the county let pass says
// why, and what it lacked.
type ProjectStep struct {
	ProjectID  string       `gorm:"primaryKey"`
	Step       project.Step `gorm:"primaryKey"`
	StaffID    string
	DoneAt     time.Time
	PassReason string
	Lacked     []project.Gap `gorm:"serializer:json"`
}

// EstateManagement is how an estate is kept after its renewal (长效管理).
//
// Law: 金府办〔2021〕140号 二(五).
type EstateManagement struct {
	EstateID      string `gorm:"primaryKey"`
	AreaCode      string
	Mode          ManagementMode
	FromResidents quantity.Fen // 居民缴费, a year
	FromCommon    quantity.Fen // 公共收益, a year
	FeeMonthly    quantity.Fen // of a home, a month; 0 for none
	FeeArea       quantity.Fen // of a square metre, a month; 0 for none
	Services      []string     `gorm:"serializer:json"` // 菜单式购买社会服务
	Company       string
	MotionID      string // the owners' vote that hired it
	BeginsOn      quantity.Date
	EndsOn        quantity.Date
	Words         string
	StaffID       string
	UpdatedAt     time.Time
}

// ManagementMode is one of the policy's two modes.
type ManagementMode string

// The modes.
const (
	SelfManaged    ManagementMode = "self"    // 居民自治管理
	CompanyManaged ManagementMode = "company" // 物业公司管理
)

// ResidentBody is a 业主委员会 or 居民自治小组 on record, with how many members it
// has; its papers are attached to it.
type ResidentBody struct {
	ID         string `gorm:"primaryKey"`
	EstateID   string
	AreaCode   string
	Kind       BodyKind
	Name       string
	Members    int
	SetUpOn    quantity.Date
	RecordedOn quantity.Date // 备案; empty until then
	EndedOn    quantity.Date // empty while it stands
	MotionID   string        // the owners' vote that elected it
	Words      string
	StaffID    string
	EnteredAt  time.Time
}

// BodyKind is a kind of residents' body.
type BodyKind string

// The kinds.
const (
	Committee BodyKind = "committee" // 业主委员会
	SelfGroup BodyKind = "group"     // 居民自治小组
)
