package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/notices"
)

const noticesTag = "公告公示"

func (h *handlers) notices(a *api.API) {
	write := post("/notices", noticesTag, "write a notice", model.WriteNotices)
	write.Status = http.StatusCreated
	api.Handle(a, write, h.writeNotice)
	api.Handle(a, get("/notices", noticesTag, "the notices of one's area, and of the street", model.ReadNotices), h.listNotices)
	api.Handle(a, h.onNotice(get("/notices/{id}", noticesTag, "a notice, and how far it has come", model.ReadNotices)), h.showNotice)
	api.Handle(a, h.onNotice(route(http.MethodPut, "/notices/{id}", noticesTag, "rewrite a draft", model.WriteNotices)), h.rewriteNotice)
	api.Handle(a, h.onNotice(gone("/notices/{id}", noticesTag, "delete a draft", model.WriteNotices)), h.discardNotice)
	api.Handle(a, h.onNotice(get("/notices/{id}/files/{file_id}", noticesTag, "an attachment, a picture of a posted sheet, a paper of an objection", model.ReadNotices)), h.noticeFile)
	h.noticeStages(a)
	h.readers(a)
	h.publicity(a)
	h.objections(a)
	h.suggestions(a)
}

// onNotice puts a route under a notice of the caller's area; to read, also
// under one of the street that reaches it.
func (h *handlers) onNotice(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		if r.Right == model.ReadNotices {
			return h.Notices.Shown(ctx, caller, param("id"))
		}
		return h.Notices.Of(ctx, caller, param("id"))
	}
	return r
}

type thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error)

// under narrows a notice's route to something that belongs to it.
func (h *handlers) under(of thing, has func(context.Context, *model.Notice, func(string) string) error) thing {
	return func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		found, err := of(ctx, caller, param)
		if err != nil {
			return nil, err
		}
		n, _ := found.(*model.Notice)
		return n, has(ctx, n, param)
	}
}

type noticeDraft struct {
	Kind     string           `json:"kind" minLength:"1" maxLength:"24" doc:"announcement, publicity, policy, works, outage, meeting, or 公告, 公示, 政策解读, 施工通知, 停水停电通知, 动员会通知"`
	Subject  string           `json:"subject,omitempty" maxLength:"24" doc:"of a publicity period: vote, lift_scheme, renovation_scheme, result, other"`
	Title    string           `json:"title" minLength:"1" maxLength:"100"`
	Body     string           `json:"body" minLength:"1" maxLength:"20000" doc:"Markdown"`
	Audience api.AudienceBody `json:"audience"`
	Days     int              `json:"publicity_days,omitempty" minimum:"0" maximum:"366" doc:"the least that the subject has when left out"`
	About    *api.AboutBody   `json:"about,omitempty"`
	From     *time.Time       `json:"from,omitempty"`
	Until    *time.Time       `json:"until,omitempty"`
	Pinned   bool             `json:"pinned,omitempty"`
	Urgent   bool             `json:"urgent,omitempty"`
	Files    []string         `json:"file_ids,omitempty" maxItems:"20"`

	Picture    string `json:"picture_id,omitempty" maxLength:"26" doc:"an upload that is shown large"`
	Neighbours *bool  `json:"neighbours,omitempty" doc:"of a publicity period in a unit or building: whether the owners of the rest of the building or estate may read it and object; those of a lift may unless this says no"`
}

func (d noticeDraft) draft() (notices.Draft, error) {
	kind, known := model.NoticeKinds[d.Kind]
	if !known {
		return notices.Draft{}, fault.Unknown("body.kind", "没有这种公告")
	}
	draft := notices.Draft{
		Kind: kind, Subject: d.Subject, Title: d.Title, Body: d.Body, AudienceType: model.AudienceType(d.Audience.Type), AudienceID: d.Audience.ID,
		PublicityDays: d.Days, From: d.From, Until: d.Until, Pinned: d.Pinned, Urgent: d.Urgent, Files: d.Files, Picture: d.Picture, Neighbours: d.Neighbours,
	}
	if d.About != nil {
		draft.AboutType, draft.AboutID, draft.AboutVersion = d.About.Type, d.About.ID, d.About.Version
	}
	return draft, nil
}

