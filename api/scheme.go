package api

import (
	"context"
	"strconv"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/scheme"
	"gongdi/service/fault"
	"gongdi/service/schemes"
	"gongdi/service/voting"
)

// SchemeScopeBody is what a scheme is for.
type SchemeScopeBody struct {
	Type  string `json:"type" enum:"estate,building,unit"`
	ID    string `json:"id" minLength:"1" maxLength:"64"`
	Label string `json:"label,omitempty"`
}

// SchemeText is what a version says in words and days.
type SchemeText struct {
	Title    string `json:"title" minLength:"1" maxLength:"100"`
	Coverage string `json:"coverage,omitempty" maxLength:"2000" doc:"改造范围"`
	Focus    string `json:"focus,omitempty" maxLength:"2000" doc:"改造重点"`
	Measures string `json:"measures,omitempty" maxLength:"2000" doc:"推进措施"`
	StartsOn string `json:"starts_on,omitempty" format:"date"`
	EndsOn   string `json:"ends_on,omitempty" format:"date"`
}

// SchemeFundBody is money that is meant for a scheme.
type SchemeFundBody struct {
	Source  string `json:"source" enum:"cash,hpf,maintenance_fund,common_income,donation,in_kind,original_unit,social_capital,pipeline_company,fiscal"`
	Content string `json:"content,omitempty" maxLength:"32" doc:"the planned content that it is for; for the whole when left out"`
	Amount  int64  `json:"amount_fen" minimum:"1" maximum:"1000000000000"`
	Ground  string `json:"ground,omitempty" enum:"public_infrastructure,no_owner_unit,unable_to_pay,no_maintenance_fund" doc:"of fiscal money, which needs one"`
	Note    string `json:"note,omitempty" maxLength:"500"`
}

// SchemeDrawingBody is a drawing with its name.
type SchemeDrawingBody struct {
	FileID string `json:"file_id" minLength:"1" maxLength:"26"`
	Title  string `json:"title" minLength:"1" maxLength:"100"`
}

// SchemeLineBody is one content of a version.
type SchemeLineBody struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Part      int    `json:"part" doc:"of the policy's six contents"`
	Class     string `json:"class"`
	ClassName string `json:"class_name"`
	Unit      string `json:"unit"`
	State     string `json:"state" enum:"planned,deferred,sound"`
	Quantity  int64  `json:"quantity_hundredths" doc:"in hundredths of the unit"`
	Estimate  int64  `json:"estimate_fen"`
	Note      string `json:"note,omitempty"`
}

// SchemeBody is a scheme in a version.
type SchemeBody struct {
	ID        string          `json:"id"`
	EstateID  string          `json:"estate_id"`
	Scope     SchemeScopeBody `json:"scope"`
	Status    string          `json:"status" enum:"open,withdrawn"`
	Version   int             `json:"version"`
	Latest    int             `json:"latest_version"`
	Approved  int             `json:"approved_version" doc:"the one that the owners' vote passed; 0 for none"`
	Published *time.Time      `json:"published_at,omitempty" doc:"absent of a draft"`
	MotionID  string          `json:"motion_id,omitempty" doc:"the owners' vote on this version"`
	Verdict   string          `json:"verdict" enum:"none,pending,passed,not_passed,undetermined"`
	Digest    string          `json:"digest,omitempty" doc:"SHA-256 of what is voted on"`
	Reason    string          `json:"reason,omitempty" doc:"why it replaced the version before"`
	CreatedAt time.Time       `json:"created_at"`
	SchemeText
	Contents []SchemeLineBody    `json:"contents"`
	Funds    []SchemeFundBody    `json:"funds"`
	Drawings []SchemeDrawingBody `json:"drawings"`
	Estimate int64               `json:"estimate_fen" doc:"of what is planned"`
	Found    int64               `json:"funds_fen"`
	Gap      int64               `json:"gap_fen" doc:"what is missing; 0 when nothing is"`

	Warnings []SchemeWarningBody `json:"warnings" doc:"forbid nothing"`
}

