package server_test

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"gongdi/api/apitest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const golden = "../../docs/openapi.json"

func TestTheDescriptionIsAsPublished(t *testing.T) {
	h := apitest.SQLite(t)
	got, err := h.API.Document()
	apitest.Check(t, err)
	got = append(got, '\n')
	if *update {
		apitest.Check(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	apitest.Check(t, err)
	if !bytes.Equal(got, want) {
		t.Error("the API differs from docs/openapi.json; if that is meant: go test ./api/server -update")
	}
}

func TestTheDescriptionIsSound(t *testing.T) {
	h := apitest.SQLite(t)
	served := h.Get("", "/openapi.json").Want(http.StatusOK)
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(served.Raw)
	apitest.Check(t, err)
	if err := doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Error(doc.OpenAPI)
	}
}

func TestTheDocumentationNeedsNoOutsideHost(t *testing.T) {
	h := apitest.SQLite(t)
	page := h.Get("", "/docs").Want(http.StatusOK)
	for _, sign := range []string{"http://", "https://", "//cdn", "src="} {
		if strings.Contains(string(page.Raw), sign) {
			t.Errorf("the page holds %s", sign)
		}
	}
}
