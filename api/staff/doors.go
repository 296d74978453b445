package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/voting"
)

// doors are what is known of a voter's door beside the vote: visits and
// deliveries, and who of the grid looks after which building.
func (h *handlers) doors(a *api.API) {
	const tag = "入户与纸质票"
	visit := post("/motions/{id}/voters/{voter_id}/visits", tag, "note what came of a visit", model.VisitDoors)
	visit.Status = http.StatusCreated
	api.Handle(a, h.onVoter(visit), h.visit)
	deliver := post("/motions/{id}/voters/{voter_id}/deliveries", tag, "note that the ballot was handed over or posted", model.VisitDoors)
	deliver.Status = http.StatusCreated
	api.Handle(a, h.onVoter(deliver), h.deliver)
	api.Handle(a, h.onVoter(get("/motions/{id}/voters/{voter_id}/contacts", tag, "visits and deliveries at a door", model.VisitDoors)), h.contacts)
	api.Handle(a, h.onMotion(get("/motions/{id}/doors", tag, "a building door by door", model.ReadVoters)), h.doorPlan)
	api.Handle(a, get("/grid-members", tag, "the grid of one's area, with its buildings", model.AssignGrid), h.listGrid)
	assign := route(http.MethodPut, "/grid-members/{id}/buildings", tag, "give a member of the grid the buildings to look after", model.AssignGrid)
	assign.Thing = api.Named(h.Voting.InGrid)
	api.Handle(a, assign, h.assignGrid)
}

type visitedBody struct {
	ID     string    `json:"id"`
	Result string    `json:"result" enum:"nobody_home,left_form,refused,moved,met"`
	Note   string    `json:"note"`
	At     time.Time `json:"at"`
}

func visited(v model.DoorVisit) visitedBody {
	return visitedBody{ID: v.ID, Result: string(v.Result), Note: v.Note, At: api.Time(v.At)}
}

func (h *handlers) visit(ctx context.Context, in *struct {
	VoterPath
	Body struct {
		Result string `json:"result" enum:"nobody_home,left_form,refused,moved,met"`
		Note   string `json:"note,omitempty" maxLength:"200"`
	}
}) (*api.Body[visitedBody], error) {
	v, err := h.Voting.Visit(ctx, api.Caller(ctx), api.Found[*model.Motion](ctx), in.VoterID, model.VisitResult(in.Body.Result), in.Body.Note)
	if err != nil {
		return nil, err
	}
	v.Note = in.Body.Note
	return api.Answer(visited(*v)), nil
}

type deliveredBody struct {
	ID     string    `json:"id"`
	Way    string    `json:"way" enum:"opened,message,handed,posted"`
	Proven bool      `json:"proven"`
	At     time.Time `json:"at"`
}

func delivered(d model.Delivery) deliveredBody {
	return deliveredBody{ID: d.ID, Way: string(d.Way), Proven: d.Proven, At: api.Time(d.At)}
}

func (h *handlers) deliver(ctx context.Context, in *struct {
	VoterPath
	Body struct {
		Way   string   `json:"way" enum:"handed,posted"`
		Files []string `json:"file_ids,omitempty" maxItems:"10" doc:"the signature, or a picture of what was posted"`
	}
}) (*api.Body[deliveredBody], error) {
	d, err := h.Voting.Deliver(ctx, api.Caller(ctx), api.Found[*model.Motion](ctx), in.VoterID, model.DeliveryWay(in.Body.Way), in.Body.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(delivered(*d)), nil
}

type contactsBody struct {
	Visits     []visitedBody   `json:"visits"`
	Deliveries []deliveredBody `json:"deliveries"`
}

func (h *handlers) contacts(ctx context.Context, in *VoterPath) (*api.Body[contactsBody], error) {
	reached, err := h.Voting.ReachedOf(ctx, in.ID, []string{in.VoterID})
	if err != nil {
		return nil, err
	}
	body := contactsBody{Visits: []visitedBody{}, Deliveries: []deliveredBody{}}
	for _, v := range reached[in.VoterID].Visits {
		body.Visits = append(body.Visits, visited(v))
	}
	for _, d := range reached[in.VoterID].Deliveries {
		body.Deliveries = append(body.Deliveries, delivered(d))
	}
	return api.Answer(body), nil
}

type gridBody struct {
	ID        string             `json:"id"`
	Username  string             `json:"username"`
	Buildings []gridBuildingBody `json:"buildings"`
}

type gridBuildingBody struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Estate string `json:"estate"`
}

func (h *handlers) listGrid(ctx context.Context, _ *struct{}) (*api.Body[api.List[gridBody]], error) {
	members, err := h.Voting.Grid(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(members, func(m voting.GridMember) gridBody {
		body := gridBody{ID: m.ID, Username: m.Username, Buildings: []gridBuildingBody{}}
		for _, b := range m.Buildings {
			body.Buildings = append(body.Buildings, gridBuildingBody(b))
		}
		return body
	})), nil
}

func (h *handlers) assignGrid(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Buildings []string `json:"building_ids" maxItems:"500"`
	}
}) (*api.Body[api.List[gridBody]], error) {
	if err := h.Voting.Assign(ctx, api.Caller(ctx), api.Found[*model.Staff](ctx), in.Body.Buildings); err != nil {
		return nil, err
	}
	return h.listGrid(ctx, nil)
}
