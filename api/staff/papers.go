package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/voting"
)

// papers are the log of papers that came in, their second check, and conflicts
// that are settled in person.
func (h *handlers) papers(a *api.API) {
	const tag = "入户与纸质票"
	api.Handle(a, h.onVoter(post("/motions/{id}/ballots/{voter_id}/conflict", tag, "an owner's word, given before two named people, on a paper that differs from the phone", model.CheckPaper)), h.settleConflict)
	api.Handle(a, h.onVoter(post("/motions/{id}/ballots/{voter_id}/retraction", tag, "take back a paper that was entered for the wrong voter; what it displaced stands again", model.CheckPaper)), h.retractPaper)
	api.Handle(a, h.onMotion(get("/motions/{id}/papers", tag, "the papers that wait for their second check", model.CheckPaper)), h.papersToCheck)
	api.Handle(a, h.onMotion(post("/motions/{id}/confirmations", tag, "confirm other people's entries in a batch", model.CheckPaper)), h.checkPapers)
	api.Handle(a, h.onVoter(get("/motions/{id}/ballots/{voter_id}/scans/{file_id}", tag, "a scan of a voter's paper", model.CheckPaper)), h.scan)
	receive := post("/motions/{id}/receipts", tag, "note that papers came in", model.EnterPaper)
	receive.Status = http.StatusCreated
	api.Handle(a, h.onMotion(receive), h.receivePapers)
	api.Handle(a, h.onMotion(post("/motions/{id}/receipts/{receipt_id}/strike", tag, "take a slip out of the log's sums; it stays listed, with the reason", model.CheckPaper)), h.strikeReceipt)
	api.Handle(a, h.onMotion(get("/motions/{id}/receipts", tag, "the log of papers that came in", model.CheckPaper)), h.receivedPapers)
	api.Handle(a, h.onMotion(get("/motions/{id}/scrutineers", tag, "the owners named to check papers", model.ConductMotions)), h.scrutineers)
	name := post("/motions/{id}/scrutineers", tag, "name an owner to check papers", model.ConductMotions)
	name.Status = http.StatusCreated
	api.Handle(a, h.onMotion(name), h.nameScrutineer)
	api.Handle(a, h.onMotion(route(http.MethodDelete, "/motions/{id}/scrutineers/{resident_id}", tag, "end a scrutineer's part", model.ConductMotions)), h.dismissScrutineer)
}

func (h *handlers) settleConflict(ctx context.Context, in *struct {
	VoterPath
	Body struct {
		Stands    string   `json:"stands" enum:"paper,phone"`
		Witnesses []string `json:"witnesses" minItems:"2" maxItems:"4" doc:"names of who was present"`
	}
}) (*api.Body[standingBody], error) {
	return standing(in.VoterID)(h.Voting.SettleInPerson(ctx, api.Caller(ctx), in.ID, in.VoterID, voting.Which(in.Body.Stands), in.Body.Witnesses))
}

type retractedBody struct {
	VoterID       string `json:"voter_id"`
	Participation string `json:"participation" enum:"none,online,paper,proxy"`
	Unconfirmed   bool   `json:"unconfirmed"`
	Conflict      bool   `json:"conflict"`
}