// SchemeWarningBody is what may be objected to in a scheme.
type SchemeWarningBody struct {
	Code    string           `json:"code" enum:"comfort_before_safety"`
	Message string           `json:"message"`
	Early   []string         `json:"early" doc:"what only adds comfort, and has money"`
	Open    []SchemeOpenBody `json:"open" doc:"safety and what lies underground, not settled"`
}

// SchemeOpenBody is a content that comes first and is not settled.
type SchemeOpenBody struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Cause string `json:"cause" enum:"not_assessed,deferred,not_funded"`
}

// SchemeOf shows a version with what is reckoned of it; latest is the newest
// one that the reader may see.
func SchemeOf(ctx context.Context, s *schemes.Service, v *schemes.Version, latest int) (*Body[SchemeBody], error) {
	facts := SchemeFacts{Latest: latest}
	var err error
	if facts.Approved, err = s.ApprovedVersion(ctx, &v.Scheme); err != nil {
		return nil, err
	}
	if facts.Verdict, err = s.VerdictOn(ctx, v); err != nil {
		return nil, err
	}
	if facts.Warning, err = s.WarningOn(ctx, v); err != nil {
		return nil, err
	}
	return Answer(Scheme(v, facts)), nil
}

// SchemeVersions names two versions of a scheme to be compared.
type SchemeVersions struct {
	N    string `path:"n" doc:"a version, from 2; residents see published ones"`
	From int    `query:"from" minimum:"0" maximum:"100000" doc:"the version before unless given"`
}

// Compare reads both versions as the reader may see them.
func (in SchemeVersions) Compare(ctx context.Context, read func(context.Context, *model.Scheme, int) (*schemes.Version, error)) (*Body[SchemeDiffBody], error) {
	to, err := strconv.Atoi(in.N)
	if err != nil || to < 2 {
		return nil, fault.ErrNotFound
	}
	if in.From == 0 {
		in.From = to - 1
	}
	row := Found[*model.Scheme](ctx)
	after, err := read(ctx, row, to)
	if err != nil {
		return nil, err
	}
	before, err := read(ctx, row, in.From)
	if err != nil {
		return nil, err
	}
	return Answer(SchemeDiff(schemes.Compare(before, after))), nil
}

// SchemeFacts is what is reckoned of a version beside what it says.
type SchemeFacts struct {
	Latest, Approved int
	Verdict          voting.Verdict
	Warning          *schemes.Warning
}

// Scheme shows a scheme in a version.
func Scheme(v *schemes.Version, f SchemeFacts) SchemeBody {
	b := SchemeBody{
		ID: v.Scheme.ID, EstateID: v.Scheme.EstateID, Scope: schemeScope(&v.Scheme), Status: string(v.Scheme.Stage), Version: v.As.Version,
		Latest: f.Latest, Approved: f.Approved, Published: TimeOf(v.As.PublishedAt), MotionID: v.As.MotionID, Verdict: string(f.Verdict),
		Digest: v.As.Digest, Reason: v.As.Reason, CreatedAt: Time(v.As.CreatedAt), SchemeText: schemeText(&v.As),
		Contents: []SchemeLineBody{}, Funds: []SchemeFundBody{}, Drawings: []SchemeDrawingBody{}, Warnings: []SchemeWarningBody{},
		Estimate: int64(v.As.Estimate), Found: int64(v.As.Funds), Gap: int64(max(0, v.As.Estimate-v.As.Funds)),
	}
	for i := range v.Lines {
		b.Contents = append(b.Contents, schemeLine(&v.Lines[i]))
	}
	for _, m := range v.Funds {
		b.Funds = append(b.Funds, SchemeFundBody{Source: string(m.Source), Content: m.Content, Amount: int64(m.Amount), Ground: string(m.Ground), Note: m.Note})
	}
	for _, d := range v.As.Drawings {
		b.Drawings = append(b.Drawings, SchemeDrawingBody(d))
	}
	if f.Warning != nil {
		b.Warnings = append(b.Warnings, schemeWarning(f.Warning))
	}
	return b
}

