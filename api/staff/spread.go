package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/doorcode"
	"gongdi/service/identity"
	"gongdi/service/notices"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// doorsOf asks for a page of the doors that are still to be reminded.
type doorsOf struct {
	Building, Unit string
	Offset, Limit  int
}

// spread helps to spread word of a thing whose routes lie under a path: what
// it says, and who has still to be reminded. The thing has been found by its
// route.
type spread struct {
	path, tag string
	right     model.Right
	under     func(api.Route) api.Route
	word      func(ctx context.Context) (doorcode.Word, error)
	left      func(ctx context.Context, of doorsOf) ([]document.Reminder, int64, error)
}

func (h *handlers) spreads(a *api.API) {
	h.spread(a, spread{
		path: "/motions/{id}", tag: "表决管理", right: model.ReadVoters, under: h.onMotion,
		word: func(ctx context.Context) (doorcode.Word, error) { return h.Voting.Word(api.Found[*model.Motion](ctx)) },
		left: func(ctx context.Context, of doorsOf) ([]document.Reminder, int64, error) {
			return h.Voting.ToRemind(ctx, api.Caller(ctx), api.Found[*model.Motion](ctx),
				voting.Doors{Building: of.Building, Unit: of.Unit, Offset: of.Offset, Limit: of.Limit})
		},
	})
	h.spread(a, spread{
		path: "/notices/{id}", tag: noticesTag, right: model.ReadNotices, under: h.onNotice,
		word: func(ctx context.Context) (doorcode.Word, error) {
			return h.Notices.Word(api.Found[*model.Notice](ctx))
		},
		left: func(ctx context.Context, of doorsOf) ([]document.Reminder, int64, error) {
			return h.Notices.ToRemind(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx),
				notices.Readers{Building: of.Building, Unit: of.Unit, Offset: of.Offset, Limit: of.Limit})
		},
	})
}

func (h *handlers) spreadSurveys(a *api.API) {
	h.spread(a, spread{
		path: "/surveys/{id}", tag: surveysTag, right: model.EnterSurveys, under: h.onSurvey,
		word: func(ctx context.Context) (doorcode.Word, error) {
			return h.Surveys.Word(api.Found[*model.Survey](ctx))
		},
		left: func(ctx context.Context, of doorsOf) ([]document.Reminder, int64, error) {
			return h.Surveys.ToRemind(ctx, api.Caller(ctx), api.Found[*model.Survey](ctx),
				surveys.DoorsAsked{Building: of.Building, Unit: of.Unit, Offset: of.Offset, Limit: of.Limit})
		},
	})
}

// spread puts the four calls under a thing.
func (h *handlers) spread(a *api.API, s spread) {
	api.Handle(a, s.under(get(s.path+"/kit", s.tag, "a ready-made text with its link, for the stairwell's chat group", s.right)), s.kit(h.Codes))
	api.Handle(a, s.under(get(s.path+"/poster.pdf", s.tag, "a poster with the code, A4", s.right)), s.poster(h.Codes))
	api.Handle(a, s.under(get(s.path+"/reminders", s.tag, "doors still to be reminded, in walking order; the grid sees its own buildings", s.right)), s.reminders)
	api.Handle(a, s.under(get(s.path+"/reminders.xlsx", s.tag, "doors still to be reminded, as a workbook for who looks after a building", s.right)), s.reminderBook(h.Identity))
}

// SpreadPath names what word is spread of.
type SpreadPath struct {
	ID string `path:"id"`
}

// SpreadDoors narrows doors to a building or a unit.
type SpreadDoors struct {
	Building string `query:"building" maxLength:"64"`
	Unit     string `query:"unit" maxLength:"64"`
}

type kitBody struct {
	Text  string `json:"text"`
	Link  string `json:"link" doc:"opens the mini-program for 30 days; empty while none can be made"`
	Scene string `json:"scene"`
}

func (s spread) kit(codes *doorcode.Service) func(context.Context, *SpreadPath) (*api.Body[kitBody], error) {
	return func(ctx context.Context, _ *SpreadPath) (*api.Body[kitBody], error) {
		w, err := s.word(ctx)
		if err != nil {
			return nil, err
		}
		return api.Answer(kitBody(codes.KitOf(ctx, w))), nil
	}
}

func (s spread) poster(codes *doorcode.Service) func(context.Context, *SpreadPath) (*api.File, error) {
	return func(ctx context.Context, in *SpreadPath) (*api.File, error) {
		w, err := s.word(ctx)
		if err != nil {
			return nil, err
		}
		return api.Save("application/pdf", "poster-"+in.ID+".pdf", func(out io.Writer) error { return codes.Poster(ctx, w, out) })
	}
}

type reminderBody struct {
	Building string `json:"building"`
	Unit     string `json:"unit"`
	Homes    string `json:"homes"`
	Who      string `json:"owners_masked,omitempty"`
}

func (s spread) reminders(ctx context.Context, in *struct {
	SpreadPath
	api.Page
	SpreadDoors
}) (*api.Body[api.List[reminderBody]], error) {
	rows, total, err := s.left(ctx, doorsOf{in.Building, in.Unit, in.Offset(), in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(r document.Reminder) reminderBody { return reminderBody(r) })), nil
}

type reminderBookIn struct {
	SpreadPath
	SpreadDoors
}

// doorsAtOnce is how many doors are read for a workbook at a time.
const doorsAtOnce = 1000

func (s spread) reminderBook(makers *identity.Service) func(context.Context, *reminderBookIn) (*api.File, error) {
	return func(ctx context.Context, in *reminderBookIn) (*api.File, error) {
		var all []document.Reminder
		for {
			rows, total, err := s.left(ctx, doorsOf{in.Building, in.Unit, len(all), doorsAtOnce})
			if err != nil {
				return nil, err
			}
			all = append(all, rows...)
			if len(rows) == 0 || int64(len(all)) >= total {
				break
			}
		}
		from, err := makers.Maker(ctx, api.Caller(ctx))
		if err != nil {
			return nil, err
		}
		return api.Save(sheetType, "reminders-"+in.ID+".xlsx", func(w io.Writer) error { return document.Reminders(w, all, from) })
	}
}
