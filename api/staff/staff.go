// Package staff is the API of the office: lists, corrections, votes and their
// results, each inside the caller's area.
package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/assessment"
	"gongdi/service/audit"
	"gongdi/service/calendar"
	"gongdi/service/complaints"
	"gongdi/service/doorcode"
	"gongdi/service/files"
	"gongdi/service/forms"
	"gongdi/service/funds"
	"gongdi/service/identity"
	"gongdi/service/jobs"
	"gongdi/service/keeping"
	"gongdi/service/lifts"
	"gongdi/service/messages"
	"gongdi/service/notices"
	"gongdi/service/projects"
	"gongdi/service/registry"
	"gongdi/service/reporting"
	"gongdi/service/safety"
	"gongdi/service/schemes"
	"gongdi/service/search"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// Services are what the office's calls are answered from.
type Services struct {
	Identity   *identity.Service
	Files      *files.Service
	Audit      *audit.Log
	Registry   *registry.Service
	Voting     *voting.Service
	Keeping    *keeping.Service
	Notices    *notices.Service
	Complaints *complaints.Service
	Messages   *messages.Service
	Codes      *doorcode.Service
	Calendar   *calendar.Service
	Safety     *safety.Service
	Lifts      *lifts.Service
	Funds      *funds.Service
	Surveys    *surveys.Service
	Reporting  *reporting.Service
	Projects   *projects.Service
	Forms      *forms.Service
	Schemes    *schemes.Service
	Assessment *assessment.Service
	Jobs       *jobs.Service
	Search     *search.Service
}

type handlers struct {
	Services
	tallies api.TallyPages
}

// Register declares all the office's routes.
func Register(a *api.API, s Services) {
	h := &handlers{Services: s}
	h.sessions(a)
	h.totp(a)
	h.accounts(a)
	h.audit(a)
	h.imports(a)
	h.estates(a)
	h.properties(a)
	h.bindings(a)
	h.motions(a)
	h.ballots(a)
	h.papers(a)
	h.doors(a)
	h.sheets(a)
	h.rollChecks(a)
	h.corrections(a)
	h.representations(a)
	h.grants(a)
	h.calendar(a)
	h.notices(a)
	h.meetings(a)
	h.complaints(a)
	h.caseSteps(a)
	h.routing(a)
	h.hotline(a)
	h.lifts(a)
	h.funds(a)
	h.candidates(a)
	h.projects(a)
	h.managements(a)
	h.surveys(a)
	h.todo(a)
	h.schemes(a)
	h.overview(a)
	h.assessments(a)
	h.supervision(a)
	h.reports(a)
	h.exports(a)
	h.search(a)
	h.messages(a)
	h.safety(a)
	h.codes(a)
	h.spreads(a)
	h.dataRequests(a)
	h.disputes(a)
	h.results(a)
	h.files(a)
}

func route(method, path, tag, name string, right model.Right) api.Route {
	return api.Route{Method: method, Path: "/api/v1/staff" + path, Tag: tag, Name: name, Who: api.Staff, Right: right}
}

func get(path, tag, name string, right model.Right) api.Route {
	return route(http.MethodGet, path, tag, name, right)
}

func post(path, tag, name string, right model.Right) api.Route {
	return route(http.MethodPost, path, tag, name, right)
}

// onMotion puts a route under a motion that the caller may see.
func (h *handlers) onMotion(r api.Route) api.Route {
	r.Thing = api.Named(h.Voting.Of)
	return r
}

// onVoter puts a route under a voter on the roll of a motion that the caller may see.
func (h *handlers) onVoter(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		m, err := h.Voting.Of(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		return m, h.Voting.HasDoor(ctx, caller, m, param("voter_id"))
	}
	return r
}