func schemeWarning(w *schemes.Warning) SchemeWarningBody {
	b := SchemeWarningBody{Code: "comfort_before_safety", Message: w.Words(), Early: w.Early, Open: []SchemeOpenBody{}}
	for _, o := range w.Open {
		b.Open = append(b.Open, SchemeOpenBody{Code: o.Code, Name: o.Name, Cause: string(o.Cause)})
	}
	return b
}

func schemeScope(s *model.Scheme) SchemeScopeBody {
	return SchemeScopeBody{Type: string(s.ScopeType), ID: s.ScopeID, Label: s.ScopeLabel}
}

func schemeText(v *model.SchemeVersion) SchemeText {
	return SchemeText{Title: v.Title, Coverage: v.Coverage, Focus: v.Focus, Measures: v.Measures, StartsOn: string(v.StartsOn), EndsOn: string(v.EndsOn)}
}

func schemeLine(l *model.SchemeLine) SchemeLineBody {
	return SchemeLineBody{
		Code: l.Code, Name: l.Name, Part: l.Part, Class: l.ClassCode, ClassName: l.ClassName, Unit: l.Unit, State: string(l.State),
		Quantity: l.Quantity, Estimate: int64(l.Estimate), Note: l.Note,
	}
}

// SchemeListBody is a scheme in a list.
type SchemeListBody struct {
	ID        string          `json:"id"`
	EstateID  string          `json:"estate_id"`
	Scope     SchemeScopeBody `json:"scope"`
	Status    string          `json:"status" enum:"open,withdrawn"`
	Title     string          `json:"title"`
	Version   int             `json:"version"`
	Published *time.Time      `json:"published_at,omitempty" doc:"of this version; absent of a draft"`
	Estimate  int64           `json:"estimate_fen"`
	Found     int64           `json:"funds_fen"`
	MotionID  string          `json:"motion_id,omitempty"`
	UpdatedAt time.Time       `json:"updated_at"`
	Verdict   string          `json:"verdict" enum:"none,pending,passed,not_passed,undetermined" doc:"of the owners' vote on this version"`
}

// SchemeListed shows a scheme in a list.
func SchemeListed(l schemes.Listed) SchemeListBody {
	return SchemeListBody{
		ID: l.Scheme.ID, EstateID: l.Scheme.EstateID, Scope: schemeScope(&l.Scheme), Status: string(l.Scheme.Stage), Title: l.As.Title, Version: l.As.Version,
		Published: TimeOf(l.As.PublishedAt), Estimate: int64(l.As.Estimate), Found: int64(l.As.Funds), MotionID: l.As.MotionID, Verdict: string(l.Verdict), UpdatedAt: Time(l.Scheme.UpdatedAt),
	}
}

// SchemeVersionBody is one version in the list of all.
type SchemeVersionBody struct {
	Version   int        `json:"version"`
	Title     string     `json:"title"`
	Reason    string     `json:"reason,omitempty"`
	Published *time.Time `json:"published_at,omitempty"`
	MotionID  string     `json:"motion_id,omitempty"`
	Estimate  int64      `json:"estimate_fen"`
	Found     int64      `json:"funds_fen"`
	Digest    string     `json:"digest,omitempty"`
}

// SchemeVersion shows one version in the list of all.
func SchemeVersion(v model.SchemeVersion) SchemeVersionBody {
	return SchemeVersionBody{
		Version: v.Version, Title: v.Title, Reason: v.Reason, Published: TimeOf(v.PublishedAt), MotionID: v.MotionID,
		Estimate: int64(v.Estimate), Found: int64(v.Funds), Digest: v.Digest,
	}
}

