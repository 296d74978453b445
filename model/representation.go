package model

import "time"

// Representation is why somebody who is not the registered owner votes in an
// owner's place, not as their agent: entered with its papers by one member of
// staff, approved by another.
//
// Law: Civil Code arts 23, 34 (guardians), 61 (organisations), 230 (heirs);
// interpretation of 2020 art. 1 para. 2 (lawful possession before registration).
type Representation struct {
	ID         string `gorm:"primaryKey"`
	EstateID   string
	AreaCode   string
	PropertyID string
	OwnerID    string // who is represented; empty for all owners of the home
	Basis      Basis
	Name       string // sealed
	Phone      string // sealed
	PhoneIndex string
	Words      string // what the basis is and which papers show it; sealed
	Status     RepresentationStatus
	ResidentID string // empty for whoever votes on paper only
	UntilAt    *time.Time
	EnteredBy  string
	EnteredAt  time.Time
	DecidedBy  string // who approved or refused it
	DecidedAt  *time.Time
	EndedBy    string // empty where the term or a change of owners ended it
	EndedAt    *time.Time
	Reason     string // of the refusal or the end
}

// Basis is on what somebody votes in an owner's place.
type Basis string

// The bases.
const (
	BasisGuardian     Basis = "guardian"     // 监护人
	BasisOrganisation Basis = "organisation" // 法人、非法人组织的代表人
	BasisPublicUnit   Basis = "public_unit"  // 单位产权的代表
	BasisHeir         Basis = "heir"         // 尚未登记的继承人
	BasisPossessor    Basis = "possessor"    // 合法占有、尚未登记
)

// RepresentationStatus is where a representation stands.
type RepresentationStatus string

// The states of a representation.
const (
	RepresentationPending RepresentationStatus = "pending"
	RepresentationActive  RepresentationStatus = "active"
	RepresentationRefused RepresentationStatus = "refused"
	RepresentationEnded   RepresentationStatus = "ended"
)

// BarredAgent is somebody who may not cast for owners (不得担任代理人): of the
// office, or of the estate's property company.
type BarredAgent struct {
	ID         string `gorm:"primaryKey"`
	AreaCode   string
	PhoneIndex string
	Phone      string // sealed
	Name       string // sealed
	Why        string // staff, property_company
	NamedBy    string
	NamedAt    time.Time
}
