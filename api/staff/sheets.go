package staff

import (
	"context"
	"fmt"
	"io"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

// sheets are the printed papers: made for a stairwell, and entered by their codes.
func (h *handlers) sheets(a *api.API) {
	const tag = "入户与纸质票"
	api.Handle(a, post("/sheets/print", tag, "papers to be signed, one a voter, with a list for each stairwell, A4", model.PrintPapers), h.printSheets)
	api.Handle(a, h.onMotion(get("/motions/{id}/notice.pdf", tag, "the notice of the vote, A4", model.PrintPapers)), h.voteNotice)
	api.Handle(a, h.onMotion(get("/motions/{id}/authorisation.pdf", tag, "a power of attorney to fill in, A4", model.PrintPapers)), h.authorisation)
	show := get("/sheets/{code}", tag, "a printed paper by its code", model.EnterPaper)
	show.Thing = h.findSheet
	api.Handle(a, show, h.showSheet)
	enter := post("/sheets/{code}", tag, "enter all that stands on a printed paper", model.EnterPaper)
	enter.Thing = h.findSheet
	api.Handle(a, enter, h.enterSheet)
}

type foundSheet struct {
	sheet *model.Sheet
	lines []voting.SheetLine
}

func (h *handlers) findSheet(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	sheet, lines, err := h.Voting.Sheet(ctx, caller, param("code"))
	return foundSheet{sheet, lines}, err
}

func (h *handlers) printSheets(ctx context.Context, in *struct {
	Body struct {
		MotionIDs []string `json:"motion_ids" minItems:"1" maxItems:"5" uniqueItems:"true"`
		Building  string   `json:"building,omitempty" maxLength:"64"`
		Unit      string   `json:"unit,omitempty" maxLength:"64"`
	}
}) (*api.File, error) {
	return api.Save("application/pdf", "papers.pdf", func(w io.Writer) error {
		return h.Forms.Print(ctx, api.Caller(ctx), voting.Printing{MotionIDs: in.Body.MotionIDs, Building: in.Body.Building, Unit: in.Body.Unit}, w)
	})
}

func (h *handlers) voteNotice(ctx context.Context, in *MotionPath) (*api.File, error) {
	return api.Save("application/pdf", "notice-"+in.ID+".pdf", func(w io.Writer) error {
		return h.Voting.NoticeOf(ctx, api.Found[*model.Motion](ctx), w)
	})
}

func (h *handlers) authorisation(ctx context.Context, in *MotionPath) (*api.File, error) {
	return api.Save("application/pdf", "authorisation-"+in.ID+".pdf", func(w io.Writer) error {
		return h.Voting.AuthorisationOf(ctx, api.Found[*model.Motion](ctx), w)
	})
}

type printedBody struct {
	Code      string            `json:"code"`
	PrintedAt time.Time         `json:"printed_at"`
	Lines     []printedLineBody `json:"lines"`
}

type printedLineBody struct {
	MotionID      string         `json:"motion_id"`
	Title         string         `json:"title"`
	Status        string         `json:"status"`
	Items         []itemBody     `json:"items"`
	VoterID       string         `json:"voter_id"`
	OwnersMasked  string         `json:"owners_masked"`
	Properties    []propertyBody `json:"properties"`
	Area          api.Area       `json:"area_m2"`
	Participation string         `json:"participation" enum:"none,online,paper,proxy"`
	Unconfirmed   bool           `json:"unconfirmed"`
	Conflict      bool           `json:"conflict"`

	Survey *api.Questionnaire `json:"survey,omitempty" doc:"asked on the same form"`
}

func (h *handlers) showSheet(ctx context.Context, _ *struct {
	Code string `path:"code"`
}) (_ *api.Body[printedBody], err error) {
	found := api.Found[foundSheet](ctx)
	body := printedBody{Code: found.sheet.Code, PrintedAt: api.Time(found.sheet.PrintedAt), Lines: []printedLineBody{}}
	for _, l := range found.lines {
		line := printedLineBody{
			MotionID: l.Motion.ID, Title: l.Motion.Title, Status: string(l.Motion.StatusAt(h.Voting.Now())), Items: []itemBody{},
			VoterID: l.Voter.ID, OwnersMasked: l.Voter.OwnersMasked, Properties: []propertyBody{}, Area: api.Area(l.Voter.Area),
			Participation: string(voting.ParticipationOf(&l.Voter)), Unconfirmed: l.Voter.Unconfirmed > 0, Conflict: l.Voter.OpenConflict > 0,
		}
		for _, i := range l.Motion.Items {
			line.Items = append(line.Items, itemBody(i))
		}
		for _, p := range l.Homes {
			line.Properties = append(line.Properties, propertyBody{ID: p.PropertyID, Label: p.Label})
		}
		if line.Survey, err = h.questionnaire(ctx, l.Motion.ID); err != nil {
			return nil, err
		}
		body.Lines = append(body.Lines, line)
	}
	return api.Answer(body), nil
}

func (h *handlers) questionnaire(ctx context.Context, motionID string) (*api.Questionnaire, error) {
	v, err := h.Forms.Of(ctx, motionID)
	if err != nil {
		return nil, err
	}
	return api.QuestionnaireOf(v)
}

type entryBody struct {
	MotionID      string   `json:"motion_id" minLength:"1" maxLength:"64"`
	Choice        string   `json:"choice" enum:"agree,oppose,abstain,invalid"`
	Items         []string `json:"items,omitempty" maxItems:"50"`
	InvalidReason string   `json:"invalid_reason,omitempty" enum:"spoiled,unsigned,not_owner,no_authority,late,forged"`
	api.FilledIn
}

type enteredSheetBody struct {
	Entries []enteredLineBody `json:"entries"`
}

type enteredLineBody struct {
	MotionID string `json:"motion_id"`
	VoterID  string `json:"voter_id"`
	Standing string `json:"standing" enum:"counted,unconfirmed,conflict,invalid"`
}

func (h *handlers) enterSheet(ctx context.Context, in *struct {
	Code string `path:"code"`
	Body struct {
		Channel    string      `json:"channel" enum:"paper,proxy"`
		SignedOn   string      `json:"signed_on" format:"date"`
		ReceivedAt *time.Time  `json:"received_at,omitempty"`
		Proxy      *proxyBody  `json:"proxy,omitempty"`
		Entries    []entryBody `json:"entries" minItems:"1" maxItems:"5"`
		Scans      []string    `json:"scan_file_ids,omitempty" maxItems:"20"`
		Reason     string      `json:"reason,omitempty" maxLength:"500" doc:"why an earlier entry is changed"`
	}
}) (*api.Body[enteredSheetBody], error) {
	found := api.Found[foundSheet](ctx)
	voters := map[string]string{}
	for _, l := range found.lines {
		voters[l.Motion.ID] = l.Voter.ID
	}
	entries := make([]voting.Paper, 0, len(in.Body.Entries))
	body := enteredSheetBody{}
	for i, e := range in.Body.Entries {
		voter, on := voters[e.MotionID]
		if !on {
			return nil, fault.Unknown(fmt.Sprintf("body.entries[%d].motion_id", i), "这张纸上没有这个事项，或者填写了两次")
		}
		delete(voters, e.MotionID)
		p := voting.Paper{
			MotionID: e.MotionID, VoterID: voter, Channel: vote.Channel(in.Body.Channel), Choice: vote.Choice(e.Choice), Items: e.Items,
			InvalidReason: model.InvalidReason(e.InvalidReason), SignedOn: quantity.Date(in.Body.SignedOn), ReceivedAt: in.Body.ReceivedAt, Reason: in.Body.Reason,
		}
		if in.Body.Proxy != nil {
			p.Proxy = in.Body.Proxy.proxy()
		}
		var err error
		if p.Form, err = h.Forms.Paper(ctx, e.MotionID, p.Choice, e.Filled()); err != nil {
			return nil, voting.Within(err, i)
		}
		entries = append(entries, p)
		body.Entries = append(body.Entries, enteredLineBody{MotionID: e.MotionID, VoterID: voter})
	}
	standings, err := h.Voting.EnterSheet(ctx, api.Caller(ctx), found.sheet, entries, in.Body.Scans)
	if err != nil {
		return nil, err
	}
	for i, s := range standings {
		body.Entries[i].Standing = string(s)
	}
	return api.Answer(body), nil
}
