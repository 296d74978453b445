package reporting

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/complaints"
	"gongdi/service/safety"
)

// Job is one kind of work that waits for a clerk (今日待办).
type Job struct {
	Code, Label    string
	Count, Overdue int64
	List           string // the call that lists it
	Places         []Waiting
}

// Waiting is how much of a job waits in one place. A job of no building, such
// as a power of attorney, waits in its estate, and one of no estate in none.
type Waiting struct {
	MotionID, Title  string
	EstateID, Estate string
	Building         string
	Count, Overdue   int64
	List             string
}

const api = "/api/v1/staff"

// A chore is a job with the right that its list needs and the query that
// counts it, place by place, the nearest first.
type chore struct {
	code, label, list string
	right             model.Right
	count             string
}

const (
	atHome = `FROM %s x JOIN properties p ON p.id = x.property_id JOIN buildings b ON b.id = p.building_id JOIN estates e ON e.id = p.estate_id
WHERE e.area_code LIKE @area AND %s GROUP BY e.id, e.name, b.label, b.sort_key ORDER BY e.name, e.id, b.sort_key`
	homes = "SELECT e.id AS estate_id, e.name AS estate, b.label AS building, COUNT(*) AS count, 0 AS overdue "

	objectionsDue = `SELECT COALESCE(e.id, '') AS estate_id, COALESCE(e.name, '') AS estate, COALESCE(b.label, '') AS building, COUNT(*) AS count,
SUM(CASE WHEN x.due_on < @today THEN 1 ELSE 0 END) AS overdue
FROM objections x JOIN notices n ON n.id = x.notice_id LEFT JOIN properties p ON p.id = x.property_id LEFT JOIN buildings b ON b.id = p.building_id
LEFT JOIN estates e ON e.id = p.estate_id
WHERE n.area_code LIKE @area AND x.due_on <= @today AND x.status NOT IN ('settled', 'withdrawn', 'unsettled')
GROUP BY e.id, e.name, b.label, b.sort_key ORDER BY e.name, e.id, b.sort_key`
	disputesOpen = `SELECT m.id AS motion_id, m.title, e.id AS estate_id, e.name AS estate, v.building, COUNT(*) AS count, 0 AS overdue
FROM disputes x JOIN motions m ON m.id = x.motion_id JOIN estates e ON e.id = m.estate_id JOIN roll_voters v ON v.motion_id = x.motion_id AND v.id = x.voter_id
WHERE m.area_code LIKE @area AND m.stage = 'published' AND x.status = 'open' GROUP BY m.id, m.title, e.id, e.name, v.building ORDER BY e.name, m.id, v.building`
	rollReports = `SELECT m.id AS motion_id, m.title, e.id AS estate_id, e.name AS estate, '' AS building, COUNT(*) AS count, 0 AS overdue
FROM roll_reports x JOIN motions m ON m.id = x.motion_id JOIN estates e ON e.id = m.estate_id
WHERE m.area_code LIKE @area AND m.stage IN ('draft', 'published') AND x.status = 'open' GROUP BY m.id, m.title, e.id, e.name ORDER BY e.name, m.id`
	corrections = `SELECT m.id AS motion_id, m.title, e.id AS estate_id, e.name AS estate, '' AS building, COUNT(*) AS count, 0 AS overdue
FROM roll_corrections x JOIN motions m ON m.id = x.motion_id JOIN estates e ON e.id = m.estate_id
WHERE m.area_code LIKE @area AND m.stage = 'published' AND x.status = 'proposed' GROUP BY m.id, m.title, e.id, e.name ORDER BY e.name, m.id`
	grantsPending = `SELECT e.id AS estate_id, e.name AS estate, '' AS building, COUNT(*) AS count, 0 AS overdue FROM grants x JOIN estates e ON e.id = x.estate_id
WHERE x.area_code LIKE @area AND x.source = 'paper' AND x.status = 'pending' GROUP BY e.id, e.name ORDER BY e.name, e.id`
	vouchersEntered = `SELECT e.id AS estate_id, e.name AS estate, '' AS building, COUNT(*) AS count, 0 AS overdue FROM vouchers x JOIN estates e ON e.id = x.estate_id
WHERE x.area_code LIKE @area AND x.stage = 'entered' GROUP BY e.id, e.name ORDER BY e.name, e.id`
	revisionsWaiting = `SELECT '' AS estate_id, n.audience_label AS estate, '' AS building, COUNT(*) AS count, 0 AS overdue FROM notice_revisions x JOIN notices n ON n.id = x.notice_id
WHERE n.area_code LIKE @area AND n.stage = 'published' GROUP BY n.audience_label ORDER BY n.audience_label`
)

