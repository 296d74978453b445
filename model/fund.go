package model

import (
	"time"

	"gongdi/model/quantity"
)

// Purpose is what money is for: a variant of a lift, or an estate's works.
type Purpose struct {
	Type PurposeType
	ID   string
}

// PurposeType is a kind of purpose.
type PurposeType string

// The kinds of purpose.
const (
	ForLift   PurposeType = "lift"
	ForEstate PurposeType = "estate"
)

// Pledge is what somebody means to contribute (认缴). It is no payment, and no
// debt before the cost agreement is signed.
type Pledge struct {
	ID          string `gorm:"primaryKey"`
	Slot        string // keeps a home's pledge on one version of a variant one
	PurposeType PurposeType
	PurposeID   string
	EstateID    string
	AreaCode    string
	PlanVersion int // of the variant; 0 of an estate's works
	Contributor Contributor
	PropertyID  string        // of a household
	Label       string        // of its home
	Name        string        // of another contributor, sealed
	ResidentID  string        // who pledged on the phone
	Most        *quantity.Fen // only if the own share is at most so much
	LeastHomes  *int          // only if at least so many homes pay
	DueOn       quantity.Date
	Ground      FiscalGround
	Stage       PledgeStage
	RemindedOn  quantity.Date
	CreatedBy   string // a member of staff; empty on the phone
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// PledgePart is what a pledge takes from one source.
type PledgePart struct {
	PledgeID string `gorm:"primaryKey"`
	Source   Source `gorm:"primaryKey"`
	Amount   quantity.Fen
}

// PledgeStage is what was said of a pledge. What follows from a vote, from a
// plan and from the ledger is not stored.
type PledgeStage string

// The stages.
const (
	PledgeMade      PledgeStage = "pledged"
	PledgeConfirmed PledgeStage = "confirmed" // 确认
	PledgeWithdrawn PledgeStage = "withdrawn"
)

// Contributor is a kind of contributor (出资人).
type Contributor string

// The contributors.
const (
	Household       Contributor = "household"
	OriginalUnit    Contributor = "original_unit"    // 原产权单位
	PipelineCompany Contributor = "pipeline_company" // 管线单位
	SocialCapital   Contributor = "social_capital"   // 社会资本
	Treasury        Contributor = "treasury"         // 财政
)

// Source is where money comes from (资金来源).
//
// Law: 金府办〔2021〕140号 二(四).
type Source string

// The sources.
const (
	Cash             Source = "cash"             // 直接出资
	HousingFund      Source = "hpf"              // 住房公积金
	MaintenanceFund  Source = "maintenance_fund" // 住宅专项维修资金
	CommonIncome     Source = "common_income"    // 居民共同收益
	Donation         Source = "donation"         // 捐资
	InKind           Source = "in_kind"          // 捐物、投工投劳
	FromOriginalUnit Source = "original_unit"
	FromCapital      Source = "social_capital"
	FromPipelines    Source = "pipeline_company"
	Fiscal           Source = "fiscal" // 财政资金
)

// Sources are all of them with the office's words.
var Sources = map[Source]string{
	Cash: "直接出资", HousingFund: "住房公积金", MaintenanceFund: "维修资金", CommonIncome: "共同收益", Donation: "捐资", InKind: "捐物、投工投劳",
	FromOriginalUnit: "原产权单位", FromCapital: "社会资本", FromPipelines: "管线单位", Fiscal: "财政资金",
}

// SourceOrder are all sources in the order in which papers list them.
var SourceOrder = []Source{
	Cash, HousingFund, MaintenanceFund, CommonIncome, Donation, InKind, FromOriginalUnit, FromPipelines, FromCapital, Fiscal,
}

// FiscalGround is why the policy allows money of the treasury.
//
// Law: 金府办〔2021〕140号 二(四).
type FiscalGround string

// The grounds.
const (
	GroundInfrastructure FiscalGround = "public_infrastructure" // 公共基础设施
	GroundNoOwnerUnit    FiscalGround = "no_owner_unit"         // 无产权单位管理
	GroundUnable         FiscalGround = "unable_to_pay"         // 居民或原产权单位无力承担
	GroundNoFund         FiscalGround = "no_maintenance_fund"   // 无维修资金
)

// Voucher is one entry of income or expenditure with its paper (凭证): entered
// by one person, and booked when another has checked it.
type Voucher struct {
	ID          string `gorm:"primaryKey"`
	Slot        string // keeps one paper one voucher while it stands
	PurposeType PurposeType
	PurposeID   string
	EstateID    string
	AreaCode    string
	Kind        VoucherKind
	Source      Source
	PledgeID    string
	PropertyID  string
	Amount      quantity.Fen
	OnDate      quantity.Date // on which money moved
	Reference   string        // of the bank's slip or the invoice
	Note        string
	Payee       string // sealed
	MotionID    string // that allows it
	Ground      FiscalGround
	Reverses    string // the voucher that a correction undoes
	Stage       VoucherStage
	EnteredBy   string
	EnteredAt   time.Time
	CheckedBy   string
	CheckedAt   *time.Time
}

// VoucherKind is a kind of voucher.
type VoucherKind string

// The kinds.
const (
	Receipt  VoucherKind = "receipt"  // 到账
	Refund   VoucherKind = "refund"   // 退还
	Expense  VoucherKind = "expense"  // 支出
	Reversal VoucherKind = "reversal" // 冲销
)

// VoucherStage is how far a voucher is.
type VoucherStage string

// The stages.
const (
	VoucherEntered  VoucherStage = "entered"
	VoucherBooked   VoucherStage = "booked"
	VoucherRejected VoucherStage = "rejected"
	VoucherReversed VoucherStage = "reversed"
)

// Ledger is a purpose's; whoever books in it holds its row.
type Ledger struct {
	PurposeType PurposeType `gorm:"primaryKey"`
	PurposeID   string      `gorm:"primaryKey"`
	OpenedAt    time.Time
}

// LedgerLine is one side of a booking. Lines are only added; those of one
// voucher balance.
type LedgerLine struct {
	VoucherID   string `gorm:"primaryKey"`
	Position    int    `gorm:"primaryKey"`
	PurposeType PurposeType
	PurposeID   string
	EstateID    string
	AreaCode    string
	Account     Account
	Source      Source
	Debit       quantity.Fen
	Credit      quantity.Fen
	OnDate      quantity.Date
	PledgeID    string
	At          time.Time
}

// Account is a side of the ledger.
type Account string

// The accounts.
const (
	Assets Account = "assets" // what is there
	Funds  Account = "funds"  // what contributors gave
	Spent  Account = "spent"  // what was used
)

// MaintenanceBalance is what the maintenance fund's own account of a home
// (分户账) holds, as the office recorded it.
type MaintenanceBalance struct {
	PropertyID string `gorm:"primaryKey"`
	Balance    quantity.Fen
	AsOf       quantity.Date
	UpdatedBy  string
	UpdatedAt  time.Time
}

// FundRaise is money that came into the maintenance fund's account of a home
// (续筹、补建) after the owners' special vote: entered by one person, added when
// another has checked it.
type FundRaise struct {
	ID         string `gorm:"primaryKey"`
	Slot       string // keeps one paper one entry while it stands
	PropertyID string
	EstateID   string
	AreaCode   string
	MotionID   string // that allows it
	Amount     quantity.Fen
	OnDate     quantity.Date // on which money came in
	Reference  string        // of the bank's slip
	Note       string
	Reverses   string // the entry that a correction undoes
	Stage      VoucherStage
	EnteredBy  string
	EnteredAt  time.Time
	CheckedBy  string
	CheckedAt  *time.Time
}
