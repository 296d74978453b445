package reporting

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/roster"
	"gongdi/service/complaints"
	"gongdi/service/document"
	"gongdi/service/voting"
)

// instant is how an instant is printed.
func instant(t time.Time) string { return t.In(quantity.Shanghai).Format("2006-01-02 15:04") }

// worklist gathers what waits in an estate, building by building.
type worklist struct {
	only   string // the building, empty for all
	places []document.WorkPlace
}

// part is the list of one kind of work in a building, made when it is first asked for.
func (l *worklist) part(building, title string, heads []document.WorkHead) *document.WorkPart {
	if l.only != "" && building != l.only {
		return &document.WorkPart{}
	}
	b := slices.IndexFunc(l.places, func(p document.WorkPlace) bool { return p.Label == building })
	if b < 0 {
		b = len(l.places)
		l.places = append(l.places, document.WorkPlace{Label: building})
	}
	place := &l.places[b]
	p := slices.IndexFunc(place.Parts, func(p document.WorkPart) bool { return p.Title == title })
	if p < 0 {
		p = len(place.Parts)
		place.Parts = append(place.Parts, document.WorkPart{Title: title, Heads: heads})
	}
	return &place.Parts[p]
}

func (l *worklist) add(building, title string, heads []document.WorkHead, cells ...string) {
	part := l.part(building, title, heads)
	part.Rows = append(part.Rows, append([]string{strconv.Itoa(len(part.Rows) + 1)}, cells...))
}

var (
	doorHeads = []document.WorkHead{{Name: "序号", Share: 4, Centred: true}, {Name: "单元", Share: 6}, {Name: "房屋", Share: 13}, {Name: "业主", Share: 12}, {Name: "情况", Share: 11}, {Name: "走访日期", Share: 8}, {Name: "结果", Share: 9}}
	homeHeads = []document.WorkHead{{Name: "序号", Share: 4, Centred: true}, {Name: "房屋", Share: 16}, {Name: "说明", Share: 22}, {Name: "办理结果", Share: 14}}
	caseHeads = []document.WorkHead{{Name: "序号", Share: 4, Centred: true}, {Name: "编号", Share: 9}, {Name: "分类", Share: 14}, {Name: "状态", Share: 9}, {Name: "办结期限", Share: 12}, {Name: "备注", Share: 14}}
)

// TodoSheet prints what waits for the caller in an estate or one building of
// it, in walking order: A4, each building apart.
func (s *Service) TodoSheet(ctx context.Context, caller model.Caller, at *Place, building string, w io.Writer) error {
	list := &worklist{only: building}
	for _, gather := range []func(context.Context, model.Caller, *Place, *worklist) error{s.doorsTo, s.homesTo, s.casesTo} {
		if err := gather(ctx, caller, at, list); err != nil {
			return err
		}
	}
	from, err := s.maker(ctx, caller)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list.places, func(a, b document.WorkPlace) int {
		return strings.Compare(roster.SortKey(a.Label), roster.SortKey(b.Label))
	})
	if err := s.logged(ctx, caller, model.ReadTodo, "print", at.AreaCode, at.ID); err != nil {
		return err
	}
	return document.Work(w, document.Worklist{Estate: at.Name, From: from, Buildings: list.places})
}

const (
	motionsToWalk = "SELECT * FROM motions WHERE estate_id = ? AND stage = 'published' AND opens_at <= ? AND count_until > ? ORDER BY closes_at, id"
	pageOfDoors   = 200
)