var chores = []chore{
	{"bindings", "住户身份待核实", "/bindings?status=pending", model.DecideBindings, homes + fmt.Sprintf(atHome, "bindings", "x.status = 'pending'")},
	{"representations", "代表、监护等身份待审核", "/representations?status=pending", model.DecideBindings, homes + fmt.Sprintf(atHome, "representations", "x.status = 'pending'")},
	{"grants", "纸质委托书待审核", "/grants?status=pending", model.CheckPaper, grantsPending},
	{"disputes", "共有人争议待处理", "/motions/{id}/disputes", model.CheckPaper, disputesOpen},
	{"roll_reports", "名册异议待答复", "/motions/{id}/roll-reports", model.DraftMotions, rollReports},
	{"roll_corrections", "名册更正待复核", "/motions/{id}/roll-corrections", model.ConductMotions, corrections},
	{"objections", "公示异议今日到期或逾期", "/objections", model.WriteNotices, objectionsDue},
	{"revisions", "公告修改待审核", "/notices", model.WriteNotices, revisionsWaiting},
	{"data_requests", "个人信息更正申请待答复", "/data-requests?status=open", model.DecideBindings, homes + fmt.Sprintf(atHome, "data_requests", "x.status = 'open'")},
	{"lift_papers", "加装电梯纸质签名待复核", "/lift-plans", model.SignLifts, homes + fmt.Sprintf(atHome, "lift_signatures", "x.channel = 'paper' AND x.confirmed_at IS NULL")},
	{"vouchers", "收支凭证待复核", "/receipts", model.CheckFunds, vouchersEntered},
}

// Todo is what waits for the caller today, as far as their role and area go.
// What nobody has to do is left out.
func (s *Service) Todo(ctx context.Context, caller model.Caller) ([]Job, error) {
	jobs, err := s.doorJobs(ctx, caller)
	if err != nil {
		return nil, err
	}
	now := s.now()
	values := map[string]any{"area": caller.AreaCode + "%", "today": quantity.DateOf(now)}
	for _, c := range chores {
		if !caller.Role.May(c.right) {
			continue
		}
		job := Job{Code: c.code, Label: c.label, List: api + c.list}
		if err := s.DB.Read(ctx).Raw(c.count, values).Scan(&job.Places).Error; err != nil {
			return nil, fmt.Errorf("count what waits, %s: %w", c.code, err)
		}
		jobs = append(jobs, job.summed())
	}
	cases, err := s.caseJobs(ctx, caller, now)
	if err != nil {
		return nil, err
	}
	jobs = append(jobs, cases...)
	if caller.Role.May(model.CheckContent) {
		_, total, err := s.Safety.Checks(ctx, caller, safety.Listing{})
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, Job{Code: "content_checks", Label: "住户内容待审核", List: api + "/content-checks", Count: total})
	}
	return slices.DeleteFunc(jobs, func(j Job) bool { return j.Count == 0 }), nil
}

// summed adds a job up from its places, and leads each to its own list.
func (j Job) summed() Job {
	for i := range j.Places {
		p := &j.Places[i]
		if p.MotionID != "" && p.List == "" {
			p.List = strings.Replace(j.List, "{id}", p.MotionID, 1)
		}
		j.Count, j.Overdue = j.Count+p.Count, j.Overdue+p.Overdue
	}
	if strings.Contains(j.List, "{id}") {
		j.List = api + "/motions"
	}
	return j
}

