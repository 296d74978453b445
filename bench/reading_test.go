package bench

import (
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"gongdi/api/apitest"
	"gongdi/service/store/dbtest"
)

// bareGin answers a tally's bytes and does nothing else.
func bareGin(b *testing.B, t *town, body []byte) string {
	b.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(gin.Recovery())
	engine.GET("/tally", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", body) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	apitest.Check(b, err)
	server := &http.Server{Handler: engine, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

func BenchmarkTally(b *testing.B) {
	t := found(b, dbtest.SQLiteAddress(b), 1000, 1)
	path := "/api/v1/motions/" + t.motions[0] + "/tally"
	first := t.Get(t.tokens[0], path).Want(http.StatusOK)
	limit := &town{House: &apitest.House{URL: bareGin(b, t, first.Raw)}, client: t.client}
	compare(b, 16,
		arm{"bare-gin", func(worker int, _ int64) error { return limit.send(http.MethodGet, "x", "/tally", "", http.StatusOK) }},
		arm{"kept", func(worker int, _ int64) error {
			return t.send(http.MethodGet, t.tokens[worker], path, "", http.StatusOK)
		}},
		arm{"unchanged", func(worker int, _ int64) error {
			return t.send(http.MethodGet, t.tokens[worker], path, "", http.StatusNotModified, "If-None-Match", first.Header.Get("ETag"))
		}},
	)
}

// BenchmarkTallyComputed counts anew at every call, because a ballot came in.
func BenchmarkTallyComputed(b *testing.B) {
	engines(b, func(b *testing.B, address string) {
		t := found(b, address, 1000, 1)
		path := "/api/v1/motions/" + t.motions[0] + "/tally"
		compare(b, 1, arm{"computed", func(worker int, i int64) error {
			t.Voting.Forget(t.motions[0])
			return t.send(http.MethodGet, t.tokens[0], path, "", http.StatusOK)
		}})
	})
}

func BenchmarkVoterPages(b *testing.B) {
	engines(b, func(b *testing.B, address string) {
		t := found(b, address, 20_000, 1)
		for name, filter := range map[string]string{"page": "", "none": "&status=none"} {
			b.Run(name, func(b *testing.B) {
				compare(b, 2, arm{"page", func(_ int, i int64) error {
					path := fmt.Sprintf("/api/v1/staff/motions/%s/voters?page=%d%s", t.motions[0], i*37%400+1, filter)
					return t.send(http.MethodGet, t.clerk, path, "", http.StatusOK)
				}})
			})
		}
	})
}
