package api

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

//go:embed docs.html
var docsPage []byte

func document(version string) huma.Config {
	config := huma.DefaultConfig("Gongdi 共缔", version)
	config.CreateHooks = nil // no $schema members in bodies
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", nameSchema)
	config.Info.Description = "Backend of a mini-program with which a street office renews its old housing estates: rolls, votes and results as the Civil Code counts them. Times carry +08:00; areas are square metres with two decimals; problems are RFC 9457."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "The opaque token of a log-in."},
	}
	return config
}

var audiences = regexp.MustCompile(`\b(resident|staff|public)\.`)

// nameSchema tells apart bodies of one name in the packages of two audiences.
func nameSchema(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if audience := audiences.FindStringSubmatch(t.String()); audience != nil {
		return strings.ToUpper(audience[1][:1]) + audience[1][1:] + name
	}
	return name
}

// Document is the OpenAPI 3.1 description of all routes.
func (a *API) Document() ([]byte, error) {
	text, err := json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("describe the routes: %w", err)
	}
	return text, nil
}

func (a *API) serveDocument() {
	a.engine.GET("/openapi.json", func(c *gin.Context) {
		text, err := a.Document()
		if err != nil {
			write(c, problemOf(c.Request.Context(), err))
			return
		}
		c.Data(http.StatusOK, "application/vnd.oai.openapi+json;version=3.1", text)
	})
	a.engine.GET("/docs", func(c *gin.Context) {
		c.Header("Content-Security-Policy", "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		c.Data(http.StatusOK, "text/html; charset=utf-8", docsPage)
	})
}
