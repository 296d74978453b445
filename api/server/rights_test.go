package server_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdi/api"
	"gongdi/api/apitest"
	"gongdi/api/server"
	"gongdi/model"
	"gongdi/service/store/dbtest"
)

// who says, for every route there is, who may use it. "anyone" needs no
// log-in, "resident" is whoever has logged in with WeChat; the rest are roles.
var who = map[string]string{}

// TestEveryRouteIsInTheTable fails for a route that nobody has thought about.
func TestEveryRouteIsInTheTable(t *testing.T) {
	h := apitest.SQLite(t)
	declared := map[string]bool{}
	for _, r := range h.API.Routes() {
		key := r.Method + " " + r.Path
		declared[key] = true
		if _, ok := who[key]; !ok {
			t.Errorf("%s is not in the table", key)
		}
	}
	for key := range who {
		if !declared[key] {
			t.Errorf("%s is in the table and not in the API", key)
		}
	}
}

// TestOnlyThoseInTheTableAreLetIn asks every route as everybody: without a
// token, with a wrong one, as a resident, and as each role.
func TestOnlyThoseInTheTableAreLetIn(t *testing.T) {
	h := apitest.SQLite(t)
	tokens := map[string]string{"resident": h.Resident("somebody")}
	for _, role := range model.Roles {
		tokens[string(role)] = h.Staff(role, apitest.Street)
	}
	for _, r := range h.API.Routes() {
		path := strings.NewReplacer("{id}", "no-such-id", "{voter_id}", "no-such-voter").Replace(r.Path)
		allowed := strings.Fields(who[r.Method+" "+r.Path])
		if len(allowed) == 1 && allowed[0] == "anyone" {
			continue
		}
		h.Do(r.Method, "", path, nil).Code(http.StatusUnauthorized, "token_missing")
		h.Do(r.Method, "wrong", path, nil).Code(http.StatusUnauthorized, "token_invalid")
		for caller, token := range tokens {
			if endsSession(r) {
				continue // asked below, with log-ins of their own
			}
			// A body that no call can read: rights are judged before it.
			answer := h.Do(r.Method, token, path, "{", "Content-Type", "application/json")
			in := false
			for _, a := range allowed {
				in = in || a == caller
			}
			refused := answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden && answer.Body["code"] == "forbidden"
			if in == refused {
				t.Errorf("%s %s as %s: %d %s, want let in: %v", r.Method, r.Path, caller, answer.Status, answer.Raw, in)
			}
			if answer.Status >= 500 {
				t.Errorf("%s %s as %s: %d %s", r.Method, r.Path, caller, answer.Status, answer.Raw)
			}
		}
	}
}

// endsSession picks the routes after which a token is no longer good.
func endsSession(r api.Route) bool {
	return r.Method == http.MethodDelete && strings.Contains(r.Path, "session")
}
