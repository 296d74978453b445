package model

import (
	"time"

	"gongdi/model/quantity"
	"gongdi/model/rule/scheme"
)

// Scheme is how an estate, a building or a stairwell is to be renovated
// (改造方案). What it says is in its versions; each place has one that stands.
//
// Law: 金府办〔2021〕140号 三(一), 「一区一个方案、一栋一个方案，一个单元一个方案」.
type Scheme struct {
	ID         string `gorm:"primaryKey"`
	Slot       string // keeps a place's standing scheme one
	EstateID   string
	AreaCode   string
	ScopeType  ScopeType
	ScopeID    string
	ScopeLabel string // "金园小区3栋1单元"
	Version    int    // the present one, from 1
	Published  int    // the latest that residents may read; 0 for none
	Stage      SchemeStage
	CreatedBy  string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// SchemeStage is whether a scheme still stands.
type SchemeStage string

// The stages.
const (
	SchemeOpen      SchemeStage = "open"
	SchemeWithdrawn SchemeStage = "withdrawn"
)

// SchemeVersion is a scheme as it read from one change to the next. Once
// published it is never changed, but for the motion that votes on it.
type SchemeVersion struct {
	SchemeID    string `gorm:"primaryKey"`
	Version     int    `gorm:"primaryKey"`
	Title       string
	Coverage    string // 改造范围
	Focus       string // 改造重点
	Measures    string // 推进措施
	StartsOn    quantity.Date
	EndsOn      quantity.Date
	Drawings    []SchemeDrawing `gorm:"serializer:json"`
	Estimate    quantity.Fen    // of what is planned
	Funds       quantity.Fen    // found for it
	Digest      string          // of a published one: what is voted on
	MotionID    string          // the owners' vote on it
	Reason      string          // why it replaced the one before
	PublishedBy string
	PublishedAt *time.Time
	CreatedBy   string
	CreatedAt   time.Time
}

// SchemeDrawing is a drawing with its name (图纸).
type SchemeDrawing struct{ FileID, Title string }

// SchemeLine is one content in one version, with the words that the catalogue
// had for it then.
type SchemeLine struct {
	SchemeID  string `gorm:"primaryKey"`
	Version   int    `gorm:"primaryKey"`
	Code      string `gorm:"primaryKey"`
	Position  int
	Part      int // of the policy's six contents
	ClassCode string
	ClassName string
	Name      string
	Unit      string // 计量单位
	State     scheme.State
	Quantity  int64 // in hundredths of the unit
	Estimate  quantity.Fen
	Note      string
}

// Amount is so much of its unit as is meant.
func (l *SchemeLine) Amount() quantity.Amount {
	return quantity.Amount{Hundredths: l.Quantity, Unit: l.Unit}
}

// SchemeFund is money that is meant for a version of a scheme: of one content,
// or of all.
type SchemeFund struct {
	SchemeID string `gorm:"primaryKey"`
	Version  int    `gorm:"primaryKey"`
	Position int    `gorm:"primaryKey"`
	Source   Source
	Content  string // the code of one; empty for the whole
	Amount   quantity.Fen
	Ground   FiscalGround // of the treasury's
	Note     string
}

// SchemeClass is a class of contents: 基础类, 完善类, 提升类, as the office's own
// data, for a province may have others.
//
// Law: 国办发〔2020〕23号 二(二).
type SchemeClass struct {
	Code      string `gorm:"primaryKey"`
	Name      string
	Position  int
	ComesLast bool // only comfort: what should not be paid before safety
	UpdatedBy string
	UpdatedAt time.Time
}

// SchemeContent is an entry of the catalogue of contents.
//
// Law: 金府办〔2021〕140号 二(二) names six parts.
type SchemeContent struct {
	Code        string `gorm:"primaryKey"`
	Part        int    // 1 to 6
	ClassCode   string
	Name        string
	Unit        string
	Position    int
	Categories  string // of complaints that speak for it, apart by spaces
	Underground bool   // 先地下，后地上
	Safety      bool   // 先解决房屋安全
	Retired     bool   // no longer offered; versions that name it keep it
	UpdatedBy   string
	UpdatedAt   time.Time
}

// SchemeParts are the policy's six contents, from 1.
//
// Law: 金府办〔2021〕140号 二(二).
var SchemeParts = []string{
	"小区内基础设施的更新改造", "小区内服务设施的更新改造", "小区内房屋公共区域的修缮改造", "建筑节能改造", "加装电梯等上下楼设施", "小区安全系统的改造",
}

// SchemeMatter is what notices and motions say a version of a scheme is.
func SchemeMatter(id string, version int) Matter {
	return Matter{Type: "scheme", ID: id, Version: version}
}
