package journey

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

// TestEveryCodeIsProvoked finds each code that the program can answer with,
// and wants a test that names it, or the refusal that carries it.
func TestEveryCodeIsProvoked(t *testing.T) {
	codes, tests := map[string]string{}, strings.Builder{}
	apitest.Check(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return err
		case strings.HasSuffix(path, "_test.go"):
			text, err := os.ReadFile(path)
			tests.Write(text)
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err == nil {
			refusalsIn(file, codes)
		}
		return err
	}))
	if len(codes) < 50 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	for code, name := range codes {
		if !strings.Contains(tests.String(), strconv.Quote(code)) && !strings.Contains(tests.String(), name) {
			t.Errorf("no test provokes %s (%s)", code, name)
		}
	}
}

// refusalsIn notes the code and the name of every refusal that a file declares.
func refusalsIn(file *ast.File, codes map[string]string) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, value := range spec.Values {
			call, ok := value.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 || i >= len(spec.Names) {
				continue
			}
			made, ok := call.Fun.(*ast.SelectorExpr)
			code, literal := call.Args[1].(*ast.BasicLit)
			if ok && literal && made.Sel.Name == "New" {
				if text, err := strconv.Unquote(code.Value); err == nil && code.Kind == token.STRING {
					codes[text] = spec.Names[i].Name
				}
			}
		}
		return true
	})
}

// TestRefusalsOfAVoteAreAnsweredByTheirCodes provokes over HTTP what else is
// only provoked below it.
func TestRefusalsOfAVoteAreAnsweredByTheirCodes(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"kind": "willingness", "paper_check": "double"})
		staff, voters := "/api/v1/staff/motions/"+motion, s.voters(motion)
		voter, home := homeOf(voters[0])
		today := h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
		paper := map[string]any{"channel": "paper", "choice": "oppose", "signed_on": today}
		with := func(more map[string]any) map[string]any {
			out := map[string]any{}
			for _, m := range []map[string]any{paper, more} {
				for k, v := range m {
					out[k] = v
				}
			}
			return out
		}
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		owner := s.bind("owner", home, "owner")
		tenant := s.bind("tenant", home, "tenant")
		ballot := "/ballots/" + voter
		for _, c := range []struct {
			name, as, do, path string
			body               any
			status             int
			code               string
		}{
			{"nothing waits for a check", colleague, "POST", staff + ballot + "/confirm", nil, 409, "nothing_to_confirm"},
			{"an owner answers", owner, "PUT", "/api/v1/motions/" + motion + ballot, map[string]any{"choice": "agree"}, 200, ""},
			{"a tenant after the owner", tenant, "PUT", "/api/v1/motions/" + motion + ballot, map[string]any{"choice": "oppose"}, 409, "owner_has_answered"},
			{"a paper received in the future", s.clerk, "PUT", staff + ballot, with(map[string]any{"received_at": h.Now().Add(time.Hour)}), 422, "invalid_request"},
			{"a paper received before there was a vote", s.clerk, "PUT", staff + ballot, with(map[string]any{"received_at": h.Now().Add(-time.Hour)}), 422, "paper_late"},
			{"no conflict before the paper", owner, "POST", "/api/v1/motions/" + motion + ballot + "/conflict", map[string]any{"stands": "paper"}, 409, "no_conflict"},
			{"a paper", s.clerk, "PUT", staff + ballot, paper, 200, ""},
			{"one's own entry", s.clerk, "POST", staff + ballot + "/confirm", nil, 403, "own_entry"},
			{"a changed entry without a reason", s.clerk, "PUT", staff + ballot, with(map[string]any{"choice": "abstain"}), 422, "reason_required"},
			{"the check", colleague, "POST", staff + ballot + "/confirm", nil, 200, ""},
			{"one witness", s.clerk, "POST", staff + ballot + "/conflict", map[string]any{"stands": "paper", "witnesses": []string{"甲某", "甲某"}}, 422, "invalid_request"},
			{"a scrutineer who is nobody", s.clerk, "POST", staff + "/scrutineers", map[string]any{"binding_id": "nobody"}, 422, "not_on_roll"},
			{"a published motion is no draft", s.clerk, "DELETE", staff, nil, 409, "motion_not_draft"},
			{"the community ends a vote early", h.Staff(model.RoleCommunity, apitest.Street+"001"), "POST", staff + "/close", map[string]any{"reason": "急"}, 403, "early_close_by_street"},
			{"a key that is none", owner, "KEY", "/api/v1/motions/" + motion + ballot, map[string]any{"choice": "agree"}, 400, "idempotency_key_invalid"},
			{"sealed", s.clerk, "POST", staff + "/close", map[string]any{"reason": "演示"}, 200, ""},
			{"nothing after the seal", s.clerk, "POST", staff + "/cancel", map[string]any{"reason": "迟"}, 409, "motion_closed"},
		} {
			answer := apitest.Answer{}
			if c.do == "KEY" {
				answer = h.Do(http.MethodPut, c.as, c.path, c.body, "Idempotency-Key", "with space")
			} else {
				answer = h.Do(c.do, c.as, c.path, c.body)
			}
			if answer.Status != c.status || c.code != "" && answer.Body["code"] != c.code {
				t.Errorf("%s: %d %s, want %d %s", c.name, answer.Status, answer.Raw, c.status, c.code)
			}
		}
		draft := s.Post(s.clerk, "/api/v1/staff/motions", map[string]any{
			"scope": map[string]any{"type": "estate", "id": s.estates["石岭小区"]}, "kind": "ordinary", "title": "草稿", "text": "？",
			"opens_at": h.Now(), "closes_at": h.Now().Add(time.Hour),
		}).Want(201).Text("id")
		s.Post(s.clerk, "/api/v1/staff/motions/"+draft+"/cancel", map[string]any{"reason": "迟"}).Code(409, "motion_not_published")
	})
}
