package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

var (
	requests = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name: "gongdi_http_request_seconds", Help: "Time to answer, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})
	underWay = promauto.NewGauge(prometheus.GaugeOpts{
		Name: "gongdi_http_requests_under_way", Help: "Requests being answered.",
	})
)

// trace names the request, logs its route and outcome, and counts it. It never
// logs a path's words, a query, a header or a body.
func trace(c *gin.Context) {
	start := time.Now()
	id := store.NewID()
	c.Header("X-Request-Id", id)
	c.Request = c.Request.WithContext(audit.WithRequest(c.Request.Context(), id))
	underWay.Inc()
	defer underWay.Dec()
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	took := time.Since(start)
	status := c.Writer.Status()
	requests.WithLabelValues(c.Request.Method, route, strconv.Itoa(status)).Observe(took.Seconds())
	level := slog.LevelDebug
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	} else if c.Request.Method != http.MethodGet {
		level = slog.LevelInfo
	}
	slog.Log(c.Request.Context(), level, "request", "method", c.Request.Method, "route", route, "status", status, "ms", took.Milliseconds())
}

func recovery(c *gin.Context) {
	defer func() {
		if failure := recover(); failure != nil {
			slog.ErrorContext(c.Request.Context(), "request panicked", "kind", fmt.Sprintf("%T", failure), "stack", string(debug.Stack()))
			write(c, newProblem(errInternal))
		}
	}()
	c.Next()
}

func secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if c.Request.TLS != nil || c.GetHeader("X-Forwarded-Proto") == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// refuseTorn turns away addresses that are no text, before a database sees them.
func refuseTorn(c *gin.Context) {
	query, err := c.Request.URL.Query(), error(nil)
	for _, values := range query {
		for _, value := range values {
			if !wellFormed(value) {
				err = ErrUnreadable
			}
		}
	}
	if err != nil || !wellFormed(c.Request.URL.Path) {
		write(c, newProblem(ErrUnreadable))
		return
	}
	c.Next()
}

func wellFormed(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// limit counts requests by session, or by address where there is none.
func (a *API) limit(c *gin.Context) {
	if a.limits == nil || !strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.Next()
		return
	}
	key := c.GetHeader("Authorization")
	if key == "" {
		key = c.ClientIP()
	}
	if wait := a.limits.Take(c.Request.Context(), key); wait > 0 {
		write(c, newProblem(ErrTooManyRequests.After(wait)))
		return
	}
	c.Next()
}

// write ends a request with a problem, where huma has no part in it.
func write(c *gin.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		c.Writer.Header()[name] = values
	}
	c.Abort()
	if c.Writer.Written() {
		return
	}
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte(`{"code":"internal_error"}`)
	}
	c.Data(p.Status, p.ContentType(""), body)
}

// WriteFault ends a request with a refusal, for pages that are not calls.
func WriteFault(c *gin.Context, refusal *fault.Error) { write(c, newProblem(refusal)) }
