package exports

import (
	"context"
	"io"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/service/complaints"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/funds"
	"gongdi/service/jobs"
)

func caseFilter(j jobs.Job) (complaints.Filter, error) {
	o := j.Params.Options
	f := complaints.Filter{
		EstateID: j.Params.ID, Status: complaint.State(o["status"]), Department: o["department"], Category: o["category"], Kind: model.CaseKind(o["kind"]), Query: o["q"],
	}
	for _, day := range []struct {
		name string
		to   *quantity.Date
	}{{"from", &f.From}, {"until", &f.Until}} {
		if o[day.name] == "" {
			continue
		}
		d, err := quantity.ParseDate(o[day.name])
		if err != nil {
			return f, fault.Unknown("body.options."+day.name, "应为日期，如 2026-09-18")
		}
		*day.to = d
	}
	return f, nil
}

func (s *Service) checkComplaints(ctx context.Context, j jobs.Job) error {
	if err := j.Among("status", "department", "category", "kind", "from", "until", "q"); err != nil {
		return err
	}
	f, err := caseFilter(j)
	if err != nil {
		return err
	}
	if j.Params.ID != "" {
		if err := jobs.Unseen(s.Registry.HasEstate(ctx, j.Caller, j.Params.ID)); err != nil {
			return err
		}
	}
	f.Limit = 1
	_, _, err = s.Complaints.List(ctx, j.Caller, f)
	return err
}

// complaints are the cases of a list as it is handed to the 12345 centre.
func (s *Service) complaints(ctx context.Context, j jobs.Job, progress func(done, total int64)) (*jobs.Result, error) {
	f, err := caseFilter(j)
	if err != nil {
		return nil, err
	}
	return book("complaints.xlsx", func(w io.Writer) error { return s.Complaints.Export(ctx, j.Caller, f, w, progress) })
}

func (s *Service) checkSurvey(ctx context.Context, j jobs.Job) error {
	if err := j.Among(); err != nil {
		return err
	}
	_, err := s.Surveys.Of(ctx, j.Caller, j.Params.ID)
	return jobs.Unseen(err)
}

// survey are a survey's figures, coded answers and code book.
func (s *Service) survey(ctx context.Context, j jobs.Job, progress func(done, total int64)) (*jobs.Result, error) {
	v, err := s.Surveys.Of(ctx, j.Caller, j.Params.ID)
	if err != nil {
		return nil, err
	}
	return book("survey.xlsx", func(w io.Writer) error {
		r, coded, err := s.Surveys.Export(ctx, j.Caller, v, progress)
		if err != nil {
			return err
		}
		report, err := s.Surveys.Printed(ctx, j.Caller, r, nil)
		if err != nil {
			return err
		}
		return document.SurveyBook(w, report, coded)
	})
}

func purpose(j jobs.Job) funds.Filter {
	return funds.Filter{Area: j.Caller.AreaCode, Purpose: model.Purpose{Type: model.PurposeType(j.Params.Options["purpose_type"]), ID: j.Params.ID}}
}

func (s *Service) checkLedger(ctx context.Context, j jobs.Job) error {
	if err := j.Among("purpose_type"); err != nil {
		return err
	}
	f := purpose(j)
	switch {
	case f.Purpose.Type == "" && f.Purpose.ID == "": // all of the area
		return nil
	case f.Purpose.Type == "" || f.Purpose.ID == "":
		return fault.Unknown("body.options.purpose_type", "请同时填写项目的类型和编号")
	}
	_, err := s.Funds.PurposeOf(ctx, j.Caller, f.Purpose, "body.id")
	return err
}

var moves = map[model.VoucherKind]string{model.Receipt: "到账", model.Refund: "退还", model.Expense: "支出", model.Reversal: "冲销"}

// ledger is what came in and went out, in the order in which it was booked.
func (s *Service) ledger(ctx context.Context, j jobs.Job, progress func(done, total int64)) (*jobs.Result, error) {
	heads := []document.Head{{Name: "日期", Width: 12}, {Name: "类别", Width: 10}, {Name: "资金来源", Width: 16}, {Name: "收入（元）", Width: 16}, {Name: "支出（元）", Width: 16}, {Name: "凭证号", Width: 20}, {Name: "房屋", Width: 24}, {Name: "摘要", Width: 40}}
	read := func(offset int) ([]funds.Booked, int64, error) { return s.Funds.Ledger(ctx, purpose(j), offset, page) }
	return book("ledger.xlsx", func(w io.Writer) error {
		return s.list(ctx, j, w, "收支台账", heads, func(add func(cells ...any)) error {
			return pages(ctx, progress, read, func(b funds.Booked) {
				add(string(b.OnDate), moves[b.Kind], model.Sources[b.Source], yuan(b.In), yuan(b.Out), b.Reference, b.Label, b.Note)
			})
		})
	})
}

func yuan(f quantity.Fen) string {
	if f == 0 {
		return ""
	}
	return f.String()
}
