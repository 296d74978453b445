package document

import (
	"time"

	"gongdi/model/quantity"
)

// Kind says under which rule a motion was put, and so how it is announced.
type Kind string

// The kinds, by the codes of the API.
const (
	Special     Kind = "special"     // 特别事项, Civil Code art. 278 para. 1 items 6 to 8
	Ordinary    Kind = "ordinary"    // 一般事项, the other items
	Willingness Kind = "willingness" // 意愿调查, no decision of the owners
)

// Outcome is the verdict that people are shown.
type Outcome string

// The outcomes, by the codes of the API.
const (
	Passed       Outcome = "passed"
	NotPassed    Outcome = "not_passed"
	Undetermined Outcome = "undetermined" // the law can be read both ways, and it matters
)

// Participation is how a voter took part. It never says what was chosen.
type Participation string

// The ways of taking part, by the codes of the API.
const (
	Absent  Participation = "none"
	Online  Participation = "online"
	OnPaper Participation = "paper"
	ByProxy Participation = "proxy"
)

// A Figure is a number of owners (in a willingness survey: of households) and
// the area of their exclusive parts.
type Figure struct {
	Heads int64
	Area  quantity.Area
}

// A Requirement is one stage of the rule, as the tally decided it. Of a
// willingness survey only the heads are printed. Whether it was met is taken
// from the tally, never judged here.
type Requirement struct {
	Ratio             Ratio
	HeadsMet, AreaMet bool
}

// A Part is the tally of a building, a unit or a channel. A channel has no
// roll of its own and leaves it zero.
type Part struct {
	Label                                                string
	Roll, Participating, Agree, Oppose, Abstain, Invalid Figure
	// Withheld keeps the figures of a small group off what is posted.
	Withheld bool
}

// An Item is a wished content of the renovation (改造内容) and how many of
// those taking part ticked it.
type Item struct {
	Label string
	Heads int64
}

// An InvalidReason is a reason for which ballots did not count, in Chinese,
// and how many there were.
type InvalidReason struct {
	Label string
	Figure
}

// An Extension moved the close, for a reason.
type Extension struct {
	From, To time.Time
	Reason   string
}

// A Period is when a motion ran. Instants that are zero are not printed.
type Period struct {
	Published, Opens, Closes time.Time
	CountUntil               time.Time // until when paper was counted (计票截止)
	Sealed                   time.Time
	EarlyReason              string // why it was sealed before its close (提前截止); empty if it was not
	Extensions               []Extension
}

// A Result is what the announcement (结果公告) and the workbook say about a
// sealed motion. Texts are printed as they are; labels of homes carry no names.
type Result struct {
	Kind     Kind
	Subject  string // the item of art. 278, in Chinese; empty in a survey
	Title    string
	Text     string // the question, whole
	Estate   string
	Scope    string // in words: 春晖小区2栋1单元
	Convener string // 召集人
	Citation string // the rule's source, in Chinese
	Period   Period

	Outcome            Outcome
	UndeterminedReason string

	Roll, Participating, Agree, Oppose, Abstain, Invalid Figure

	Quorum      Requirement // of the roll
	Approval    Requirement // of those taking part
	AgreeOfRoll bool        // a survey whose agreement is asked of the whole roll

	Items                      []Item
	Buildings, Units, Channels []Part
	InvalidReasons             []InvalidReason

	Incomplete  []string // homes on the roll whose owner or area is incomplete
	Conflicts   []string // homes whose paper differs from the phone, unconfirmed
	Unconfirmed []string // homes whose paper nobody confirmed; not counted
	Contested   []string // homes whose co-owners' dispute was not settled; invalid
	Retracted   []string // homes to which a paper of others was entered and taken back

	Corrections []Correction // of the published roll, in their order
	Uncorrected Outcome      // what the roll as published would have come to

	Intake []Intake // papers as they came in

	Proofs  []string // how the identity of those taking part was proven, a phrase each
	Bases   []string // who voted in an owner's place, a phrase each
	Silence string   // the reading under the estate's own rule on silence; empty without one

	RollDigest string // SM3 of the frozen roll, hexadecimal
	ChainHead  string // last link of the chain of ballot versions
	CheckURL   string // where the result can be checked; printed as a code

	Tellers, Supervisors []string      // 计票人, 监票人
	Signed               quantity.Date // the day under the convener's name
}

// A Correction changed the published roll, for a reason (名册更正).
type Correction struct {
	At      time.Time
	Reason  string
	Changes []string // a phrase for each home
	Digest  string   // the fingerprint from then on
}

// An Intake is papers that came in together (收票登记): counted when they were
// taken, apart from what was typed of them later.
type Intake struct {
	At         time.Time
	Way, Place string
	Sheets     int
	Collectors []string
	Struck     string // why this line was a slip and does not count; empty for a sound one
}

// A VoterRow is a voter on the roll as the workbook lists it: masked, and with
// participation only.
type VoterRow struct {
	Building, Unit string
	Labels         []string // the homes
	OwnersMasked   string
	Area           quantity.Area
	Participation  Participation
}
