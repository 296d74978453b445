package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"gongdi/model"
	"gongdi/service/fault"
)

// Sessions tells whose a token is.
type Sessions interface {
	Who(ctx context.Context, token string) (model.Caller, error)
}

// Ledger keeps what members of staff were refused.
type Ledger interface {
	Refused(ctx context.Context, caller model.Caller, action string, refusal *fault.Error)
}

// API is the set of all routes.
type API struct {
	huma     huma.API
	engine   *gin.Engine
	sessions Sessions
	ledger   Ledger
	limits   Limiter
	routes   []Route
}

// Options are what an API is made of.
type Options struct {
	Sessions       Sessions
	Ledger         Ledger
	Limits         Limiter  // nil for none
	TrustedProxies []string // whose X-Forwarded-For is believed
	Version        string
}

// Route declares one call: what it is and who may use it.
type Route struct {
	Method, Path string
	Name         string // the verb, "cast a ballot"
	Tag          string
	Who          Who
	// Right is what a member of staff needs, when Who is Staff.
	Right model.Right
	// Thing judges the caller's right on what the path names, before the
	// body is read; nil when the path names nothing. What it found on the way,
	// if anything, the handler takes up with Found.
	Thing func(ctx context.Context, caller model.Caller, param func(name string) string) (any, error)
	// Status of a success, 200 unless given.
	Status int
	// MaxBody is the largest body in bytes, 256 KiB unless given.
	MaxBody int64
	// Renewing routes may be used before a first password is changed.
	Renewing bool
}

// Named is the Thing of a route whose path names it by its id.
func Named[T any](find func(ctx context.Context, caller model.Caller, id string) (T, error)) func(context.Context, model.Caller, func(string) string) (any, error) {
	return func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return find(ctx, caller, param("id"))
	}
}

// Who is a kind of caller.
type Who string

// The kinds of caller.
const (
	Anyone   Who = "anyone"
	Resident Who = "resident"
	Staff    Who = "staff"
)

const defaultBody = 256 << 10

// New makes an API without routes.
func New(o Options) (*API, error) {
	disarm()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	engine.HandleMethodNotAllowed = true
	if err := engine.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	a := &API{engine: engine, sessions: o.Sessions, ledger: o.Ledger, limits: o.Limits}
	engine.Use(trace, recovery, secure, a.limit, refuseTorn)
	engine.NoRoute(func(c *gin.Context) { write(c, newProblem(fault.ErrNotFound)) })
	engine.NoMethod(func(c *gin.Context) {
		p := newProblem(errMethod)
		p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
		write(c, p)
	})
	a.huma = humagin.New(engine, document(o.Version))
	a.serveDocument()
	return a, nil
}

// Handler serves all routes.
func (a *API) Handler() http.Handler { return a.engine }

// Engine is the router, for what is not a call: health and pages.
func (a *API) Engine() *gin.Engine { return a.engine }

// Routes lists what was declared, for the test that holds each against its rights.
func (a *API) Routes() []Route { return slices.Clone(a.routes) }

// Handle declares a route and its handler.
func Handle[In, Out any](a *API, r Route, handler func(ctx context.Context, in *In) (*Out, error)) {
	if r.MaxBody == 0 {
		r.MaxBody = defaultBody
	}
	a.routes = append(a.routes, r)
	operation := huma.Operation{
		OperationID:   operationID(r),
		Method:        r.Method,
		Path:          r.Path,
		Summary:       r.Name,
		Tags:          []string{r.Tag},
		DefaultStatus: r.Status,
		MaxBodyBytes:  r.MaxBody + 1, // huma counts the limit itself as too large
		Middlewares:   huma.Middlewares{a.admit(r), a.receive(r)},
		Errors:        []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}
	if r.Who != Anyone {
		operation.Security = []map[string][]string{{"bearer": {}}}
		operation.Errors = append(operation.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(r.Path, "{") {
		operation.Errors = append(operation.Errors, http.StatusNotFound)
	}
	dated := holdsInstant(reflect.TypeFor[In](), map[reflect.Type]bool{})
	huma.Register(a.huma, operation, func(ctx context.Context, in *In) (*Out, error) {
		if dated {
			if err := refuseStray(in); err != nil {
				return nil, problemOf(ctx, err)
			}
		}
		out, err := handler(ctx, in)
		if err != nil {
			problem := problemOf(ctx, err)
			a.recordRefusal(ctx, r, err)
			return nil, problem
		}
		return out, nil
	})
}

func operationID(r Route) string {
	path := strings.NewReplacer("/api/v1/", "", "{", "", "}", "", "/", "-", ".", "-").Replace(r.Path)
	return strings.ToLower(r.Method) + "-" + path
}
