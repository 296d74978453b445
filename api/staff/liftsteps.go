package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/lifts"
)

func (h *handlers) liftSteps(a *api.API) {
	const tag = "加装电梯"
	api.Handle(a, h.onLift(get("/lift-plans/{id}/steps", tag, "the official steps, what each needs and what is missing", model.ReadLifts)), h.showSteps)
	walk := route(http.MethodPut, "/lift-plans/{id}/steps/{step}", tag, "note how far a step has come; done only when what it needs is there", model.PlanLifts)
	walk.Thing = h.liftStep
	api.Handle(a, walk, h.walkStep)
	file := get("/lift-plans/{id}/steps/{step}/files/{file_id}", tag, "a paper of a step", model.ReadLifts)
	file.Thing = h.liftStep
	api.Handle(a, file, h.stepFile)
}

func (h *handlers) liftStep(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	p, err := h.Lifts.PlanOf(ctx, caller, param("id"))
	if err != nil {
		return nil, err
	}
	return p, lifts.HasStep(model.Step(param("step")))
}

func (h *handlers) showSteps(ctx context.Context, _ *LiftPath) (*api.Body[api.List[api.LiftStepBody]], error) {
	return api.LiftSteps(h.Lifts.Steps(ctx, api.Found[*model.LiftPlan](ctx)))
}

func (h *handlers) walkStep(ctx context.Context, in *struct {
	LiftPath
	Step string `path:"step"`
	Body struct {
		BegunOn string   `json:"begun_on,omitempty" format:"date"`
		DoneOn  string   `json:"done_on,omitempty" format:"date"`
		Note    string   `json:"note,omitempty" maxLength:"500"`
		Files   []string `json:"file_ids,omitempty" maxItems:"20"`
	}
}) (*api.Body[api.List[api.LiftStepBody]], error) {
	return api.LiftSteps(h.Lifts.Walk(ctx, api.Caller(ctx), in.ID, model.LiftStep{
		Step: model.Step(in.Step), BegunOn: quantity.Date(in.Body.BegunOn), DoneOn: quantity.Date(in.Body.DoneOn), Note: in.Body.Note,
	}, in.Body.Files))
}

func (h *handlers) stepFile(ctx context.Context, in *struct {
	LiftPath
	Step   string `path:"step"`
	FileID string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Content(ctx, lifts.StepFiles(in.ID, model.Step(in.Step)), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
