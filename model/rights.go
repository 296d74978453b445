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
	ReadCalendar   Right = "calendar.read"
	TendMessages   Right = "messages.tend"
	WriteNotices   Right = "notices.write"
	ReadNotices    Right = "notices.read"
	EditCalendar   Right = "calendar.edit" // a year's holidays
	CheckContent   Right = "content.check" // what residents wrote for others to see

	ReadComplaints  Right = "complaints.read"    // a department: its own
	FileComplaints  Right = "complaints.file"    // for those who call or walk in
	ConductCases    Right = "complaints.conduct" // accept, assign, decide, merge, supervise
	HandleCases     Right = "complaints.handle"  // take, return, extend, answer
	CallBackCases   Right = "complaints.call_back"
	RevealCase      Right = "complaints.reveal" // contact and full words; logged
	ReadCaseFigures Right = "complaints.figures"
	SetRouting      Right = "complaints.routing" // departments, categories, terms
	MediateCases    Right = "complaints.mediate"
	ReadDepartments Right = "departments.read"
	ReadLifts       Right = "lifts.read"    // intents by home, variants, who has signed
	PlanLifts       Right = "lifts.plan"    // write and change variants, tie them to a vote
	SignLifts       Right = "lifts.sign"    // enter and confirm what was signed on paper
	EditPresets     Right = "lifts.presets" // tables of coefficients to begin from
	ReadFunds       Right = "funds.read"    // pledges, vouchers, the ledger
	KeepFunds       Right = "funds.keep"    // enter pledges and vouchers
	CheckFunds      Right = "funds.check"   // book what another entered

	ReadAssessments    Right = "assessments.read"    // a community and a department: their own line
	ConductAssessments Right = "assessments.conduct" // weights, items by hand, freeze, answer, supervise, meet
	ObjectAssessments  Right = "assessments.object"
	FollowDecisions    Right = "decisions.follow" // say that one's own is done

	ReadSurveys      Right = "surveys.read"
	WriteSurveys     Right = "surveys.write"   // draft, publish, close, open the figures
	EnterSurveys     Right = "surveys.enter"   // answers and visits at the door
	ReadSurveyCounts Right = "surveys.figures" // never what one household answered
	ExportSurveys    Right = "surveys.export"  // answers in words, coded data; logged

	ReadTodo      Right = "todo.read"      // what waits for the caller today, on the screen and on paper
	ReadOverview  Right = "overview.read"  // figures of an area, no people
	ExportReports Right = "reports.export" // papers that go upward; logged
	ExportDossier Right = "dossier.export" // an estate's whole file (一小区一档); logged

	JudgeEstates    Right = "estates.judge"     // enter what was found of an estate
	ReadCandidates  Right = "candidates.read"   // which estates the policy is for, and why
	ReadProjects    Right = "projects.read"     // a department: those it carries out
	KeepProjects    Right = "projects.keep"     // the ledger's entries, papers, acceptance
	ReportProjects  Right = "projects.report"   // progress, pictures, problems, the works of a day
	CompleteSteps   Right = "projects.complete" // close one of the five steps
	ImportProjects  Right = "projects.import"   // an existing ledger in Excel
	ExportProjects  Right = "projects.export"   // the ledger in Excel
	SettleKeeping   Right = "management.settle" // long-term management of an estate
	ReadManagements Right = "management.read"

	ReadSchemes   Right = "schemes.read"
	WriteSchemes  Right = "schemes.write"     // draft, publish, tie to a vote, withdraw
	EditCatalogue Right = "schemes.catalogue" // classes and contents
	RunExports    Right = "exports.run"       // long exports, each with the right of its kind
	Search        Right = "search"
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
	ReadCalendar:   Roles,
	EditCalendar:   {RoleStreet, RoleAdmin},
	TendMessages:   {RoleStreet},
	CheckContent:   {RoleStreet, RoleCommunity},
	WriteNotices:   {RoleStreet, RoleCommunity},
	ReadNotices:    {RoleStreet, RoleCommunity, RoleGrid},

	ReadComplaints:  {RoleStreet, RoleCommunity, RoleDepartment},
	FileComplaints:  {RoleStreet, RoleCommunity},
	ConductCases:    {RoleStreet},
	HandleCases:     {RoleStreet, RoleDepartment},
	CallBackCases:   {RoleStreet, RoleCommunity},
	RevealCase:      {RoleStreet, RoleCommunity, RoleDepartment},
	ReadCaseFigures: {RoleStreet, RoleCommunity, RoleCounty},
	SetRouting:      {RoleStreet},
	MediateCases:    {RoleStreet, RoleCommunity},
	ReadDepartments: {RoleStreet, RoleCommunity, RoleDepartment},
	ReadLifts:       {RoleStreet, RoleCommunity},
	PlanLifts:       {RoleStreet, RoleCommunity},
	SignLifts:       {RoleStreet, RoleCommunity},
	EditPresets:     {RoleStreet},
	ReadFunds:       {RoleStreet, RoleCommunity},
	KeepFunds:       {RoleStreet, RoleCommunity},
	CheckFunds:      {RoleStreet, RoleCommunity},

	ReadAssessments:    {RoleStreet, RoleCounty, RoleCommunity, RoleDepartment},
	ConductAssessments: {RoleStreet, RoleCounty},
	ObjectAssessments:  {RoleCommunity, RoleDepartment},
	FollowDecisions:    {RoleStreet, RoleCounty, RoleCommunity, RoleDepartment},

	ReadSurveys:      {RoleStreet, RoleCommunity, RoleGrid},
	WriteSurveys:     {RoleStreet, RoleCommunity},
	EnterSurveys:     {RoleStreet, RoleCommunity, RoleGrid},
	ReadSurveyCounts: {RoleStreet, RoleCommunity, RoleCounty},
	ExportSurveys:    {RoleStreet, RoleCommunity},

	ReadTodo:      {RoleStreet, RoleCommunity, RoleGrid, RoleDepartment},
	ReadOverview:  {RoleStreet, RoleCommunity, RoleCounty},
	ExportReports: {RoleStreet, RoleCommunity, RoleCounty},
	ExportDossier: {RoleStreet, RoleCommunity},

	JudgeEstates:    {RoleStreet, RoleCommunity},
	ReadCandidates:  {RoleStreet, RoleCommunity, RoleCounty},
	ReadProjects:    {RoleStreet, RoleCommunity, RoleDepartment, RoleCounty},
	KeepProjects:    {RoleStreet, RoleCommunity},
	ReportProjects:  {RoleStreet, RoleCommunity, RoleDepartment},
	CompleteSteps:   {RoleStreet, RoleCounty},
	ImportProjects:  {RoleStreet},
	ExportProjects:  {RoleStreet, RoleCommunity, RoleCounty},
	SettleKeeping:   {RoleStreet, RoleCommunity},
	ReadManagements: {RoleStreet, RoleCommunity, RoleCounty},

	ReadSchemes:   {RoleStreet, RoleCommunity, RoleCounty},
	WriteSchemes:  {RoleStreet, RoleCommunity},
	EditCatalogue: {RoleStreet},
	RunExports:    {RoleStreet, RoleCommunity, RoleDepartment, RoleCounty},
	Search:        {RoleStreet, RoleCommunity, RoleGrid, RoleDepartment, RoleCounty},
}

// May reports whether a role has a right at all.
func (r Role) May(right Right) bool { return slices.Contains(rights[right], r) }

// Covers reports whether an area lies in the part of the division that a
// member of staff acts in.
func (c Caller) Covers(areaCode string) bool {
	return c.Kind == StaffSession && Within(areaCode, c.AreaCode)
}
