package journey

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"gongdi/api"
	"gongdi/api/apitest"
	"gongdi/model"
)

// nasties are values that no field is made for, as JSON.
var nasties = []string{
	`null`, `true`, `-1`, `0`, `1.5`, `1e400`, `99999999999999999999999`, `""`, `" "`, `"\u0000"`, `"\ud800"`, `"\u202e字\u200b😀𬬭"`,
	`"' OR 1=1 --"`, `"=cmd|' /C calc'!A0"`, `"9999-99-99"`, `"0000-00-00T00:00:00Z"`, `"292277026596-12-04T15:30:08Z"`, `[]`, `[null]`, `[[[]]]`, `{}`, `{"a":{}}`,
	`"` + strings.Repeat("长", 9000) + `"`,
}

// bodies are whole bodies that no call is made for.
var bodies = []string{
	``, `null`, `[]`, `""`, `5`, `{`, `{}`, `{"":""}`, `{"a":1,"a":2}`, "\xef\xbb\xbf{}", "{\"a\":\"\xff\"}",
	strings.Repeat("[", 10_000), `{"x":` + strings.Repeat(`{"x":`, 5_000), strings.Repeat(" ", 300<<10),
}

// TestNothingThatIsSentBreaksACall sends every call what it is not made for,
// as somebody who may use it, and wants a problem that says so in Chinese.
func TestNothingThatIsSentBreaksACall(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		n := newNasty(t, s)
		for _, r := range h.API.Routes() {
			if r.Method == http.MethodDelete && (strings.Contains(r.Path, "session") || r.Path == "/api/v1/me") {
				continue // they end log-ins
			}
			n.ask(r)
		}
		if n.sent < 5000 {
			t.Errorf("only %d requests were sent", n.sent)
		}
	})
}

type nasty struct {
	t       *testing.T
	s       *street
	tokens  map[api.Who]string
	roles   map[model.Right]string
	things  map[string]string // ids by the path's first word
	voter   string
	unit    string
	home    string
	schemas map[string]map[string]any // fields by method and path
	sent    int
}

func newNasty(t *testing.T, s *street) *nasty {
	motion := s.put("临江花园", map[string]any{"paper_check": "double"})
	voter, home := homeOf(s.voters(motion)[0])
	n := &nasty{t: t, s: s, roles: map[model.Right]string{}, schemas: map[string]map[string]any{}}
	n.tokens = map[api.Who]string{api.Anyone: "", api.Resident: s.bind("nasty", home, "owner"), api.Staff: s.clerk}
	for _, role := range model.Roles {
		token := s.Staff(role, map[bool]string{true: "520523", false: apitest.Street}[role == model.RoleCounty])
		for _, r := range s.API.Routes() {
			if r.Who == api.Staff && role.May(r.Right) && n.roles[r.Right] == "" {
				n.roles[r.Right] = token
			}
		}
	}
	n.things, n.voter = s.things(motion, voter, home), voter
	n.things["accounts"] = s.Get(s.Staff(model.RoleAdmin, apitest.Street), "/api/v1/staff/accounts").Want(http.StatusOK).Text("items", 0, "id")
	n.things["sheets"] = printedCode(s, motion)
	w := s.stairwell("临江花园")
	n.unit, n.home = w.unit, w.home(0)
	n.things["lift-plans"] = s.Post(s.clerk, lifts, w.variant(map[string]any{"sharing": map[string]any{"mode": "equal"}})).Want(http.StatusCreated).Text("id")
	n.things["lift-presets"] = s.Get(s.clerk, "/api/v1/staff/lift-presets").Want(http.StatusOK).Text("items", 0, "id")
	var description struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					} `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	apitest.Check(t, json.Unmarshal(s.Get("", "/openapi.json").Raw, &description))
	for path, methods := range description.Paths {
		for method, operation := range methods {
			ref := operation.RequestBody.Content["application/json"].Schema.Ref
			if schema, ok := description.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]]; ok {
				n.schemas[strings.ToUpper(method)+" "+path] = schema.Properties
			}
		}
	}
	return n
}

func (n *nasty) ask(r api.Route) {
	token := n.tokens[r.Who]
	if r.Who == api.Staff {
		token = n.roles[r.Right]
	}
	path := n.filled(r.Path)
	for _, id := range []string{"%00", "..", "%2e%2e%2f", "%27%20OR%201%3D1", "%F0%9F%98%80", strings.Repeat("x", 2000), " "} {
		if strings.Contains(r.Path, "{") {
			n.send(r, token, parameter.ReplaceAllLiteralString(r.Path, id), "{}")
			n.send(r, token, parameter.ReplaceAllLiteralString(n.firstFilled(r.Path), id), "{}")
		}
	}
	if r.Method == http.MethodGet {
		for _, query := range []string{"page=-1", "page=0", "page=1000001", "page_size=99999999999999999999", "page_size=x", "status=%00", "status=x", "building=" + strings.Repeat("x", 300), "q=" + url.QueryEscape(`%_'";--`), "from=9999-99-99"} {
			n.send(r, token, path+"?"+query, "")
		}
		return
	}
	for _, body := range bodies {
		n.send(r, token, path, body)
	}
	fields := n.schemas[r.Method+" "+r.Path]
	for name := range fields {
		for _, value := range nasties {
			n.send(r, token, path, `{`+quote(name)+`:`+value+`}`)
		}
	}
	if len(fields) > 0 {
		n.send(r, token, path, n.all(fields))
	}
}

