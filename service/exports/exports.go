// Package exports makes the office's long lists as files: what a job asks for,
// page by page, as the lists of the API show it.
package exports

import (
	"context"
	"io"

	"gongdi/model"
	"gongdi/service/complaints"
	"gongdi/service/document"
	"gongdi/service/funds"
	"gongdi/service/identity"
	"gongdi/service/jobs"
	"gongdi/service/registry"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// Service knows what lists are made from.
type Service struct {
	Identity   *identity.Service
	Registry   *registry.Service
	Voting     *voting.Service
	Complaints *complaints.Service
	Surveys    *surveys.Service
	Funds      *funds.Service
}

// Offer registers the kinds of export.
func (s *Service) Offer(to *jobs.Service) {
	to.Register("voters", jobs.Kind{Right: model.ReadVoters, Check: s.checkVoters, Make: s.voters})
	to.Register("roster", jobs.Kind{Right: model.ReadRegistry, Check: s.checkRoster, Make: s.roster})
	to.Register("complaints", jobs.Kind{Right: model.ConductCases, Check: s.checkComplaints, Make: s.complaints})
	to.Register("survey", jobs.Kind{Right: model.ExportSurveys, Check: s.checkSurvey, Make: s.survey})
	to.Register("ledger", jobs.Kind{Right: model.ReadFunds, Check: s.checkLedger, Make: s.ledger})
}

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// page is how many rows are read at a time.
const page = 500

// book is a workbook that write makes.
func book(name string, write func(w io.Writer) error) (*jobs.Result, error) {
	return &jobs.Result{Name: name, MediaType: sheetType, Write: write}, nil
}

// list writes a list, with who asked for it.
func (s *Service) list(ctx context.Context, j jobs.Job, w io.Writer, name string, heads []document.Head, rows func(add func(cells ...any)) error) error {
	from, err := s.Identity.Maker(ctx, j.Caller)
	if err != nil {
		return err
	}
	return document.List(w, name, from, heads, rows)
}

// pages reads a list to its end, a page at a time.
func pages[Row any](ctx context.Context, progress func(done, total int64), read func(offset int) ([]Row, int64, error), each func(Row)) error {
	for offset := 0; ; offset += page {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, total, err := read(offset)
		if err != nil {
			return err
		}
		for _, row := range rows {
			each(row)
		}
		progress(int64(offset+len(rows)), total)
		if len(rows) < page {
			return nil
		}
	}
}

var participations = map[voting.Participation]string{
	voting.NotYet: "未参与", voting.OnPhone: "手机", voting.OnPaper: "纸质", voting.ByProxy: "委托", voting.Waiting: "纸质待复核", voting.Disputed: "待本人确认",
}

func (s *Service) checkVoters(ctx context.Context, j jobs.Job) error {
	if err := j.Among("status", "building", "unit"); err != nil {
		return err
	}
	_, err := s.Voting.Of(ctx, j.Caller, j.Params.ID)
	return jobs.Unseen(err)
}

// voters are the doors of a motion, never with what anybody chose.
func (s *Service) voters(ctx context.Context, j jobs.Job, progress func(done, total int64)) (*jobs.Result, error) {
	m, err := s.Voting.Of(ctx, j.Caller, j.Params.ID)
	if err != nil {
		return nil, err
	}
	heads := []document.Head{{Name: "楼栋", Width: 12}, {Name: "单元", Width: 12}, {Name: "房屋", Width: 30}, {Name: "产权人", Width: 24}, {Name: "面积（m²）", Width: 14}, {Name: "参与", Width: 14}}
	read := func(offset int) ([]voting.Door, int64, error) {
		return s.Voting.DoorsFor(ctx, j.Caller, m, voting.Doors{
			MotionID: m.ID, Participation: voting.Participation(j.Params.Options["status"]), Building: j.Params.Options["building"], Unit: j.Params.Options["unit"], Offset: offset, Limit: page,
		})
	}
	return book("voters.xlsx", func(w io.Writer) error {
		return s.list(ctx, j, w, "表决人名单", heads, func(add func(cells ...any)) error {
			return pages(ctx, progress, read, func(d voting.Door) {
				labels := ""
				for i, p := range d.Properties {
					if i > 0 {
						labels += "、"
					}
					labels += p.Label
				}
				add(d.Building, d.Unit, labels, d.OwnersMasked, document.Metres(&d.Area), participations[d.Participation])
			})
		})
	})
}

func (s *Service) checkRoster(ctx context.Context, j jobs.Job) error {
	if err := j.Among("building", "unit", "incomplete"); err != nil {
		return err
	}
	return jobs.Unseen(s.Registry.HasEstate(ctx, j.Caller, j.Params.ID))
}

// roster are the homes of an estate with their owners masked.
func (s *Service) roster(ctx context.Context, j jobs.Job, progress func(done, total int64)) (*jobs.Result, error) {
	heads := []document.Head{{Name: "小区", Width: 24}, {Name: "楼栋", Width: 12}, {Name: "单元", Width: 12}, {Name: "房号", Width: 12}, {Name: "用途", Width: 12}, {Name: "面积（m²）", Width: 14}, {Name: "产权人", Width: 30}, {Name: "待补", Width: 20}}
	read := func(offset int) ([]registry.Listed, int64, error) {
		return s.Registry.Listing(ctx, j.Caller, registry.Homes{
			EstateID: j.Params.ID, Building: j.Params.Options["building"], Unit: j.Params.Options["unit"], Incomplete: j.Params.Options["incomplete"],
			Page: registry.Page{Offset: offset, Limit: page},
		})
	}
	return book("roster.xlsx", func(w io.Writer) error {
		return s.list(ctx, j, w, "房屋名册", heads, func(add func(cells ...any)) error {
			return pages(ctx, progress, read, func(h registry.Listed) {
				owners := ""
				for i, o := range h.Owners {
					if i > 0 {
						owners += "、"
					}
					owners += o
				}
				add(h.Estate, h.Building, h.Unit, h.Room, uses[h.Use], document.Metres(h.Area), owners, h.Incomplete)
			})
		})
	})
}

var uses = map[model.Use]string{
	model.UseResidential: "住宅", model.UseMixed: "商住", model.UseCommercial: "商业", model.UseOffice: "办公", model.UseParking: "车位", model.UseStorage: "储藏", model.UseOther: "其他",
}
