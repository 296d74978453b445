package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/schemes"
)

func (h *handlers) catalogue(a *api.API) {
	api.Handle(a, get("/scheme-catalogue", schemesTag, "what schemes may contain, by class", model.ReadSchemes), h.showCatalogue)
	api.Handle(a, route(http.MethodPut, "/scheme-catalogue/classes/{code}", schemesTag, "add or change a class", model.EditCatalogue), h.setSchemeClass)
	api.Handle(a, route(http.MethodPut, "/scheme-catalogue/contents/{code}", schemesTag, "add, change or retire a content", model.EditCatalogue), h.setSchemeContent)
}

type catalogueBody struct {
	Parts    []string            `json:"parts" doc:"the policy's six contents, from 1"`
	Classes  []schemeClassBody   `json:"classes"`
	Contents []schemeContentBody `json:"contents"`
}

type schemeClassBody struct {
	Code string `json:"code"`
	schemeClassFields
}

type schemeClassFields struct {
	Name      string `json:"name" minLength:"1" maxLength:"20"`
	Position  int    `json:"position" minimum:"0" maximum:"1000000"`
	ComesLast bool   `json:"comes_last,omitempty" doc:"it only adds comfort: a scheme that pays for it while safety is open is warned of"`
}

type schemeContentBody struct {
	Code      string `json:"code"`
	ClassName string `json:"class_name"`
	schemeContentFields
}

type schemeContentFields struct {
	Part        int    `json:"part" minimum:"1" maximum:"6" doc:"of the policy's six contents"`
	Class       string `json:"class" minLength:"1" maxLength:"32"`
	Name        string `json:"name" minLength:"1" maxLength:"50"`
	Unit        string `json:"unit" minLength:"1" maxLength:"10"`
	Position    int    `json:"position" minimum:"0" maximum:"1000000"`
	Categories  string `json:"categories,omitempty" maxLength:"400" doc:"of complaints that speak for it, apart by spaces"`
	Underground bool   `json:"underground,omitempty" doc:"先地下，后地上"`
	Safety      bool   `json:"safety,omitempty" doc:"先解决房屋安全"`
	Retired     bool   `json:"retired,omitempty" doc:"no longer offered; versions that name it keep it"`
}

// CataloguePath names a class or a content, which may be new.
type CataloguePath struct {
	Code string `path:"code" pattern:"^[a-z][a-z0-9_]{0,31}$"`
}

func (h *handlers) showCatalogue(ctx context.Context, _ *struct{}) (*api.Body[catalogueBody], error) {
	classes, contents, err := h.Schemes.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	b := catalogueBody{Parts: model.SchemeParts, Classes: []schemeClassBody{}, Contents: []schemeContentBody{}}
	for _, c := range classes {
		b.Classes = append(b.Classes, schemeClassBody{c.Code, schemeClassFields{c.Name, c.Position, c.ComesLast}})
	}
	for _, c := range contents {
		b.Contents = append(b.Contents, schemeContent(c))
	}
	return api.Answer(b), nil
}

func schemeContent(c schemes.Content) schemeContentBody {
	return schemeContentBody{c.Code, c.ClassName, schemeContentFields{
		Part: c.Part, Class: c.ClassCode, Name: c.Name, Unit: c.Unit, Position: c.Position, Categories: c.Categories, Underground: c.Underground, Safety: c.Safety, Retired: c.Retired,
	}}
}

func (h *handlers) setSchemeClass(ctx context.Context, in *struct {
	CataloguePath
	Body schemeClassFields
}) (*api.Body[catalogueBody], error) {
	err := h.Schemes.SetClass(ctx, api.Caller(ctx), model.SchemeClass{Code: in.Code, Name: in.Body.Name, Position: in.Body.Position, ComesLast: in.Body.ComesLast})
	if err != nil {
		return nil, err
	}
	return h.showCatalogue(ctx, nil)
}

func (h *handlers) setSchemeContent(ctx context.Context, in *struct {
	CataloguePath
	Body schemeContentFields
}) (*api.Body[catalogueBody], error) {
	b := in.Body
	err := h.Schemes.SetContent(ctx, api.Caller(ctx), model.SchemeContent{
		Code: in.Code, Part: b.Part, ClassCode: b.Class, Name: b.Name, Unit: b.Unit, Position: b.Position, Categories: b.Categories, Underground: b.Underground, Safety: b.Safety, Retired: b.Retired,
	})
	if err != nil {
		return nil, err
	}
	return h.showCatalogue(ctx, nil)
}
