package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/notices"
)

func (h *handlers) readers(a *api.API) {
	api.Handle(a, h.onNotice(get("/notices/{id}/readers", noticesTag, "who knows of it, by household; the grid sees its own buildings", model.ReadNotices)), h.listReaders)
	api.Handle(a, h.onNotice(get("/notices/{id}/readers/units", noticesTag, "how many have still to be told, unit by unit", model.ReadNotices)), h.listUnitReach)
	tell := h.onNotice(post("/notices/{id}/readers", noticesTag, "households that were told in person", model.ReadNotices))
	tell.Status = http.StatusNoContent
	api.Handle(a, tell, h.tellInPerson)
}

type readerBody struct {
	PropertyID  string     `json:"property_id"`
	Label       string     `json:"label"`
	Building    string     `json:"building"`
	Unit        string     `json:"unit"`
	ReadAt      *time.Time `json:"read_at,omitempty"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
	ToldAt      *time.Time `json:"told_in_person_at,omitempty"`
}

func (h *handlers) listReaders(ctx context.Context, in *struct {
	NoticePath
	api.Page
	Missing  bool   `query:"missing" doc:"only those who have still to be told"`
	Building string `query:"building" maxLength:"64"`
	Unit     string `query:"unit" maxLength:"64"`
}) (*api.Body[api.List[readerBody]], error) {
	rows, total, err := h.Notices.ReadersOf(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx), notices.Readers{
		Missing: in.Missing, Building: in.Building, Unit: in.Unit, Offset: in.Offset(), Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(r notices.Reader) readerBody {
		return readerBody{
			PropertyID: r.PropertyID, Label: r.Label, Building: r.Building, Unit: r.Unit,
			ReadAt: api.TimeOf(r.ReadAt), ConfirmedAt: api.TimeOf(r.ConfirmedAt), ToldAt: api.TimeOf(r.ToldAt),
		}
	})), nil
}

func (h *handlers) tellInPerson(ctx context.Context, in *struct {
	NoticePath
	Body struct {
		Homes []string `json:"property_ids" minItems:"1" maxItems:"200"`
	}
}) (*api.Nothing, error) {
	return nil, h.Notices.TellInPerson(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx), in.Body.Homes)
}

type unitReachBody struct {
	Estate   string `json:"estate"`
	Building string `json:"building"`
	Unit     string `json:"unit"`
	Homes    int64  `json:"households"`
	Missing  int64  `json:"missing" doc:"neither read nor told in person"`
}

func (h *handlers) listUnitReach(ctx context.Context, _ *NoticePath) (*api.Body[api.List[unitReachBody]], error) {
	rows, err := h.Notices.ReachByUnit(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(r notices.UnitReach) unitReachBody { return unitReachBody(r) })), nil
}