func (h *handlers) noticed(n *model.Notice, err error) (*api.Body[api.NoticeBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(api.Notice(n, h.Notices.Now())), nil
}

func (h *handlers) writeNotice(ctx context.Context, in *struct{ Body noticeDraft }) (*api.Body[api.NoticeBody], error) {
	draft, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	return h.noticed(h.Notices.Write(ctx, api.Caller(ctx), draft))
}

// NoticePath names a notice.
type NoticePath struct {
	ID string `path:"id"`
}

func (h *handlers) rewriteNotice(ctx context.Context, in *struct {
	NoticePath
	Body noticeDraft
}) (*api.Body[api.NoticeBody], error) {
	draft, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	return h.noticed(h.Notices.Rewrite(ctx, api.Caller(ctx), in.ID, draft))
}

func (h *handlers) discardNotice(ctx context.Context, in *NoticePath) (*api.Nothing, error) {
	return nil, h.Notices.Discard(ctx, api.Caller(ctx), in.ID)
}

func (h *handlers) listNotices(ctx context.Context, in *struct {
	api.Page
	Kind string `query:"kind" enum:"announcement,publicity,policy,works,outage,meeting"`
}) (*api.Body[api.List[api.NoticeBody]], error) {
	rows, total, err := h.Notices.ForStaff(ctx, api.Caller(ctx), notices.Listing{Kind: model.NoticeKind(in.Kind), Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(n model.Notice) api.NoticeBody { return api.Notice(&n, h.Notices.Now()) })), nil
}

type officeNotice struct {
	api.NoticeBody
	Homes      int64 `json:"households"`
	Read       int64 `json:"households_read"`
	Confirmed  int64 `json:"households_confirmed"`
	InPerson   int64 `json:"households_told_in_person"`
	Told       int   `json:"residents_told" doc:"by message, of the latest version"`
	AllTold    bool  `json:"all_told"`
	Reviewed   bool  `json:"reviewed"`
	Objections int   `json:"objections"`

	Versions []api.VersionBody `json:"versions"`
	Postings []postingBody     `json:"postings" doc:"where its sheet hung"`
	Proposed *proposedBody     `json:"revision,omitempty" doc:"a material edit that waits for review"`
}

type proposedBody struct {
	Title  string   `json:"title"`
	Body   string   `json:"body"`
	Reason string   `json:"reason"`
	Files  []string `json:"file_ids"`
}

func (h *handlers) showNotice(ctx context.Context, in *NoticePath) (*api.Body[officeNotice], error) {
	n := api.Found[*model.Notice](ctx)
	reach, err := h.Notices.ReachOf(ctx, api.Caller(ctx), n)
	if err != nil {
		return nil, err
	}
	progress, err := h.Notices.ProgressOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	objections, err := h.Notices.ObjectionCount(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := officeNotice{
		NoticeBody: api.Notice(n, h.Notices.Now()), Homes: reach.Homes, Read: reach.Read, Confirmed: reach.Confirmed, InPerson: reach.Told,
		Told: progress.Told, AllTold: progress.Done, Reviewed: n.ReviewedBy != "", Objections: objections,
	}
	err = h.withHistory(ctx, n, &body)
	return api.Answer(body), err
}

// withHistory adds the versions, posted sheets, and an edit that waits.
func (h *handlers) withHistory(ctx context.Context, n *model.Notice, to *officeNotice) error {
	versions, err := h.Notices.Versions(ctx, n.ID)
	if err != nil {
		return err
	}
	to.Versions = api.Versions(versions)
	postings, err := h.Notices.Postings(ctx, n.ID)
	if err != nil {
		return err
	}
	to.Postings = []postingBody{}
	for _, p := range postings {
		to.Postings = append(to.Postings, posting(p))
	}
	r, err := h.Notices.RevisionOf(ctx, n.ID)
	if r != nil {
		to.Proposed = &proposedBody{Title: r.Title, Body: r.Body, Reason: r.Reason, Files: r.Files.IDs()}
	}
	return err
}

func (h *handlers) noticeFile(ctx context.Context, in *struct {
	NoticePath
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	about, err := h.Notices.FileAbout(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx), in.FileID)
	if err != nil {
		return nil, err
	}
	f, content, err := in.Show(ctx, h.Files, about, in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
