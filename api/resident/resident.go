// Package resident is the API of the mini-program: what one person may see and
// do about their own homes.
package resident

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/complaints"
	"gongdi/service/files"
	"gongdi/service/forms"
	"gongdi/service/funds"
	"gongdi/service/identity"
	"gongdi/service/keeping"
	"gongdi/service/lifts"
	"gongdi/service/messages"
	"gongdi/service/notices"
	"gongdi/service/projects"
	"gongdi/service/registry"
	"gongdi/service/schemes"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// Services are what residents' calls are answered from.
type Services struct {
	Identity   *identity.Service
	Files      *files.Service
	Messages   *messages.Service
	Registry   *registry.Service
	Voting     *voting.Service
	Keeping    *keeping.Service
	Notices    *notices.Service
	Complaints *complaints.Service
	Lifts      *lifts.Service
	Funds      *funds.Service
	Surveys    *surveys.Service
	Forms      *forms.Service
	Schemes    *schemes.Service
	Projects   *projects.Service
}

type handlers struct {
	Services
	tallies api.TallyPages
}

// Register declares all residents' routes.
func Register(a *api.API, s Services) {
	h := &handlers{Services: s, tallies: api.TallyPages{ForResidents: true}}
	h.sessions(a)
	h.estates(a)
	h.bindings(a)
	h.motions(a)
	h.papers(a)
	h.disputes(a)
	h.grants(a)
	h.rollChecks(a)
	h.inbox(a)
	h.ownData(a)
	h.notices(a)
	h.meetings(a)
	h.complaints(a)
	h.lifts(a)
	h.funds(a)
	h.surveys(a)
	h.schemes(a)
	h.works(a)
	h.files(a)
}

func (h *handlers) seesMotion(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return h.Voting.Sees(ctx, caller, param("id"))
}

func (h *handlers) maySeeMotion(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return nil, h.Voting.MaySee(ctx, caller, param("id"))
}

func route(method, path, tag, name string) api.Route {
	return api.Route{Method: method, Path: "/api/v1" + path, Tag: tag, Name: name, Who: api.Resident}
}

func get(path, tag, name string) api.Route { return route(http.MethodGet, path, tag, name) }
