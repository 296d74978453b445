package model

import "slices"

// Right is one thing that an account may be allowed to do. The table below is
// the only place that says which role has which; areas narrow it further.
type Right string

// The rights of the office.
const (
	ReadOwnAccount Right = "own_account"   // oneself: session, password
	ReadAreas      Right = "areas.read"    // the tree of areas
	ReadRegistry   Right = "registry.read" // estates, buildings, homes, masked owners
	EditRegistry   Right = "registry.edit" // complete and correct homes
	ImportRoster   Right = "roster.import" // owners' lists
	RevealPerson   Right = "person.reveal" // full name, number, phone; logged
	DecideBindings Right = "bindings.decide"
	ReadMotions    Right = "motions.read"
	DraftMotions   Right = "motions.draft"   // write, change, copy, delete drafts
	ConductMotions Right = "motions.conduct" // publish, extend, cancel, close
	ReadVoters     Right = "voters.read"     // doors to visit: who took part, never what
	VisitDoors     Right = "doors.visit"     // visits and deliveries
	EnterPaper     Right = "paper.enter"
	CheckPaper     Right = "paper.check"  // second checks, conflicts, disputes
	PrintPapers    Right = "papers.print" // with owners' names; logged
	AssignGrid     Right = "grid.assign"  // who of the grid looks after which building
	ReadTally      Right = "tally.read"
	ExportResult   Right = "result.export" // announcement and workbook
	ExportEvidence Right = "evidence.export"
	ReadAudit      Right = "audit.read"
	UploadFiles    Right = "files.upload"
	ManageAccounts Right = "accounts.manage"
)

var rights = map[Right][]Role{
	ReadOwnAccount: Roles,
	ReadAreas:      {RoleStreet, RoleCommunity, RoleGrid, RoleCounty, RoleAdmin},
	ReadRegistry:   {RoleStreet, RoleCommunity},
	EditRegistry:   {RoleStreet, RoleCommunity},
	ImportRoster:   {RoleStreet, RoleCommunity},
	RevealPerson:   {RoleStreet, RoleCommunity},
	DecideBindings: {RoleStreet, RoleCommunity},
	ReadMotions:    {RoleStreet, RoleCommunity, RoleGrid, RoleCounty},
	DraftMotions:   {RoleStreet, RoleCommunity},
	ConductMotions: {RoleStreet, RoleCommunity},
	ReadVoters:     {RoleStreet, RoleCommunity, RoleGrid},
	VisitDoors:     {RoleStreet, RoleCommunity, RoleGrid},
	EnterPaper:     {RoleStreet, RoleCommunity, RoleGrid},
	CheckPaper:     {RoleStreet, RoleCommunity},
	AssignGrid:     {RoleStreet, RoleCommunity},
	PrintPapers:    {RoleStreet, RoleCommunity},
	ReadTally:      {RoleStreet, RoleCommunity, RoleCounty},
	ExportResult:   {RoleStreet, RoleCommunity},
	ExportEvidence: {RoleStreet, RoleCommunity},
	UploadFiles:    {RoleStreet, RoleCommunity, RoleGrid, RoleDepartment},
	ReadAudit:      {RoleAuditor},
	ManageAccounts: {RoleAdmin},
}

// May reports whether a role has a right at all.
func (r Role) May(right Right) bool { return slices.Contains(rights[right], r) }

// Covers reports whether an area lies in the part of the division that a
// member of staff acts in.
func (c Caller) Covers(areaCode string) bool {
	return c.Kind == StaffSession && Within(areaCode, c.AreaCode)
}
