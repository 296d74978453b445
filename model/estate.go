package model

import (
	"time"

	"gongdi/model/quantity"
)

// Estate is a residential estate (小区), sometimes a single building.
type Estate struct {
	ID         string `gorm:"primaryKey"`
	AreaCode   string // its community, or its street when no community is known
	Name       string
	BuiltYear  *int
	AcceptedOn quantity.Date // 竣工验收日, from which warranty runs; none until then
	CreatedAt  time.Time
	UpdatedAt  time.Time // its year, its findings, its projects' steps
}

// Building is a block of an estate (楼栋). Its label is normalised, "1栋".
type Building struct {
	ID       string `gorm:"primaryKey"`
	EstateID string
	Label    string
	SortKey  string
}

// Unit is one entrance and stairwell of a building (单元), "1单元".
type Unit struct {
	ID         string `gorm:"primaryKey"`
	EstateID   string
	BuildingID string
	Label      string
	SortKey    string
}

// Property is one exclusive part (专有部分): a home, a shop, a parking space.
type Property struct {
	ID            string `gorm:"primaryKey"`
	EstateID      string
	BuildingID    string
	UnitID        string
	Room          string
	Label         string // normalised, "1栋1单元101"
	LabelPrinted  string // as the list had it
	SortKey       string // building, unit, floor, room as numbers
	Floor         *int   // as printed
	FloorPrinted  string
	FloorPhysical *int // above the entrance; hillside blocks have 吊层
	Use           Use  `gorm:"column:property_use"`
	UsePrinted    string
	Area          *quantity.Area // unknown until completed when nil
	AreaSource    AreaSource
	Certificate   string // 不动产权证号, sealed
	Tenure        Tenure
	TenurePrinted string
	Incomplete    string // the finding that keeps it incomplete; none when sound
	Note          string // sealed
	ImportID      string
	ListDigest    string // of the line that the last list had for it; the same line again changes nothing
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Use is what a property is for (房屋用途).
type Use string

// The uses. A property whose use the list does not give counts as a dwelling.
const (
	UseUnknown     Use = ""
	UseResidential Use = "residential" // 住宅
	UseMixed       Use = "mixed"       // 商住两用
	UseCommercial  Use = "commercial"  // 商业
	UseOffice      Use = "office"      // 办公
	UseParking     Use = "parking"     // 车位、车库
	UseStorage     Use = "storage"     // 储藏室
	UseOther       Use = "other"
)

// Dwelling reports whether a household can live there.
func (u Use) Dwelling() bool { return u == UseUnknown || u == UseResidential || u == UseMixed }

// Accessory reports whether it serves other properties, as parking spaces and
// storage rooms do; a roll leaves those out unless the motion includes them.
func (u Use) Accessory() bool { return u == UseParking || u == UseStorage }

// AreaSource says where an area comes from (面积来源), in the order in which
// the interpretation of 2020, art. 8, accepts them.
type AreaSource string

// The sources. A declared area is not a lawful base for an owners' vote.
const (
	AreaUnknown    AreaSource = ""
	AreaRegistered AreaSource = "registry" // 登记
	AreaSurveyed   AreaSource = "survey"   // 实测
	AreaContracted AreaSource = "contract" // 合同
	AreaDeclared   AreaSource = "declared" // 申报
)

// Tenure is how a property is held (产权性质).
type Tenure string

// The tenures that the law of voting tells apart; others are kept as printed.
const (
	TenureUnknown              Tenure = ""
	TenurePrivate              Tenure = "private"
	TenureOrganisation         Tenure = "unit"                  // 单位产权
	TenureDeveloperUnsold      Tenure = "developer_unsold"      // 建设单位未售
	TenureDeveloperUndelivered Tenure = "developer_undelivered" // 已售未交付
	TenureOther                Tenure = "other"
)

// Developer reports whether it belongs to the developer's one head
// (interpretation of 2020, art. 9).
func (t Tenure) Developer() bool {
	return t == TenureDeveloperUnsold || t == TenureDeveloperUndelivered
}

// Owner is one owner, or co-owner, of one property (产权人). A person who owns
// two homes has two rows, joined by DocumentIndex.
type Owner struct {
	ID                string `gorm:"primaryKey"`
	PropertyID        string
	Position          int
	Kind              OwnerKind
	Name              string // sealed
	NameIndex         string
	NameMasked        string
	Document          string // sealed; a number that is not sound is kept here without an index
	DocumentIndex     string // of a sound number only: it joins heads
	DocumentTailIndex string // of the last six characters, for binding
	Phone             string // sealed
	PhoneIndex        string
	PhoneEndIndex     string // of the last four digits, for staff who look for somebody
	DocumentEndIndex  string // of the last four characters, likewise
	ShareNum          int64  // 0/0 when shares are not known
	ShareDen          int64
}

// OwnerKind tells a person from an organisation.
type OwnerKind string

// The kinds of owner, by their document number.
const (
	OwnerPerson       OwnerKind = "person"
	OwnerOrganisation OwnerKind = "organisation"
	OwnerUnknown      OwnerKind = "unknown"
)

// PropertyChange is one entry of a property's history: who changed which
// fields, why, and both states, sealed.
type PropertyChange struct {
	ID          string `gorm:"primaryKey"`
	PropertyID  string
	Version     int
	StaffID     string
	ImportID    string
	Reason      string
	Fields      string
	BeforeState string
	AfterState  string
	At          time.Time
}

// RosterImport is one list that was read into the registry (名册导入).
type RosterImport struct {
	ID              string `gorm:"primaryKey"`
	StaffID         string
	AreaCode        string
	FileDigest      string
	RowCount        int
	ValidCount      int
	IncompleteCount int
	Report          string
	At              time.Time
}
