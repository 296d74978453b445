package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/reporting"
)

// reports are the papers that go upward, each as a workbook and as A4.
func (h *handlers) reports(a *api.API) {
	const tag = "总览与报表"
	for _, form := range []reporting.Form{reporting.AsPDF, reporting.AsBook} {
		ending := "." + string(form)
		for _, r := range []struct {
			path, name string
			write      monthly
		}{
			{"monthly", "the monthly statistics of an area", h.Reporting.Monthly},
			{"departments", "how departments handled a month's cases", h.Reporting.Bulletin},
		} {
			api.Handle(a, get("/reports/"+r.path+ending, tag, r.name, model.ExportReports), h.areaReport(r.path+ending, form, r.write))
		}
		consent := h.onEstate(get("/estates/{id}/consent"+ending, tag, "where consent stands in an estate", model.ExportReports))
		api.Handle(a, consent, func(ctx context.Context, in *EstatePath) (*api.File, error) {
			at, err := h.Reporting.Estate(ctx, api.Caller(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return api.Save(mediaTypes[form], "consent"+ending, func(w io.Writer) error {
				return h.Reporting.Consent(ctx, api.Caller(ctx), at, form, w)
			})
		})
	}
}

// EstatePath names an estate.
type EstatePath struct {
	ID string `path:"id"`
}

type monthly func(ctx context.Context, caller model.Caller, area model.Area, month reporting.Month, form reporting.Form, w io.Writer) error

var mediaTypes = map[reporting.Form]string{reporting.AsPDF: "application/pdf", reporting.AsBook: workbookType}

type reportRequest struct {
	AreaQuery
	Month string `query:"month" maxLength:"7" doc:"the present one when left out"`
}

func (h *handlers) areaReport(name string, form reporting.Form, write monthly) func(context.Context, *reportRequest) (*api.File, error) {
	return func(ctx context.Context, in *reportRequest) (*api.File, error) {
		month, err := h.Reporting.ReadMonth(in.Month)
		if err != nil {
			return nil, err
		}
		area, err := h.Reporting.Area(ctx, api.Caller(ctx), in.Area)
		if err != nil {
			return nil, err
		}
		return api.Save(mediaTypes[form], name, func(w io.Writer) error {
			return write(ctx, api.Caller(ctx), area, month, form, w)
		})
	}
}