func (s *Service) doorsTo(ctx context.Context, caller model.Caller, at *Place, list *worklist) error {
	if !caller.Role.May(model.ReadVoters) {
		return nil
	}
	now := s.now()
	var motions []model.Motion
	if err := s.DB.Read(ctx).Raw(motionsToWalk, at.ID, now, now).Scan(&motions).Error; err != nil {
		return fmt.Errorf("find the motions of estate %s: %w", at.ID, err)
	}
	for i := range motions {
		m := &motions[i]
		for _, kind := range []struct {
			of    voting.Participation
			title string
			asked bool
		}{
			{voting.NotYet, "待入户：" + m.Title, m.ClosesAt.After(now)},
			{voting.Waiting, "纸质票待复核：" + m.Title, caller.Role.May(model.CheckPaper)},
			{voting.Disputed, "纸质与手机不一致：" + m.Title, true},
		} {
			if !kind.asked {
				continue
			}
			if err := s.doorsOf(ctx, caller, m, kind.of, kind.title, list); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) doorsOf(ctx context.Context, caller model.Caller, m *model.Motion, of voting.Participation, title string, list *worklist) error {
	for offset := 0; ; offset += pageOfDoors {
		doors, total, err := s.Voting.DoorsFor(ctx, caller, m, voting.Doors{MotionID: m.ID, Participation: of, Building: list.only, Offset: offset, Limit: pageOfDoors})
		if err != nil {
			return err
		}
		ids := make([]string, 0, len(doors))
		for _, d := range doors {
			ids = append(ids, d.ID)
		}
		reached, err := s.Voting.ReachedOf(ctx, m.ID, ids)
		if err != nil {
			return err
		}
		for _, d := range doors {
			if of == voting.NotYet && d.Unconfirmed > 0 {
				continue // there is a paper already
			}
			list.add(d.Building, title, doorHeads, d.Unit, homesOf(d), d.OwnersMasked, doorWords(of, reached[d.ID]), "", "")
		}
		if int64(offset+pageOfDoors) >= total {
			return nil
		}
	}
}

func homesOf(d voting.Door) string {
	labels := make([]string, 0, len(d.Properties))
	for _, p := range d.Properties {
		labels = append(labels, p.Label)
	}
	return strings.Join(labels, "、")
}

var visitWords = map[model.VisitResult]string{
	model.NobodyHome: "无人在家", model.LeftForm: "已留表", model.Refused: "不愿接受", model.MovedAway: "已搬离", model.MetOwner: "已见面",
}

// doorWords say what is known of a door: a paper that waits, else the latest
// visit, else whether the ballot was delivered.
func doorWords(of voting.Participation, r voting.Reached) string {
	switch {
	case of == voting.Waiting:
		return "已录入，待复核"
	case of == voting.Disputed:
		return "待业主确认"
	case len(r.Visits) > 0:
		v := r.Visits[0]
		return string(quantity.DateOf(v.At))[5:] + " " + visitWords[v.Result]
	case len(r.Deliveries) > 0:
		return "已送达"
	default:
		return "未送达"
	}
}

// A visit to a home is asked for by what waits there.
var homeWork = []struct {
	title, says string
	right       model.Right
	rows        string
}{
	{"住户身份待核实", "申请于", model.DecideBindings, `SELECT p.label, b.label AS building, x.created_at AS at, '' AS day FROM bindings x JOIN properties p ON p.id = x.property_id
JOIN buildings b ON b.id = p.building_id WHERE p.estate_id = ? AND x.status = 'pending' ORDER BY b.sort_key, p.sort_key, x.id`},
	{"公示异议今日到期或逾期", "期限", model.WriteNotices, `SELECT p.label, b.label AS building, x.at, x.due_on AS day FROM objections x JOIN properties p ON p.id = x.property_id
JOIN buildings b ON b.id = p.building_id WHERE p.estate_id = ? AND x.status NOT IN ('settled', 'withdrawn', 'unsettled') AND x.due_on <= ? ORDER BY b.sort_key, p.sort_key, x.id`},
}

func (s *Service) homesTo(ctx context.Context, caller model.Caller, at *Place, list *worklist) error {
	today := quantity.DateOf(s.now())
	for _, k := range homeWork {
		if !caller.Role.May(k.right) {
			continue
		}
		args := []any{at.ID}
		if strings.Count(k.rows, "?") > 1 {
			args = append(args, today)
		}
		var rows []struct {
			Label, Building, Day string
			At                   time.Time
		}
		if err := s.DB.Read(ctx).Raw(k.rows, args...).Scan(&rows).Error; err != nil {
			return fmt.Errorf("list what waits in estate %s: %w", at.ID, err)
		}
		for _, r := range rows {
			day := r.Day
			if day == "" {
				day = string(quantity.DateOf(r.At))
			}
			list.add(r.Building, k.title, homeHeads, r.Label, k.says+" "+day, "")
		}
	}
	return nil
}

const categoryLabels = "SELECT code, label FROM complaint_categories ORDER BY valid_from"

func (s *Service) casesTo(ctx context.Context, caller model.Caller, at *Place, list *worklist) error {
	if !caller.Role.May(model.ReadComplaints) {
		return nil
	}
	var labels []struct{ Code, Label string }
	if err := s.DB.Read(ctx).Raw(categoryLabels).Scan(&labels).Error; err != nil {
		return fmt.Errorf("read the categories: %w", err)
	}
	words := map[string]string{}
	for _, l := range labels {
		words[l.Code] = l.Label
	}
	now := s.now()
	for _, w := range caseWork {
		rows, _, err := s.Complaints.List(ctx, caller, complaints.Filter{Work: w.work, EstateID: at.ID, Limit: mostCases})
		if err != nil {
			return err
		}
		for i := range rows {
			c := &rows[i]
			if w.work == complaints.WorkMine && c.DueAt.Before(quantity.DateOf(now).AddDays(1).Start()) {
				continue // listed as due or overdue
			}
			building := c.Building
			if building == "" {
				building = "未注明楼栋"
			}
			list.add(building, w.label, caseHeads, c.Number, words[c.CategoryCode], complaints.StatusWords[c.Status], instant(c.DueAt), "")
		}
	}
	return nil
}
