package staff

import (
	"context"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/voting"
)

type doorPlanBody struct {
	Building  string         `json:"building"`
	Buildings []string       `json:"buildings" doc:"those that may be asked for, in walking order"`
	Units     []doorUnitBody `json:"units"`
}

type doorUnitBody struct {
	Unit   string          `json:"unit"`
	Floors []doorFloorBody `json:"floors" doc:"the top floor first"`
}

type doorFloorBody struct {
	Floor *int           `json:"floor" nullable:"true" doc:"null for the homes whose floor is not known"`
	Homes []doorHomeBody `json:"homes"`
}

type doorHomeBody struct {
	PropertyID string `json:"property_id"`
	Label      string `json:"label"`
	State      string `json:"state" enum:"took_part,unconfirmed,visited,nobody_home,delivered,none" doc:"never what was chosen"`
}

func (h *handlers) doorPlan(ctx context.Context, in *struct {
	MotionPath
	Building string `query:"building" maxLength:"64" doc:"the first one when left out"`
}) (*api.Body[doorPlanBody], error) {
	plan, err := h.Voting.Doors(ctx, api.Caller(ctx), api.Found[*model.Motion](ctx), in.Building)
	if err != nil {
		return nil, err
	}
	body := doorPlanBody{Building: plan.Building, Buildings: append([]string{}, plan.Buildings...), Units: []doorUnitBody{}}
	for _, u := range plan.Units {
		body.Units = append(body.Units, doorUnit(u))
	}
	return api.Answer(body), nil
}

func doorUnit(u voting.DoorUnit) doorUnitBody {
	out := doorUnitBody{Unit: u.Unit, Floors: []doorFloorBody{}}
	for _, f := range u.Floors {
		floor := doorFloorBody{Floor: f.Floor, Homes: []doorHomeBody{}}
		for _, home := range f.Homes {
			floor.Homes = append(floor.Homes, doorHomeBody{PropertyID: home.PropertyID, Label: home.Label, State: string(home.State)})
		}
		out.Floors = append(out.Floors, floor)
	}
	return out
}