func (h *handlers) retractPaper(ctx context.Context, in *struct {
	VoterPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[retractedBody], error) {
	row, err := h.Voting.Retract(ctx, api.Caller(ctx), in.ID, in.VoterID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.Answer(retractedBody{
		VoterID: in.VoterID, Participation: string(voting.ParticipationOf(row)), Unconfirmed: row.Unconfirmed > 0, Conflict: row.OpenConflict > 0,
	}), nil
}

func (h *handlers) papersToCheck(ctx context.Context, in *struct {
	MotionPath
	api.Page
}) (*api.Body[api.List[api.WaitingPaper]], error) {
	papers, total, err := h.Voting.ToCheck(ctx, in.ID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(papers, total, api.WaitingPaperOf)), nil
}

func (h *handlers) checkPapers(ctx context.Context, in *struct {
	MotionPath
	Body api.Confirmations
}) (*api.Body[api.List[api.Checked]], error) {
	checked, err := h.Voting.ConfirmAll(ctx, api.Caller(ctx), in.ID, in.Body.VoterIDs)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.CheckedOf(checked)), nil
}

func (h *handlers) scan(ctx context.Context, in *struct {
	VoterPath
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	about, err := h.Voting.Scan(ctx, in.ID, in.VoterID, in.FileID)
	if err != nil {
		return nil, err
	}
	f, content, err := in.Show(ctx, h.Files, about, in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

type receiptBody struct {
	ID         string    `json:"id"`
	Way        string    `json:"way" enum:"box,visit,counter,post"`
	Place      string    `json:"place"`
	Sheets     int       `json:"sheets"`
	Collectors []string  `json:"collectors"`
	ReceivedAt time.Time `json:"received_at"`
	NotedAt    time.Time `json:"noted_at"`
	// Struck says why the line is a slip that does not count.
	Struck string `json:"struck,omitempty"`
}

func receiptOf(r voting.Received) receiptBody {
	return receiptBody{
		ID: r.ID, Way: r.Way, Place: r.Place, Sheets: r.Sheets, Collectors: append([]string{}, r.Names...),
		ReceivedAt: api.Time(r.ReceivedAt), NotedAt: api.Time(r.At), Struck: r.StruckReason,
	}
}

func (h *handlers) receivePapers(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		Way        string    `json:"way" enum:"box,visit,counter,post"`
		Place      string    `json:"place" minLength:"1" maxLength:"200"`
		Sheets     int       `json:"sheets" minimum:"1" maximum:"100000"`
		Collectors []string  `json:"collectors" minItems:"1" maxItems:"6" doc:"names of who took them"`
		ReceivedAt time.Time `json:"received_at"`
	}
}) (*api.Body[receiptBody], error) {
	r, err := h.Voting.Receive(ctx, api.Caller(ctx), voting.Intake{
		MotionID: in.ID, Way: in.Body.Way, Place: in.Body.Place, Sheets: in.Body.Sheets,
		Collectors: in.Body.Collectors, ReceivedAt: in.Body.ReceivedAt,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(receiptOf(voting.Received{PaperReceipt: *r, Names: in.Body.Collectors})), nil
}

func (h *handlers) strikeReceipt(ctx context.Context, in *struct {
	MotionPath
	ReceiptID string `path:"receipt_id"`
	Body      struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[receiptBody], error) {
	line, err := h.Voting.Strike(ctx, api.Caller(ctx), in.ID, in.ReceiptID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.Answer(receiptOf(*line)), nil
}

func (h *handlers) receivedPapers(ctx context.Context, in *MotionPath) (*api.Body[api.List[receiptBody]], error) {
	rows, err := h.Voting.IntakeOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, receiptOf)), nil
}

type scrutineerBody struct {
	ResidentID string    `json:"resident_id"`
	Name       string    `json:"name"`
	NamedAt    time.Time `json:"named_at"`
}

func (h *handlers) scrutineers(ctx context.Context, in *MotionPath) (*api.Body[api.List[scrutineerBody]], error) {
	rows, err := h.Voting.ScrutineersOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(s voting.NamedScrutineer) scrutineerBody {
		return scrutineerBody{ResidentID: s.ResidentID, Name: s.FullName, NamedAt: api.Time(s.NamedAt)}
	})), nil
}

func (h *handlers) nameScrutineer(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		BindingID string `json:"binding_id" minLength:"1" maxLength:"26" doc:"a verified owner's binding to a home on the roll"`
	}
}) (*api.Body[api.List[scrutineerBody]], error) {
	if err := h.Voting.Name(ctx, api.Caller(ctx), in.ID, in.Body.BindingID); err != nil {
		return nil, err
	}
	return h.scrutineers(ctx, &in.MotionPath)
}

func (h *handlers) dismissScrutineer(ctx context.Context, in *struct {
	MotionPath
	ResidentID string `path:"resident_id"`
}) (*struct{}, error) {
	return nil, h.Voting.Dismiss(ctx, api.Caller(ctx), in.ID, in.ResidentID)
}
