package main

import (
	"os/exec"
	"strings"
	"testing"
)

// floors are the storeys of the house, from the ground up: a package imports
// only from storeys below its own. A package that is not listed stands on the
// storey of the folder that holds it.
var floors = [][]string{
	{"model/quantity"},
	{"model/rule", "model/rule/vote", "model/rule/roster", "model/rule/share", "model/rule/term", "model/rule/complaint", "model/rule/opinion", "model/rule/scheme", "model/rule/project", "model/rule/assess"},
	{"model", "model/migration"},
	{"service/fault"},
	{"service/store", "service/vault", "service/wechat", "service/document", "service/roster"},
	{"service/audit", "service/evidence", "service/files"},
	{"service/identity", "service/messages", "service/calendar", "service/doorcode"},
	{"service/registry", "service/safety", "service/audience", "service/jobs"},
	{"service/voting", "service/notices", "service/complaints", "service/surveys"},
	{"service/lifts", "service/schemes", "service/forms"},
	{"service/funds"},
	{"service/exports", "service/search", "service/projects"},
	{"service/reporting"},
	{"service/assessment"},
	{"service/keeping"},
	{"config"},
	{"api"},
	{"api/resident", "api/staff", "api/public"},
	{"api/server"},
	{"cmd"},
	{""},
}

// ends says which packages may know what the outside looks like.
var ends = map[string][]string{
	"github.com/gin-gonic/gin":            {"api", "api/server"},
	"github.com/danielgtaylor/huma/v2":    {"api"},
	"github.com/xuri/excelize/v2":         {"service/document", "service/roster"},
	"github.com/signintech/gopdf":         {"service/document"},
	"github.com/silenceper/wechat/v2":     {"service/wechat"},
	"github.com/alecthomas/kong":          {"cmd"},
	"github.com/caarlos0/env/v11":         {"config"},
	"github.com/pressly/goose/v3":         {"service/store"},
	"github.com/go-sql-driver/mysql":      {"service/store", "service/store/dbtest"},
	"modernc.org/sqlite":                  {"service/store"},
	"github.com/emmansun/gmsm":            {"service/vault", "service/evidence", "service/identity", "service/files"},
	"github.com/redis/go-redis/v9":        {"api", "cmd"},
	"github.com/6tail/lunar-go":           {"service/calendar"},
	"github.com/yuin/goldmark":            {"service/notices"},
	"github.com/microcosm-cc/bluemonday":  {"service/notices"},
	"github.com/minio/minio-go/v7":        {"service/files"},
	"filippo.io/age":                      {"service/keeping"},
	"github.com/pquerna/otp":              {"service/identity"},
	"github.com/prometheus/client_golang": {"api", "cmd"},
}

// apart are packages for tests, which may look at everything.
func apart(pkg string) bool {
	return strings.HasSuffix(pkg, "test") || strings.HasPrefix(pkg, "bench")
}

func floorOf(pkg string) int {
	best, longest := -1, -1
	for floor, packages := range floors {
		for _, p := range packages {
			if (pkg == p || strings.HasPrefix(pkg, p+"/")) && len(p) > longest {
				best, longest = floor, len(p)
			}
		}
	}
	if best < 0 {
		return len(floors) - 1
	}
	return best
}

func TestImportsPointDownOnly(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(strings.TrimPrefix(words[0], "gongdi"), "/")
		for _, imported := range words[1:] {
			checkEnds(t, pkg, imported)
			below, ours := strings.CutPrefix(imported, "gongdi/")
			if !ours || apart(pkg) || strings.HasPrefix(below, pkg+"/") {
				continue
			}
			if floorOf(below) >= floorOf(pkg) {
				t.Errorf("%s must not import %s", pkg, below)
			}
			if strings.HasPrefix(pkg, "model/rule/") && below != "model/quantity" {
				t.Errorf("%s is pure and must not import %s", pkg, below)
			}
		}
	}
}

func checkEnds(t *testing.T, pkg, imported string) {
	t.Helper()
	for library, allowed := range ends {
		if imported != library && !strings.HasPrefix(imported, library+"/") || apart(pkg) {
			continue
		}
		known := false
		for _, a := range allowed {
			known = known || pkg == a || strings.HasPrefix(pkg, a+"/") && a != "api"
		}
		if !known {
			t.Errorf("%s must not know %s", pkg, library)
		}
	}
}