// A motion's doors, building by building: those to visit while it is open, and
// papers to check and conflicts to settle until it is sealed. Of the grid only
// its own buildings.
const doorsWaiting = `SELECT m.id AS motion_id, m.title, m.estate_id, e.name AS estate, v.building,
SUM(CASE WHEN m.closes_at > @now AND v.choice IN ('', 'invalid') AND v.unconfirmed = 0 THEN 1 ELSE 0 END) AS doors,
SUM(CASE WHEN v.unconfirmed > 0 THEN 1 ELSE 0 END) AS papers, SUM(CASE WHEN v.open_conflict > 0 THEN 1 ELSE 0 END) AS conflicts
FROM motions m JOIN estates e ON e.id = m.estate_id JOIN roll_voters v ON v.motion_id = m.id
WHERE m.area_code LIKE @area AND m.stage = 'published' AND m.opens_at <= @now AND m.count_until > @now
AND (@grid = '' OR EXISTS (SELECT 1 FROM staff_buildings g JOIN buildings b ON b.id = g.building_id WHERE g.staff_id = @grid AND b.estate_id = m.estate_id AND b.label = v.building))
GROUP BY m.id, m.title, m.estate_id, e.name, v.building ORDER BY e.name, m.id, MIN(v.position)`

func (s *Service) doorJobs(ctx context.Context, caller model.Caller) ([]Job, error) {
	if !caller.Role.May(model.ReadVoters) {
		return nil, nil
	}
	grid := ""
	if caller.Role == model.RoleGrid {
		grid = caller.ID
	}
	var rows []struct {
		Waiting
		Doors, Papers, Conflicts int64
	}
	err := s.DB.Read(ctx).Raw(doorsWaiting, map[string]any{"area": caller.AreaCode + "%", "now": s.now(), "grid": grid}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count the doors that wait: %w", err)
	}
	doors := Job{Code: "doors", Label: "待入户", List: api + "/motions?status=open"}
	papers := Job{Code: "papers", Label: "纸质票待复核", List: api + "/motions"}
	conflicts := Job{Code: "conflicts", Label: "纸质与手机不一致待确认", List: api + "/motions"}
	for _, r := range rows {
		list := api + "/motions/" + r.MotionID
		doors.wait(r.Waiting, r.Doors, list+"/voters?status=none&building="+url.QueryEscape(r.Building))
		conflicts.wait(r.Waiting, r.Conflicts, list+"/voters?status=conflict&building="+url.QueryEscape(r.Building))
		if caller.Role.May(model.CheckPaper) {
			papers.wait(r.Waiting, r.Papers, list+"/papers")
		}
	}
	return []Job{doors.summed(), papers.summed(), conflicts.summed()}, nil
}

func (j *Job) wait(at Waiting, n int64, list string) {
	if n > 0 {
		at.Count, at.List = n, list
		j.Places = append(j.Places, at)
	}
}

// mostCases is how many cases are told apart by place; more than so many a day
// are counted and not placed.
const mostCases = 500

var caseWork = []struct {
	code, label string
	work        complaints.Work
}{{"cases", "诉求待办理", complaints.WorkMine}, {"cases_due", "诉求今日到期", complaints.WorkDueToday}, {"cases_overdue", "诉求逾期", complaints.WorkOverdue}}

// caseJobs are the complaints' own work lists.
func (s *Service) caseJobs(ctx context.Context, caller model.Caller, now time.Time) ([]Job, error) {
	if !caller.Role.May(model.ReadComplaints) {
		return nil, nil
	}
	var jobs []Job
	for _, w := range caseWork {
		rows, total, err := s.Complaints.List(ctx, caller, complaints.Filter{Work: w.work, Limit: mostCases})
		if err != nil {
			return nil, err
		}
		job := Job{Code: w.code, Label: w.label, List: api + "/complaints?list=" + string(w.work)}
		for i := range rows {
			job.place(&rows[i], now)
		}
		job = job.summed()
		job.Count = total
		jobs = append(jobs, job)
	}
	return jobs, nil
}

func (j *Job) place(c *complaints.Listed, now time.Time) {
	i := slices.IndexFunc(j.Places, func(p Waiting) bool { return p.EstateID == c.EstateID && p.Building == c.Building })
	if i < 0 {
		i = len(j.Places)
		j.Places = append(j.Places, Waiting{EstateID: c.EstateID, Estate: c.Estate, Building: c.Building})
	}
	j.Places[i].Count++
	if c.Status.Open() && c.DueAt.Before(now) {
		j.Places[i].Overdue++
	}
}
