package server_test

import (
	"net/http"
	"strings"
	"testing"

	"gongdi/api"
	"gongdi/api/apitest"
	"gongdi/model"
)

// who says, for every route there is, who may use it. "anyone" needs no
// log-in, "resident" is whoever has logged in with WeChat; the rest are roles.
var who = map[string]string{
	"POST /api/v1/auth/wechat":                                                "anyone",
	"DELETE /api/v1/auth/session":                                             "resident",
	"GET /api/v1/me":                                                          "resident",
	"GET /api/v1/me/sessions":                                                 "resident",
	"DELETE /api/v1/me/sessions/{id}":                                         "resident",
	"DELETE /api/v1/me/sessions":                                              "resident",
	"GET /api/v1/estates":                                                     "resident",
	"GET /api/v1/estates/{id}/properties":                                     "resident",
	"POST /api/v1/me/bindings":                                                "resident",
	"GET /api/v1/me/bindings":                                                 "resident",
	"DELETE /api/v1/me/bindings/{id}":                                         "resident",
	"GET /api/v1/motions":                                                     "resident",
	"GET /api/v1/motions/{id}":                                                "resident",
	"PUT /api/v1/motions/{id}/ballots/{voter_id}":                             "resident",
	"GET /api/v1/motions/{id}/tally":                                          "resident",
	"POST /api/v1/motions/{id}/evidence":                                      "resident",
	"POST /api/v1/motions/{id}/ballots/{voter_id}/conflict":                   "resident",
	"GET /api/v1/motions/{id}/papers":                                         "resident",
	"POST /api/v1/motions/{id}/confirmations":                                 "resident",
	"POST /api/v1/staff/motions/{id}/ballots/{voter_id}/conflict":             "street community",
	"GET /api/v1/staff/motions/{id}/papers":                                   "street community",
	"POST /api/v1/staff/motions/{id}/confirmations":                           "street community",
	"POST /api/v1/staff/motions/{id}/receipts":                                "street community grid",
	"GET /api/v1/staff/motions/{id}/receipts":                                 "street community",
	"GET /api/v1/staff/motions/{id}/scrutineers":                              "street community",
	"POST /api/v1/staff/motions/{id}/scrutineers":                             "street community",
	"DELETE /api/v1/staff/motions/{id}/scrutineers/{resident_id}":             "street community",
	"POST /api/v1/files":                                                      "resident",
	"POST /api/v1/staff/files":                                                "street community grid department",
	"GET /api/v1/motions/{id}/papers/{voter_id}/scans/{file_id}":              "resident",
	"GET /api/v1/staff/motions/{id}/ballots/{voter_id}/scans/{file_id}":       "street community",
	"POST /api/v1/me/grants":                                                  "resident",
	"GET /api/v1/me/grants":                                                   "resident",
	"DELETE /api/v1/me/grants/{id}":                                           "resident",
	"POST /api/v1/grants/{token}/accept":                                      "resident",
	"POST /api/v1/motions/{id}/ballots/{voter_id}/dispute":                    "resident",
	"DELETE /api/v1/motions/{id}/ballots/{voter_id}/dispute":                  "resident",
	"GET /api/v1/staff/motions/{id}/disputes":                                 "street community",
	"POST /api/v1/staff/motions/{id}/disputes/{dispute_id}/settle":            "street community",
	"POST /api/v1/staff/totp":                                                 "street community grid department county auditor admin",
	"POST /api/v1/staff/totp/confirm":                                         "street community grid department county auditor admin",
	"POST /api/v1/staff/totp/drop":                                            "street community grid department county auditor admin",
	"POST /api/v1/staff/accounts/{id}/reset-totp":                             "admin",
	"GET /api/v1/me/roll-checks":                                              "resident",
	"POST /api/v1/motions/{id}/roll-reports":                                  "resident",
	"POST /api/v1/staff/motions/{id}/roll-check":                              "street community",
	"GET /api/v1/staff/motions/{id}/roll-reports":                             "street community",
	"POST /api/v1/staff/motions/{id}/roll-reports/{report_id}/answer":         "street community",
	"GET /api/v1/staff/motions/{id}/roll-reports/{report_id}/files/{file_id}": "street community",
	"POST /api/v1/staff/grants":                                               "street community",
	"GET /api/v1/staff/grants":                                                "street community",
	"POST /api/v1/staff/grants/{id}/approve":                                  "street community",
	"POST /api/v1/staff/grants/{id}/reject":                                   "street community",
	"GET /api/v1/staff/grants/{id}/files/{file_id}":                           "street community",
	"POST /api/v1/staff/sheets/print":                                         "street community",
	"GET /api/v1/staff/sheets/{code}":                                         "street community grid",
	"POST /api/v1/staff/sheets/{code}":                                        "street community grid",
	"PUT /api/v1/staff/motions/{id}/silence-rule":                             "street community",
	"POST /api/v1/staff/motions/{id}/voters/{voter_id}/visits":                "street community grid",
	"POST /api/v1/staff/motions/{id}/voters/{voter_id}/deliveries":            "street community grid",
	"GET /api/v1/staff/motions/{id}/voters/{voter_id}/contacts":               "street community grid",
	"GET /api/v1/staff/grid-members":                                          "street community",
	"PUT /api/v1/staff/grid-members/{id}/buildings":                           "street community",
	"GET /api/v1/inbox":                                                       "resident",
	"POST /api/v1/inbox/{id}/read":                                            "resident",
	"POST /api/v1/staff/session":                                              "anyone",
	"GET /api/v1/staff/session":                                               "street community grid department county auditor admin",
	"DELETE /api/v1/staff/session":                                            "street community grid department county auditor admin",
	"PUT /api/v1/staff/password":                                              "street community grid department county auditor admin",
	"GET /api/v1/staff/sessions":                                              "street community grid department county auditor admin",
	"DELETE /api/v1/staff/sessions/{id}":                                      "street community grid department county auditor admin",
	"DELETE /api/v1/staff/sessions":                                           "street community grid department county auditor admin",
	"POST /api/v1/staff/accounts":                                             "admin",
	"GET /api/v1/staff/accounts":                                              "admin",
	"GET /api/v1/staff/accounts/{id}":                                         "admin",
	"POST /api/v1/staff/accounts/{id}/disable":                                "admin",
	"POST /api/v1/staff/accounts/{id}/restore":                                "admin",
	"POST /api/v1/staff/accounts/{id}/password":                               "admin",
	"GET /api/v1/staff/areas":                                                 "street community grid county admin",
	"GET /api/v1/staff/audit":                                                 "auditor",
	"POST /api/v1/staff/roster-imports":                                       "street community",
	"POST /api/v1/staff/roster-imports/marked":                                "street community",
	"GET /api/v1/staff/roster-imports/template":                               "street community",
	"GET /api/v1/staff/roster-imports":                                        "street community",
	"GET /api/v1/staff/roster-imports/{id}":                                   "street community",
	"GET /api/v1/staff/estates":                                               "street community",
	"PATCH /api/v1/staff/estates/{id}":                                        "street community",
	"GET /api/v1/staff/estates/{id}/buildings":                                "street community",
	"GET /api/v1/staff/estates/{id}/units":                                    "street community",
	"GET /api/v1/staff/properties":                                            "street community",
	"GET /api/v1/staff/properties/{id}":                                       "street community",
	"PATCH /api/v1/staff/properties/{id}":                                     "street community",
	"GET /api/v1/staff/properties/{id}/history":                               "street community",
	"POST /api/v1/staff/properties/{id}/reveal":                               "street community",
	"GET /api/v1/staff/bindings":                                              "street community",
	"POST /api/v1/staff/bindings/{id}/verify":                                 "street community",
	"POST /api/v1/staff/bindings/{id}/reject":                                 "street community",
	"POST /api/v1/staff/motions":                                              "street community",
	"GET /api/v1/staff/motions":                                               "street community grid county",
	"GET /api/v1/staff/motions/{id}":                                          "street community grid county",
	"PUT /api/v1/staff/motions/{id}":                                          "street community",
	"DELETE /api/v1/staff/motions/{id}":                                       "street community",
	"POST /api/v1/staff/motions/{id}/copy":                                    "street community",
	"GET /api/v1/staff/motions/{id}/preflight":                                "street community",
	"POST /api/v1/staff/motions/{id}/publish":                                 "street community",
	"POST /api/v1/staff/motions/{id}/extend":                                  "street community",
	"POST /api/v1/staff/motions/{id}/close":                                   "street community",
	"POST /api/v1/staff/motions/{id}/cancel":                                  "street community",
	"GET /api/v1/staff/motions/{id}/voters":                                   "street community grid",
	"GET /api/v1/staff/motions/{id}/visits":                                   "street community grid",
	"PUT /api/v1/staff/motions/{id}/ballots/{voter_id}":                       "street community grid",
	"POST /api/v1/staff/motions/{id}/ballots/{voter_id}/confirm":              "street community",
	"GET /api/v1/staff/motions/{id}/tally":                                    "street community county",
	"GET /api/v1/staff/motions/{id}/result.pdf":                               "street community",
	"GET /api/v1/staff/motions/{id}/result.xlsx":                              "street community",
	"GET /api/v1/staff/motions/{id}/evidence.zip":                             "street community",
	"GET /api/v1/public/privacy":                                              "anyone",
	"GET /api/v1/public/motions/{id}":                                         "anyone",
}

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
