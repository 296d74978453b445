package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/project"
	"gongdi/service/projects"
)

const projectTag = "改造项目"

func (h *handlers) candidates(a *api.API) {
	api.Handle(a, get("/project-candidates", projectTag, "estates with what the policy says of them and what is missing", model.ReadCandidates), h.listCandidates)
	api.Handle(a, h.onCandidate(get("/estates/{id}/eligibility", projectTag, "the policy's conditions for one estate, with the evidence", model.ReadCandidates)), h.showEligibility)
	api.Handle(a, h.onCandidate(route(http.MethodPut, "/estates/{id}/findings", projectTag, "enter what was found of an estate; what is not named stays", model.JudgeEstates)), h.findEstate)
	api.Handle(a, h.onCandidate(get("/estates/{id}/findings/{aspect}/files/{file_id}", projectTag, "a picture or paper of a finding", model.ReadCandidates)), h.findingFile)
}

// onCandidate puts a route under an estate in the caller's area.
func (h *handlers) onCandidate(r api.Route) api.Route {
	r.Thing = api.Named(h.Projects.EstateOf)
	return r
}

type candidateBody struct {
	EstateID  string     `json:"estate_id"`
	Estate    string     `json:"estate"`
	Community string     `json:"community"`
	BuiltYear *int       `json:"built_year" nullable:"true"`
	Homes     int64      `json:"homes"`
	Cases     int64      `json:"cases" doc:"complaints and requests for help of the past year"`
	Project   string     `json:"project,omitempty" doc:"the number of its latest project"`
	Verdict   string     `json:"verdict" enum:"eligible,incomplete,not_eligible,excluded"`
	Missing   []gapBody  `json:"missing" doc:"what speaks against it, or is not known"`
	Points    []evidence `json:"conditions,omitempty" doc:"all of them; of one estate only"`
}

type gapBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type evidence struct {
	Aspect   string     `json:"aspect"`
	Name     string     `json:"name"`
	Clause   string     `json:"clause" doc:"of the policy"`
	Excludes bool       `json:"excludes" doc:"an estate of which it is true is none of the policy's"`
	Answer   string     `json:"answer" enum:"yes,no,unknown"`
	Met      bool       `json:"met" doc:"speaks for the estate"`
	Why      string     `json:"why"`
	Words    string     `json:"words,omitempty" doc:"of the evidence"`
	FoundBy  string     `json:"found_by,omitempty"`
	FoundAt  *time.Time `json:"found_at,omitempty"`
	Files    []string   `json:"file_ids"`
}

func candidate(c projects.Candidate) candidateBody {
	b := candidateBody{
		EstateID: c.ID, Estate: c.Name, Community: c.Community, BuiltYear: c.BuiltYear, Homes: c.Homes, Cases: c.Cases, Project: c.Project,
		Verdict: string(c.Verdict), Missing: []gapBody{},
	}
	for _, p := range c.Missing() {
		b.Missing = append(b.Missing, gapBody{Code: string(p.Aspect), Message: p.Name + "：" + p.Why})
	}
	return b
}

func eligibility(c *projects.Candidate, err error) (*api.Body[candidateBody], error) {
	if err != nil {
		return nil, err
	}
	b := candidate(*c)
	for _, p := range c.Points {
		e := evidence{
			Aspect: string(p.Aspect), Name: p.Name, Clause: p.Clause, Excludes: p.Excludes, Answer: "unknown", Met: p.Met(), Why: p.Why, Files: append([]string{}, p.Files...),
		}
		if p.Answer != project.Unknown {
			e.Answer = string(p.Answer)
		}
		if p.Found != nil {
			e.Words, e.FoundBy, e.FoundAt = p.Found.Words, p.Found.StaffID, api.TimeOf(&p.Found.FoundAt)
		}
		b.Points = append(b.Points, e)
	}
	return api.Answer(b), nil
}

func (h *handlers) listCandidates(ctx context.Context, in *struct {
	api.Page
	Verdict string `query:"verdict" enum:"eligible,incomplete,not_eligible,excluded"`
}) (*api.Body[api.List[candidateBody]], error) {
	rows, total, err := h.Projects.Candidates(ctx, api.Caller(ctx), project.Verdict(in.Verdict), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, candidate)), nil
}

func (h *handlers) showEligibility(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[candidateBody], error) {
	return eligibility(h.Projects.EligibilityOf(ctx, in.ID))
}

type findingRequest struct {
	Aspect string   `json:"aspect" enum:"poor_conditions,facilities_missing,worn,management_missing,strong_complaints,shanty_town,rebuilding,self_built,urban_village"`
	Answer string   `json:"answer" enum:"yes,no,unknown" doc:"unknown takes a finding back"`
	Words  string   `json:"words,omitempty" maxLength:"500" doc:"the evidence; needed with yes and no"`
	Files  []string `json:"file_ids,omitempty" maxItems:"20"`
}

func (h *handlers) findEstate(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Findings []findingRequest `json:"findings" minItems:"1" maxItems:"20"`
	}
}) (*api.Body[candidateBody], error) {
	found := make([]projects.Found, 0, len(in.Body.Findings))
	for _, f := range in.Body.Findings {
		answer := project.Answer(f.Answer)
		if f.Answer == "unknown" {
			answer = project.Unknown
		}
		found = append(found, projects.Found{Aspect: project.Aspect(f.Aspect), Answer: answer, Words: f.Words, Files: f.Files})
	}
	return eligibility(h.Projects.Find(ctx, api.Caller(ctx), api.Found[*model.Estate](ctx), found))
}

func (h *handlers) findingFile(ctx context.Context, in *struct {
	ID     string `path:"id"`
	Aspect string `path:"aspect"`
	FileID string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Content(ctx, projects.FindingPapers(in.ID, project.Aspect(in.Aspect)), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
