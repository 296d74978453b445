package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/term"
	"gongdi/service/calendar"
	"gongdi/service/fault"
)

func (h *handlers) calendar(a *api.API) {
	const tag = "日历"
	api.Handle(a, get("/calendar/working-days", tag, "the last of so many working days; the first day is not counted", model.ReadCalendar), h.workingDays)
	api.Handle(a, get("/calendar/publicity-end", tag, "the last day of a publicity period of natural days", model.ReadCalendar), h.publicityEnd)
	api.Handle(a, get("/calendar/holidays", tag, "what the notice of a year names", model.ReadCalendar), h.listHolidays)
	upload := post("/calendar/holidays", tag, "the State Council's notice of a year, as JSON; in effect at once", model.EditCalendar)
	upload.MaxBody = 2 << 20
	api.Handle(a, upload, h.publishHolidays)
}

type endBody struct {
	Date        string `json:"date" format:"date"`
	Provisional bool   `json:"provisional" doc:"it reaches into a year whose notice is not out; an estimate"`
}

// Reckoning asks when a period ends.
type Reckoning struct {
	From string `query:"from" required:"true" format:"date"`
	Days int    `query:"days" required:"true" minimum:"1" maximum:"366"`
}

func (r Reckoning) start() (quantity.Date, error) {
	from, err := quantity.ParseDate(r.From)
	if err != nil || from < "2000-01-01" || from > "2100-01-01" {
		return "", fault.Unknown("query.from", "应为日期，如 2026-09-18")
	}
	return from, nil
}

func ended(e term.End, err error) (*api.Body[endBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(endBody{Date: string(e.Date), Provisional: e.Provisional}), nil
}

func (h *handlers) workingDays(ctx context.Context, in *Reckoning) (*api.Body[endBody], error) {
	from, err := in.start()
	if err != nil {
		return nil, err
	}
	return ended(h.Calendar.WorkingDays(ctx, from, in.Days))
}

func (h *handlers) publicityEnd(ctx context.Context, in *Reckoning) (*api.Body[endBody], error) {
	from, err := in.start()
	if err != nil {
		return nil, err
	}
	return ended(h.Calendar.PublicityEnd(ctx, from, in.Days))
}

type holidayBody struct {
	Date string `json:"date" format:"date"`
	Name string `json:"name"`
	Off  bool   `json:"isOffDay" doc:"a holiday; else a weekend day that is worked"`
}

func holidays(days []model.Holiday) []holidayBody {
	out := make([]holidayBody, 0, len(days))
	for _, d := range days {
		out = append(out, holidayBody{Date: string(d.Day), Name: d.Name, Off: d.Off})
	}
	return out
}

func (h *handlers) listHolidays(ctx context.Context, in *struct {
	Year int `query:"year" required:"true" minimum:"2000" maximum:"2100"`
}) (*api.Body[api.List[holidayBody]], error) {
	days, err := h.Calendar.Year(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[holidayBody]{Items: holidays(days), Total: int64(len(days))}), nil
}

type holidayChangeBody struct {
	Year    int           `json:"year"`
	Added   []holidayBody `json:"added"`
	Changed []holidayBody `json:"changed"`
	Removed []holidayBody `json:"removed"`
}

func (h *handlers) publishHolidays(ctx context.Context, in *api.Upload) (*api.Body[holidayChangeBody], error) {
	content, size, _, err := in.Content()
	if err != nil {
		return nil, err
	}
	var change calendar.Change
	if change, err = h.Calendar.Publish(ctx, api.Caller(ctx), io.NewSectionReader(content, 0, size)); err != nil {
		return nil, err
	}
	return api.Answer(holidayChangeBody{
		Year: change.Year, Added: holidays(change.Added), Changed: holidays(change.Changed), Removed: holidays(change.Removed),
	}), nil
}