// parameter of a path, such as {voter_id}.
var parameter = regexp.MustCompile(`\{\w+\}`)

// filled names things that are there, so that bodies are read.
func (n *nasty) filled(path string) string {
	return parameter.ReplaceAllLiteralString(strings.NewReplacer("{voter_id}", n.voter, "{unit_id}", n.unit, "{property_id}", n.home, "{type}", "estate").Replace(n.firstFilled(path)), "none")
}

// firstFilled names the thing that a path is about, and leaves what lies under it.
func (n *nasty) firstFilled(path string) string {
	for kind, id := range n.things {
		path = strings.NewReplacer("/"+kind+"/{id}", "/"+kind+"/"+id, "/"+kind+"/{code}", "/"+kind+"/"+id, "/"+kind+"/{type}/{id}", "/"+kind+"/estate/"+id).Replace(path)
	}
	return path
}

func printedCode(s *street, motion string) (code string) {
	s.T.Helper()
	s.Post(s.clerk, "/api/v1/staff/sheets/print", map[string]any{"motion_ids": []string{motion}}).Want(http.StatusOK)
	apitest.Check(s.T, s.DB.Read(s.T.Context()).Raw("SELECT code FROM sheets").Limit(1).Scan(&code).Error)
	return code
}

// all is a body in which each field is well-formed and means nothing.
func (n *nasty) all(fields map[string]any) string {
	body := map[string]any{}
	for name, field := range fields {
		schema, _ := field.(map[string]any)
		switch schema["type"] {
		case "string":
			body[name] = "x"
			if options, ok := schema["enum"].([]any); ok {
				body[name] = options[0]
			}
			switch schema["format"] {
			case "date-time":
				body[name] = n.s.Now().Format(time.RFC3339)
			case "date":
				body[name] = n.s.Now().Format(time.DateOnly)
			}
		case "integer", "number":
			body[name] = 1
		case "boolean":
			body[name] = true
		case "array":
			body[name] = []any{"x", "y"}
		}
	}
	text, err := json.Marshal(body)
	apitest.Check(n.t, err)
	return string(text)
}

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(quoted)
}

func (n *nasty) send(r api.Route, token, path, body string) {
	n.t.Helper()
	target, err := url.Parse(n.s.URL + path)
	if err != nil {
		return // no client can send it
	}
	a := n.s.Do(r.Method, token, target.RequestURI(), bytes.NewReader([]byte(body)))
	n.sent++
	if a.Status < 400 {
		return
	}
	said, _ := a.Body["detail"].(string)
	if a.Status >= 500 || a.Header.Get("Content-Type") != "application/problem+json" || a.Body["code"] == nil || strings.IndexFunc(said, chinese) < 0 {
		n.t.Errorf("%s %s with %.80s: %d %.300s", r.Method, r.Path, body, a.Status, a.Raw)
	}
}

func chinese(r rune) bool { return unicode.Is(unicode.Han, r) }