// SchemeDiffBody is how two versions differ.
type SchemeDiffBody struct {
	From     int                    `json:"from"`
	To       int                    `json:"to"`
	Reason   string                 `json:"reason,omitempty"`
	Text     []SchemeTextChange     `json:"text" doc:"words and days that differ"`
	Contents []SchemeLineChangeBody `json:"contents"`
	Funds    []SchemeFundChangeBody `json:"funds"`
	Added    []SchemeDrawingBody    `json:"drawings_added"`
	Removed  []SchemeDrawingBody    `json:"drawings_removed"`

	EstimateBefore int64 `json:"estimate_before_fen"`
	EstimateAfter  int64 `json:"estimate_after_fen"`
	FundsBefore    int64 `json:"funds_before_fen"`
	FundsAfter     int64 `json:"funds_after_fen"`
}

// SchemeTextChange is one field on which two versions differ.
type SchemeTextChange struct {
	Field  string `json:"field" enum:"title,coverage,focus,measures,starts_on,ends_on"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// SchemeLineChangeBody is one content on which two versions differ.
type SchemeLineChangeBody struct {
	Code   string                `json:"code"`
	Change string                `json:"change" enum:"added,removed,changed"`
	Before Maybe[SchemeLineBody] `json:"before"`
	After  Maybe[SchemeLineBody] `json:"after"`
}

// SchemeFundChangeBody is money that two versions have in different amounts.
type SchemeFundChangeBody struct {
	Source  string `json:"source"`
	Content string `json:"content,omitempty"`
	Before  int64  `json:"before_fen"`
	After   int64  `json:"after_fen"`
}

// SchemeDiff shows how two versions differ.
func SchemeDiff(d schemes.Difference) SchemeDiffBody {
	b := SchemeDiffBody{
		From: d.From.As.Version, To: d.To.As.Version, Reason: d.To.As.Reason, Text: []SchemeTextChange{}, Contents: []SchemeLineChangeBody{}, Funds: []SchemeFundChangeBody{},
		Added: drawingsBeside(d.To, d.From), Removed: drawingsBeside(d.From, d.To),
		EstimateBefore: int64(d.From.As.Estimate), EstimateAfter: int64(d.To.As.Estimate), FundsBefore: int64(d.From.As.Funds), FundsAfter: int64(d.To.As.Funds),
	}
	was, is := &d.From.As, &d.To.As
	for _, c := range []SchemeTextChange{
		{"title", was.Title, is.Title}, {"coverage", was.Coverage, is.Coverage}, {"focus", was.Focus, is.Focus}, {"measures", was.Measures, is.Measures},
		{"starts_on", string(was.StartsOn), string(is.StartsOn)}, {"ends_on", string(was.EndsOn), string(is.EndsOn)},
	} {
		if c.Before != c.After {
			b.Text = append(b.Text, c)
		}
	}
	for _, c := range d.Lines {
		change := SchemeLineChangeBody{Code: c.Code, Change: "changed"}
		if c.Before == nil {
			change.Change = "added"
		} else {
			change.Before = Some(schemeLine(c.Before))
		}
		if c.After == nil {
			change.Change = "removed"
		} else {
			change.After = Some(schemeLine(c.After))
		}
		b.Contents = append(b.Contents, change)
	}
	for _, f := range d.Funds {
		b.Funds = append(b.Funds, SchemeFundChangeBody{Source: string(f.Source), Content: f.Content, Before: int64(f.Before), After: int64(f.After)})
	}
	return b
}

// drawingsBeside are the drawings of one version that another has not.
func drawingsBeside(of, other *schemes.Version) []SchemeDrawingBody {
	there, out := map[string]bool{}, []SchemeDrawingBody{}
	for _, d := range other.As.Drawings {
		there[d.FileID] = true
	}
	for _, d := range of.As.Drawings {
		if !there[d.FileID] {
			out = append(out, SchemeDrawingBody(d))
		}
	}
	return out
}

// SchemeSuggestionBody is a suggestion on a scheme, and where it went.
type SchemeSuggestionBody struct {
	SuggestionBody
	NoticeID  string `json:"notice_id" doc:"on which it was made, and is answered"`
	On        int    `json:"scheme_version"`
	AdoptedIn int    `json:"adopted_in_version,omitempty" doc:"the first version published after it was adopted"`
}

// SchemeSuggestion shows a suggestion on a scheme to somebody.
func SchemeSuggestion(caller model.Caller) func(schemes.Heard) SchemeSuggestionBody {
	return func(g schemes.Heard) SchemeSuggestionBody {
		return SchemeSuggestionBody{SuggestionBody: Suggestion(caller)(g.Suggested), NoticeID: g.NoticeID, On: g.On, AdoptedIn: g.AdoptedIn}
	}
}

// SchemeDraftBody is what a version is written from.
type SchemeDraftBody struct {
	SchemeText
	Contents []SchemeEntryBody   `json:"contents,omitempty" maxItems:"200"`
	Funds    []SchemeFundBody    `json:"funds,omitempty" maxItems:"200"`
	Drawings []SchemeDrawingBody `json:"drawings,omitempty" maxItems:"50" doc:"of one's uploads, or of the version before"`
}

// SchemeEntryBody is one content to write.
type SchemeEntryBody struct {
	Code     string `json:"code" minLength:"1" maxLength:"32" doc:"of the catalogue"`
	State    string `json:"state,omitempty" enum:"planned,deferred,sound" doc:"planned unless given: in these works, needed but put off, or sound as it is"`
	Quantity int64  `json:"quantity_hundredths,omitempty" minimum:"0" maximum:"1000000000000" doc:"in hundredths of the unit"`
	Estimate int64  `json:"estimate_fen,omitempty" minimum:"0" maximum:"1000000000000"`
	Note     string `json:"note,omitempty" maxLength:"500"`
}

// Draft reads what a version is written from.
func (b *SchemeDraftBody) Draft(reason string) schemes.Draft {
	d := schemes.Draft{
		Title: b.Title, Coverage: b.Coverage, Focus: b.Focus, Measures: b.Measures, StartsOn: quantity.Date(b.StartsOn), EndsOn: quantity.Date(b.EndsOn), Reason: reason,
	}
	for _, c := range b.Contents {
		state := scheme.State(c.State)
		if state == "" {
			state = scheme.Planned
		}
		d.Lines = append(d.Lines, scheme.Line{Code: c.Code, State: state, Quantity: c.Quantity, Estimate: quantity.Fen(c.Estimate), Note: c.Note})
	}
	for _, f := range b.Funds {
		d.Funds = append(d.Funds, model.SchemeFund{
			Source: model.Source(f.Source), Content: f.Content, Amount: quantity.Fen(f.Amount), Ground: model.FiscalGround(f.Ground), Note: f.Note,
		})
	}
	for _, f := range b.Drawings {
		d.Drawings = append(d.Drawings, model.SchemeDrawing(f))
	}
	return d
}

// SchemeWishBody is a content that a scheme might have, and what speaks for it.
type SchemeWishBody struct {
	Code        string `json:"code"`
	Name        string `json:"name"`
	Part        int    `json:"part"`
	Class       string `json:"class"`
	ClassName   string `json:"class_name"`
	Unit        string `json:"unit"`
	Underground bool   `json:"underground"`
	Safety      bool   `json:"safety"`

	Wish  Maybe[WishBody] `json:"wish" doc:"null when nobody named it"`
	Cases int64           `json:"cases" doc:"complaints of its categories"`
}

// SchemeWish shows a content that a scheme might have.
func SchemeWish(p schemes.Proposal) SchemeWishBody {
	b := SchemeWishBody{
		Code: p.Code, Name: p.Name, Part: p.Part, Class: p.ClassCode, ClassName: p.ClassName, Unit: p.Unit, Underground: p.Underground, Safety: p.Safety, Cases: p.Cases,
	}
	if w := p.Wish; w != nil {
		b.Wish = Some(WishBody{w.Rank, w.Code, w.Label, w.Question, w.Valid, w.Named, figure(w.Share), w.First, w.Points})
	}
	return b
}
