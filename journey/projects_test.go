package journey

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
)

const projects = "/api/v1/staff/projects"

// day is so many days from today.
func (s *street) day(from int) string { return string(quantity.DateOf(s.Now()).AddDays(from)) }

// renewal is what the ledger holds of a project, changed as told.
func (s *street) renewal(more map[string]any) map[string]any {
	body := map[string]any{
		"batch_year": 2021, "nature": "reformed", "original_unit": "县纺织厂", "has_maintenance_fund": false, "party": "construction_group",
		"works": []map[string]any{
			{"class": "basic", "item": "给排水管网", "unit": "米", "quantity_hundredths": 120000}, {"class": "complete", "item": "停车位", "unit": "个", "quantity_hundredths": 4000},
		},
		"total_fen": 500_000_00, "money_fen": map[string]any{"central": 300_000_00, "county": 150_000_00, "residents": 50_000_00},
		"responsible_unit": "县住房和城乡建设局", "responsible_person": "责任某",
	}
	for k, v := range more {
		body[k] = v
	}
	return body
}

func (s *street) file(path, kind, title string) {
	s.T.Helper()
	s.Post(s.clerk, path+"/papers", map[string]any{"kind": kind, "title": title, "on": s.day(0), "file_ids": []string{s.paperPicture(s.T)}}).Want(201)
}

// missing are the codes of what a refused or shown gate lacks.
func missing(a apitest.Answer, path ...any) (codes []string) {
	for i := range a.Items(append(path, "missing")...) {
		codes = append(codes, a.Text(append(path, "missing", i, "code")...))
	}
	return codes
}

// carry has an estate's homes vote for something, all of them, and seals it.
func (s *street) carry(estate string, more map[string]any) {
	s.T.Helper()
	body := map[string]any{"paper_check": "single", "opens_at": s.Now().Add(-time.Minute)}
	for k, v := range more {
		body[k] = v
	}
	motion := s.put(estate, body)
	for _, v := range s.voters(motion) {
		voter, _ := homeOf(v)
		s.Put(s.clerk, "/api/v1/staff/motions/"+motion+"/ballots/"+voter, map[string]any{"channel": "paper", "choice": "agree", "signed_on": s.day(0)}).Want(200)
	}
	s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/close", map[string]any{"reason": "全部收回"}).Want(200)
}

// TestAProjectGoesThroughFiveGates leads an estate from the first finding to
// its evaluation; each gate says precisely what it lacks.
func TestAProjectGoesThroughFiveGates(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const estate = "东门新村"
		made := s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates[estate], "works": []any{}, "total_fen": 0, "money_fen": map[string]any{}, "responsible_unit": ""})).Want(201)
		path := projects + "/" + made.Text("id")
		s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates[estate]})).Code(409, "project_exists")
		gate := func(step string, want ...string) {
			t.Helper()
			refused := s.Post(s.clerk, path+"/steps/"+step+"/complete", map[string]any{}).Code(409, "gate_not_met")
			if got := missing(refused); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s lacks %v, want %v", step, got, want)
			}
		}
		done := func(step string) apitest.Answer {
			t.Helper()
			return s.Post(s.clerk, path+"/steps/"+step+"/complete", map[string]any{}).Want(200)
		}

		gate("survey", "eligibility", "willingness")
		s.qualify(estate)
		s.carry(estate, nil)
		if shown := done("survey"); shown.Text("step") != "design" || shown.Text("steps", 0, "status") != "done" || shown.Text("consents", "willingness", "outcome") != "passed" {
			t.Errorf("%s", shown.Raw)
		}
		s.Post(s.clerk, path+"/steps/survey/complete", map[string]any{}).Code(409, "step_done")
		s.Post(s.clerk, path+"/steps/party/complete", map[string]any{}).Code(404, "not_found")

		gate("design", "scheme", "publicity", "works", "budget", "responsible")
		s.Put(s.clerk, path, s.renewal(map[string]any{"total_fen": 600_000_00})).Want(200)
		notice := s.publicity(estate, map[string]any{"subject": "renovation_scheme"})
		owner := s.bind("objector", s.stairwell(estate).home(0), "owner")
		objection := s.Post(owner, "/api/v1/notices/"+notice+"/objections", map[string]any{"text": "占用绿化"}).Want(201).Text("id")
		gate("design", "scheme", "publicity", "objections", "budget")
		s.Put(s.clerk, path, s.renewal(nil)).Want(200)
		s.carry(estate, map[string]any{"kind": "ordinary", "subject": "scheme", "title": "改造方案"})
		s.Do(http.MethodDelete, owner, "/api/v1/objections/"+objection, nil).Want(204)
		gate("design", "publicity")
		s.Wait(40 * 24 * time.Hour)
		s.clerk, owner = h.Staff(model.RoleStreet, apitest.Street), s.Resident("objector")
		done("design")

		gate("construction", "budget_review", "tender", "contractor", "started", "finished", "works_done")
		s.file(path, "budget_review", "施工图预算评审报告")
		s.file(path, "tender", "中标通知书")
		s.Put(s.clerk, path, s.renewal(map[string]any{"contractor": "某建筑公司"})).Want(200)
		party := department(h, "construction_group")
		s.Put(party, path+"/dates", map[string]any{"dates": map[string]any{"tendered": map[string]any{"actual": s.day(-30)}, "started": map[string]any{"planned": s.day(-22), "actual": s.day(-20)}, "finished": map[string]any{"actual": s.day(-2)}}}).Want(200)
		s.Put(party, path+"/dates", map[string]any{"dates": map[string]any{"accepted": map[string]any{"actual": s.day(-1)}}}).Code(403, "forbidden")
		s.Put(party, path+"/dates", map[string]any{"dates": map[string]any{"finished": map[string]any{"actual": s.day(-21)}}}).Code(422, "invalid_request")
		s.Put(party, path+"/dates", map[string]any{"dates": map[string]any{"started": map[string]any{"planned": s.day(-20)}}}).Code(403, "forbidden")
		s.Put(party, path+"/dates", map[string]any{"dates": map[string]any{"started": map[string]any{"actual": "2026-02-30"}}}).Code(422, "invalid_request")
		s.Put(party, path+"/dates", map[string]any{"dates": map[string]any{"begun": map[string]any{"actual": s.day(-20)}}}).Code(422, "invalid_request")
		kept := s.Put(party, path+"/dates", map[string]any{"dates": map[string]any{"started": map[string]any{"actual": s.day(-20)}}}).Want(200)
		if kept.Text("dates", "started", "planned") != s.day(-22) || kept.Text("dates", "started", "actual") != s.day(-20) {
			t.Errorf("what nothing is said of stays: %s", kept.Raw)
		}
		trouble := s.Post(party, path+"/problems", map[string]any{"text": "3栋排水坡度不足", "owner": "某建筑公司", "due_on": s.day(-1)}).Want(201).Text("id")
		if late := s.Get(s.clerk, path).Want(200); late.Number("open_problems") != 1 || late.Number("late_problems") != 1 {
			t.Errorf("%s", late.Raw)
		}
		s.Post(party, path+"/reports", map[string]any{"on": s.day(-3), "works_done_bp": 9950, "paid_bp": 8000, "text": "收尾"}).Want(201)
		gate("construction", "works_done", "problems")
		s.Post(party, path+"/problems/"+trouble+"/close", map[string]any{"text": "已返工"}).Want(200)
		s.Post(party, path+"/problems/"+trouble+"/close", map[string]any{"text": "已返工"}).Code(409, "problem_closed")
		s.Post(party, path+"/reports", map[string]any{"on": s.day(-2), "works_done_bp": 10000, "paid_bp": 8000}).Want(201)
		s.Post(party, path+"/reports", map[string]any{"on": s.day(-9), "works_done_bp": 5000, "paid_bp": 4000, "text": "补录"}).Want(201)
		done("construction")

		gate("acceptance", "accepted", "qualified", "acceptance_report", "reported", "handover")
		s.Get(s.clerk, path+"/acceptance-report.pdf").Code(409, "project_not_accepted")
		s.Put(s.clerk, path+"/acceptance", map[string]any{"on": s.day(-3), "result": "qualified"}).Code(422, "invalid_request")
		accepted := map[string]any{"on": s.day(-1), "result": "qualified", "opinion": "符合设计要求", "reported_on": s.day(0), "handed_over_on": s.day(0), "receiver": "鼓场街道城建办"}
		s.Put(s.clerk, path+"/acceptance", accepted).Want(200)
		gate("acceptance", "acceptance_report", "handover")
		s.file(path, "acceptance_report", "竣工验收报告")
		s.file(path, "handover_record", "移交接管记录")
		shown := done("acceptance")
		five, two := quantity.Date(s.day(-1)).Start().AddDate(5, 0, 0), quantity.Date(s.day(-1)).Start().AddDate(2, 0, 0)
		if shown.Text("warranty", "waterproofing_until") != string(quantity.DateOf(five)) || shown.Text("warranty", "equipment_until") != string(quantity.DateOf(two)) {
			t.Errorf("%s", shown.Raw)
		}
		for _, name := range []string{"acceptance-report", "handover-record"} {
			if paper := s.Get(s.clerk, path+"/"+name+".pdf").Want(200); !bytes.HasPrefix(paper.Raw, []byte("%PDF")) {
				t.Errorf("%s: %.20s", name, paper.Raw)
			}
		}
		_, zipped := s.taken(s.clerk, map[string]any{"kind": "estate_file", "id": s.estates[estate]})
		file := filesIn(t, zipped)
		for _, want := range []string{"08-项目台账.xlsx", "08-工程验收/01-验收情况报告.pdf", "08-工程验收/01-移交接管记录.pdf"} {
			if len(file[want]) == 0 {
				t.Errorf("the estate's file has no %s", want)
			}
		}
		leak := s.Post(owner, "/api/v1/complaints", map[string]any{"text": "屋面漏水", "estate_id": s.estates[estate], "contact": "none"}).Want(201)
		if seen := s.Get(s.clerk, "/api/v1/staff/complaints/"+leak.Text("id")).Want(200); seen.Text("department", "code") != "construction_group" {
			t.Errorf("not under warranty: %s", seen.Raw)
		}

		gate("evaluation", "satisfaction", "management")
		own := "/api/v1/staff/estates/" + s.estates[estate]
		self := map[string]any{"mode": "self", "from_residents_fen": 12_000_00, "from_common_fen": 3_000_00, "services": []string{"保洁", "电梯维保"}, "begins_on": s.day(0), "fee_monthly_fen": 20_00}
		s.Put(s.clerk, own+"/management", self).Code(409, "body_missing")
		s.Put(s.clerk, own+"/management", map[string]any{"mode": "company", "company": "某物业", "fee_area_fen": 60, "begins_on": s.day(0)}).Code(409, "manager_not_hired")
		s.Put(s.clerk, own+"/management", map[string]any{"mode": "self", "begins_on": s.day(0)}).Code(422, "invalid_request")
		group := s.Post(s.clerk, own+"/bodies", map[string]any{"kind": "group", "name": "东门新村居民自治小组", "members": 5, "set_up_on": s.day(-1), "file_ids": []string{s.paperPicture(t)}}).Want(201)
		s.Put(s.clerk, own+"/management", self).Want(200)
		survey := s.survey(estate, nil)
		s.Post(s.clerk, "/api/v1/staff/surveys/"+survey+"/close", nil).Want(200)
		body := "/bodies/" + group.Text("bodies", 0, "id")
		s.Post(s.clerk, own+body+"/end", map[string]any{"on": s.day(0), "reason": "换届"}).Want(200)
		s.Post(s.clerk, own+body+"/end", map[string]any{"on": s.day(0), "reason": "换届"}).Code(409, "body_ended")
		gate("evaluation", "management")
		s.carry(estate, map[string]any{"kind": "ordinary", "subject": "hire_manager", "title": "选聘物业公司"})
		if k := s.Put(s.clerk, own+"/management", map[string]any{"mode": "company", "company": "某物业", "fee_area_fen": 60, "begins_on": s.day(0)}).Want(200); k.Text("management", "motion_id") == "" {
			t.Errorf("%s", k.Raw)
		}
		if last := done("evaluation"); last.Text("step") != "" {
			t.Errorf("%s", last.Raw)
		}
		if at := s.Get(s.clerk, projects+"?step=evaluation").Want(200); at.Number("total") != 0 {
			t.Errorf("%s", at.Raw)
		}
	})
}

// TestWhatTheCountyLetsPassStaysVisible passes a gate with a reason.
func TestWhatTheCountyLetsPassStaysVisible(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		path := projects + "/" + s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates["石岭小区"]})).Want(201).Text("id")
		county := h.Staff(model.RoleCounty, "520523")
		complete := path + "/steps/survey/complete"
		s.Post(s.clerk, complete, map[string]any{"pass_reason": "先干起来"}).Code(403, "gate_passed_by_county")
		s.Post(county, complete, map[string]any{}).Code(409, "gate_not_met")
		s.Post(county, complete, map[string]any{"pass_reason": "2021年已按纸质材料完成"}).Want(200)
		for _, seen := range []apitest.Answer{s.Get(s.clerk, path).Want(200), s.Get(county, path).Want(200)} {
			if seen.Text("passed_by_county", 0, "reason") != "2021年已按纸质材料完成" || len(seen.Items("passed_by_county", 0, "lacked")) != 2 || len(seen.Items("steps", 0, "missing")) != 2 {
				t.Errorf("%s", seen.Raw)
			}
		}
		if list := s.Get(s.clerk, projects).Want(200); list.Text("items", 0, "passed_by_county", 0, "step") != "survey" || list.Text("items", 0, "step") != "design" {
			t.Errorf("%s", list.Raw)
		}
	})
}

// TestAPartySeesItsOwnAndResidentsWhatIsWorked asks as 县建投, as another
// department, as a neighbour and as somebody of another estate.
func TestAPartySeesItsOwnAndResidentsWhatIsWorked(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const estate = "供电局家属院"
		path := projects + "/" + s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates[estate]})).Want(201).Text("id")
		s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates["临江花园"], "party": "housing"})).Want(201)
		s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates["石岭小区"], "party": "nobody"})).Code(422, "invalid_request")
		s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates["石岭小区"], "households": 99})).Code(422, "invalid_request")
		party, other := department(h, "construction_group"), department(h, "water")
		if own := s.Get(party, projects).Want(200); own.Number("total") != 1 || own.Text("items", 0, "estate") != estate {
			t.Errorf("%s", own.Raw)
		}
		if none := s.Get(other, projects).Want(200); none.Number("total") != 0 {
			t.Errorf("%s", none.Raw)
		}
		s.Get(other, path).Code(404, "not_found")
		s.Post(other, path+"/reports", "{").Code(404, "not_found")
		picture := s.Upload(party, "/api/v1/staff/files", "a.png", photo(t)).Want(201).Text("id")
		report := s.Post(party, path+"/reports", map[string]any{"on": s.day(0), "works_done_bp": 2550, "paid_bp": 1000, "text": "1栋管沟开挖", "file_ids": []string{picture}}).Want(201)
		s.Get(s.clerk, path+"/reports/"+report.Text("id")+"/files/"+picture).Want(200)
		s.Get(s.clerk, path+"/reports/none/files/"+picture).Code(404, "not_found")
		s.Post(party, path+"/reports", map[string]any{"on": s.day(1), "works_done_bp": 1, "paid_bp": 1}).Code(422, "invalid_request")

		units := s.Get(s.clerk, "/api/v1/staff/estates/"+s.estates[estate]+"/units").Want(200)
		w := s.stairwell(estate)
		for _, d := range []map[string]any{
			{"on": s.day(1), "unit_id": w.unit, "text": "入户管道更换，请留人"}, {"on": s.day(1), "unit_id": units.Text("items", 1, "id"), "text": "别的单元"},
			{"on": s.day(2), "text": "全院停水三小时"}, {"on": s.day(1), "unit_id": w.unit, "text": "入户管道更换，上午九点起"},
		} {
			s.Post(party, path+"/days", d).Want(201)
		}
		s.Post(party, path+"/days", map[string]any{"on": s.day(-1), "text": "昨天"}).Code(422, "invalid_request")
		s.Post(party, path+"/days", map[string]any{"on": s.day(1), "unit_id": s.stairwell("临江花园").unit, "text": "别处"}).Code(422, "invalid_request")
		if all := s.Get(s.clerk, path+"/days").Want(200); all.Number("total") != 3 {
			t.Errorf("%s", all.Raw)
		}
		works := "/api/v1/estates/" + s.estates[estate] + "/works"
		owner := s.bind("dweller", w.home(0), "owner")
		seen := s.Get(owner, works).Want(200)
		if len(seen.Items("days")) != 2 || seen.Text("days", 0, "text") != "入户管道更换，上午九点起" || seen.Text("days", 0, "place") != "1栋1单元" || seen.Number("project", "works_done_bp") != 2550 || seen.At("reports", 0, "paid_bp") != nil {
			t.Errorf("%s", seen.Raw)
		}
		s.Get(owner, works+"/files/"+picture+"?size=thumb").Want(200)
		s.Get(s.bind("elsewhere", s.stairwell("临江花园").home(0), "owner"), works).Code(404, "not_found")
		if empty := s.Get(s.bind("patient", s.stairwell("石岭小区").home(0), "owner"), "/api/v1/estates/"+s.estates["石岭小区"]+"/works").Want(200); empty.At("project") != nil {
			t.Errorf("%s", empty.Raw)
		}
	})
}

// book makes a workbook of one sheet.
func book(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		apitest.Check(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	var out bytes.Buffer
	_, err := f.WriteTo(&out)
	apitest.Check(t, err)
	return out.Bytes()
}

func TestALedgerInExcelComesInAndGoesOut(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const load = "/api/v1/staff/project-imports"
		list := book(t, []any{"金沙县老旧小区改造项目台账"}, []any{},
			[]any{"序号", "小区名称", "总投资（万元）", "中央补助", "开工时间", "项目编号", "年度", "形象进度", "户数", "产权性质", "施工单位", "实施单位"},
			[]any{1, "临江花园", 125.5, 100, "2021年3月5日", "GS-01", 2021, 0.35, 9999, "房改房", "=某公司", "县建投集团公司"},
			[]any{2, "纺织厂宿舍", 80, nil, 44260, "GS-02", "2021", "100%", nil, "混合", nil, nil},
			[]any{3, "没有的小区", 1, nil, nil, "GS-03", 2021},
			[]any{4, "石岭小区", "很多", nil, "明年", "GS-04", 2021},
			[]any{5, "东门新村", 1, nil, nil, "GS-01", 2021},
			[]any{6, "东门新村", 1, nil, "2099-01-01", "GS-06", 2021},
			[]any{7, "东门新村", 1, nil, nil, nil, 2021})
		dry := s.Upload(s.clerk, load+"?dry_run=true", "a.xlsx", list).Want(200)
		if dry.Number("created") != 2 || dry.Number("rows") != 7 || len(dry.Items("errors")) != 6 || len(dry.Items("warnings")) != 1 || dry.Text("warnings", 0, "code") != "unit_assumed" {
			t.Errorf("%s", dry.Raw)
		}
		if none := s.Get(s.clerk, projects).Want(200); none.Number("total") != 0 {
			t.Errorf("a dry run kept %s", none.Raw)
		}
		for i, code := range []string{"estate_unknown", "unreadable", "unreadable", "repeated", "invalid_request", "missing"} {
			if got := dry.Text("errors", i, "code"); got != code {
				t.Errorf("finding %d is %s, want %s: %s", i, got, code, dry.Raw)
			}
		}
		if got := []string{dry.Text("errors", 1, "column"), dry.Text("errors", 4, "column")}; got[0] != "总投资(元)" || got[1] != "开工实际" {
			t.Errorf("the faults are in %v", got)
		}
		s.Upload(s.clerk, load, "a.xlsx", list).Want(201)
		again := s.Upload(s.clerk, load, "a.xlsx", list).Want(201)
		if again.Number("created") != 0 || again.Number("changed") != 0 || again.Number("unchanged") != 2 {
			t.Errorf("the same file again: %s", again.Raw)
		}
		all := s.Get(s.clerk, projects).Want(200)
		if all.Number("items", 0, "total_fen") != 1_255_000_00 || all.Number("items", 0, "works_done_bp") != 3500 || all.Number("items", 0, "households") != 9999 || all.Text("items", 0, "overrides", 0) != "households" ||
			all.Text("items", 0, "party") != "construction_group" || all.Text("items", 1, "dates", "started", "actual") != "2021-03-05" || all.Number("items", 1, "works_done_bp") != 10000 || all.Number("items", 0, "money_fen", "central") != 100_00 {
			t.Errorf("%s", all.Raw)
		}
		s.Put(s.clerk, projects+"/"+all.Text("items", 1, "id"), s.renewal(map[string]any{"contractor": "=SUM(A1)", "responsible_person": "@某", "area_m2": 1234.05, "override_reason": "实测", "works_done_bp": 5})).Want(200)
		out := s.Get(s.clerk, "/api/v1/staff/projects.xlsx").Want(200)
		f, err := excelize.OpenReader(bytes.NewReader(out.Raw))
		apitest.Check(t, err)
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			apitest.Check(t, err)
			for _, row := range rows {
				for _, cell := range row {
					if cell != "" && bytes.ContainsRune([]byte("=+-@"), rune(cell[0])) {
						t.Errorf("%s holds %q", sheet, cell)
					}
				}
			}
		}
		before := s.Get(s.clerk, projects).Want(200)
		back := s.Upload(s.clerk, load, "b.xlsx", out.Raw).Want(201)
		if back.Number("unchanged") != 2 || len(back.Items("errors")) != 0 || len(back.Items("warnings")) != 0 {
			t.Errorf("the export read again: %s", back.Raw)
		}
		if after := s.Get(s.clerk, projects).Want(200); !bytes.Equal(before.Raw, after.Raw) {
			t.Errorf("before %s\nafter %s", before.Raw, after.Raw)
		}
		s.Upload(s.clerk, load, "c.xlsx", book(t, []any{"小区", "户数"}, []any{"临江花园", 1})).Code(422, "ledger_no_header")
		rows := [][]any{{"项目编号", "小区"}}
		for i := range 2001 {
			rows = append(rows, []any{fmt.Sprint(i), "某小区"})
		}
		s.Upload(s.clerk, load, "d.xlsx", book(t, rows...)).Code(http.StatusRequestEntityTooLarge, "ledger_too_long")
	})
}

// TestWhatHasComeInIsTheLedgersOwn compares the groups with the rows.
func TestWhatHasComeInIsTheLedgersOwn(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		id := s.estates["临江花园"]
		path := projects + "/" + s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": id})).Want(201).Text("id")
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		home := s.stairwell("临江花园").home(0)
		for i, source := range []string{"cash", "donation"} {
			pledged := s.Post(s.clerk, pledges, map[string]any{
				"purpose": map[string]any{"type": "estate", "id": id}, "contributor": map[string]any{"type": "household", "property_id": home}, "source": source, "amount_fen": 1000,
			})
			if pledged.Status != http.StatusCreated {
				continue
			}
			entered := s.Post(s.clerk, pledges+"/"+pledged.Text("id")+"/receipts", map[string]any{"amount_fen": 700 + i, "received_on": s.day(0), "reference": fmt.Sprint("回单", i)}).Want(201)
			s.Post(colleague, "/api/v1/staff/receipts/"+entered.Text("id")+"/check", nil).Want(200)
			back := s.Post(s.clerk, pledges+"/"+pledged.Text("id")+"/refunds", map[string]any{"amount_fen": 200, "received_on": s.day(0), "reference": fmt.Sprint("退款", i)}).Want(201)
			s.Post(colleague, "/api/v1/staff/receipts/"+back.Text("id")+"/check", nil).Want(200)
		}
		var want float64
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT COALESCE(SUM(CASE kind WHEN 'receipt' THEN amount ELSE -amount END), 0) FROM vouchers WHERE stage = 'booked' AND purpose_id = ?", id).Scan(&want).Error)
		seen := s.Get(s.clerk, path).Want(200)
		if got := seen.Number("money_groups", 1, "received_fen"); want == 0 || got != want || seen.Number("money_groups", 0, "planned_fen") != 450_000_00 {
			t.Errorf("%v came in, shown %s", want, seen.Raw)
		}
	})
}

// grouped makes a workbook with a title, a unit, two rows of names and merged
// cells, as offices keep their ledgers.
func grouped(t *testing.T, merged [][2]string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		apitest.Check(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	for _, m := range merged {
		apitest.Check(t, f.MergeCell("Sheet1", m[0], m[1]))
	}
	var out bytes.Buffer
	_, err := f.WriteTo(&out)
	apitest.Check(t, err)
	return out.Bytes()
}

// TestALedgerWithTwoRowsOfNamesIsRead reads groups over columns, a unit above
// them all, merged estates, sums and signatures below.
func TestALedgerWithTwoRowsOfNamesIsRead(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const load = "/api/v1/staff/project-imports"
		up := []any{"序号", "小区名称", "项目编号", "年度", "建筑面积（万㎡）", "总投资", "资金来源", nil, nil, "到位资金", nil, "开工时间", nil, "施工单位", "参建单位", nil, "坐标", nil, "备注"}
		low := []any{nil, nil, nil, nil, nil, nil, "中央", "原产权单位", "居民（元）", "财政", "中央", "计划", "实际", "名称", "监理单位", "设计单位", "经度", "纬度"}
		merged := [][2]string{{"A1", "S1"}, {"A2", "C2"}, {"G3", "I3"}, {"J3", "K3"}, {"L3", "M3"}, {"O3", "P3"}, {"Q3", "R3"}, {"B5", "B6"}, {"D5", "D6"}}
		for _, c := range []string{"A", "B", "C", "D", "E", "F", "S"} {
			merged = append(merged, [2]string{c + "3", c + "4"})
		}
		list := grouped(t, merged, []any{"金沙县老旧小区改造项目台账"}, []any{"填报单位：鼓场街道", nil, nil, "单位：万元"}, up, low,
			[]any{1, "临江花园", "GS-01", 2021, 1.2, 125.5, 100, 5.5, 200000, 60, 50, "2021.3.1", 44260, "某建筑公司", "某监理", "某设计院", 106.22345600000001, 27.4567891},
			[]any{2, nil, "GS-02", nil, nil, 80},
			[]any{"合 计", nil, nil, nil, nil, 205.5}, []any{"填表人：某某"})
		came := s.Upload(s.clerk, load+"?dry_run=true", "a.xlsx", list).Want(200)
		if came.Number("rows") != 2 || came.Number("created") != 1 || len(came.Items("errors")) != 1 || came.Text("errors", 0, "code") != "project_exists" {
			t.Fatalf("%s", came.Raw)
		}
		var notes []string
		for i := range came.Items("warnings") {
			notes = append(notes, came.Text("warnings", i, "code")+" "+came.Text("warnings", i, "column"))
		}
		if want := "[column_unknown 到位资金／中央 column_unknown 备注 column_reckoned 财政到位(元)]"; fmt.Sprint(notes) != want {
			t.Errorf("noted %v, want %s", notes, want)
		}
		s.Upload(s.clerk, load, "a.xlsx", list).Want(201)
		got := s.Get(s.clerk, projects).Want(200)
		for path, want := range map[string]float64{"total_fen": 1_255_000_00, "area_m2": 12000, "longitude": 106.223456, "latitude": 27.456789, "batch_year": 2021} {
			if got.Number("items", 0, path) != want {
				t.Errorf("%s is %v, want %v", path, got.Number("items", 0, path), want)
			}
		}
		money := got.At("items", 0, "money_fen")
		if want := map[string]any{"central": 1_000_000_00.0, "unit": 55_000_00.0, "residents": 200_000_00.0}; fmt.Sprint(money) != fmt.Sprint(want) {
			t.Errorf("money is %v, want %v", money, want)
		}
		if got.Text("items", 0, "contractor") != "某建筑公司" || got.Text("items", 0, "supervisor") != "某监理" || got.Text("items", 0, "dates", "started", "planned") != "2021-03-01" || got.Text("items", 0, "dates", "started", "actual") != "2021-03-05" {
			t.Errorf("%s", got.Raw)
		}
		next := grouped(t, [][2]string{{"A1", "B1"}, {"C1", "D1"}, {"A3", "A4"}}, []any{"项目", nil, "投资（元）", nil, "改造"}, []any{"编号", "小区名称", "总投资", "省级", "年度"},
			[]any{"GS-03", "石岭小区", 10, 4, 2022}, []any{nil, nil, 5})
		if came := s.Upload(s.clerk, load, "b.xlsx", next).Want(201); came.Number("created") != 1 || len(came.Items("warnings")) != 1 || came.Text("warnings", 0, "code") != "row_continued" {
			t.Errorf("%s", came.Raw)
		}
	})
}

// TestTheWorkbookSaysWhatResidentsSaid exports the ledger while a vote runs and
// after its seal; what is changed in such columns is not read.
func TestTheWorkbookSaysWhatResidentsSaid(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const estate = "东门新村"
		s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates[estate], "longitude": 106.223456, "latitude": 27.456789})).Want(201)
		shown := func() (*excelize.File, map[string]string, map[string]string) {
			t.Helper()
			f, err := excelize.OpenReader(bytes.NewReader(s.Get(s.clerk, "/api/v1/staff/projects.xlsx").Want(200).Raw))
			apitest.Check(t, err)
			rows, err := f.GetRows("项目台账")
			apitest.Check(t, err)
			cells, at := map[string]string{}, map[string]string{}
			for i, head := range rows[1] {
				name, err := excelize.CoordinatesToCellName(i+1, 3)
				apitest.Check(t, err)
				if at[head] = name; i < len(rows[2]) {
					cells[head] = rows[2][i]
				}
			}
			if rows[0][0] != "基本情况" {
				t.Errorf("the groups are %v", rows[0])
			}
			return f, cells, at
		}
		motion := s.put(estate, map[string]any{"paper_check": "single", "opens_at": s.Now().Add(-time.Minute)})
		for i, v := range s.voters(motion) {
			voter, _ := homeOf(v)
			s.Put(s.clerk, "/api/v1/staff/motions/"+motion+"/ballots/"+voter, map[string]any{"channel": "paper", "choice": map[bool]string{true: "oppose", false: "agree"}[i == 0], "signed_on": s.day(0)}).Want(200)
		}
		if _, running, _ := shown(); running["意愿调查结果"] != "进行中" || running["意愿调查参与户数"] != "" || running["意愿调查同意户数"] != "" || running["经度"] != "106.223456" {
			t.Errorf("while it runs: %v", running)
		}
		s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/close", map[string]any{"reason": "全部收回"}).Want(200)
		survey := s.survey(estate, nil)
		s.Post(s.clerk, "/api/v1/staff/surveys/"+survey+"/close", nil).Want(200)
		tally := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/tally").Want(200)
		f, sealed, at := shown()
		if sealed["意愿调查结果"] != "通过" || sealed["意愿调查参与户数"] != fmt.Sprint(tally.Number("participating", "heads")) || sealed["意愿调查同意户数"] != fmt.Sprint(tally.Number("agree", "heads")) ||
			sealed["满意度调查答复"] != "0" || sealed["满意率(%)"] != "" {
			t.Errorf("sealed: %v", sealed)
		}
		apitest.Check(t, f.SetCellValue("项目台账", at["意愿调查同意户数"], 999))
		apitest.Check(t, f.SetCellValue("项目台账", at["施工单位"], "某建筑公司"))
		var changed bytes.Buffer
		_, err := f.WriteTo(&changed)
		apitest.Check(t, err)
		came := s.Upload(s.clerk, "/api/v1/staff/project-imports", "a.xlsx", changed.Bytes()).Want(201)
		if came.Number("changed") != 1 || len(came.Items("errors")) != 0 || len(came.Items("warnings")) != 1 || came.Text("warnings", 0, "code") != "column_reckoned" || came.Text("warnings", 0, "column") != "意愿调查同意户数" {
			t.Errorf("%s", came.Raw)
		}
		if _, after, _ := shown(); after["意愿调查同意户数"] != sealed["意愿调查同意户数"] || after["施工单位"] != "某建筑公司" {
			t.Errorf("after: %v", after)
		}
	})
}

// TestAProjectMadeByMistakeIsWithdrawn takes out one without history, says what
// two projects of an estate share, and places estates in China only.
func TestAProjectMadeByMistakeIsWithdrawn(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		id := s.estates["临江花园"]
		first := s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": id})).Want(201)
		slip := s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": id, "batch_year": 2022})).Want(201)
		if first.At("received_shared_with") == nil || slip.Text("received_shared_with", 0) != first.Text("number") {
			t.Errorf("%s", slip.Raw)
		}
		path := projects + "/" + slip.Text("id")
		for _, place := range []map[string]any{{"longitude": 106.2}, {"latitude": 27.4}, {"longitude": 27.4, "latitude": 106.2}, {"longitude": 0, "latitude": 0}} {
			s.Put(s.clerk, path, s.renewal(place)).Code(422, "invalid_request")
		}
		s.Put(s.clerk, path, s.renewal(map[string]any{"longitude": "east", "latitude": 27.4})).Code(422, "invalid_request")
		s.Post(s.clerk, path+"/withdraw", map[string]any{}).Code(422, "invalid_request")
		s.Post(department(h, "construction_group"), path+"/withdraw", map[string]any{"reason": "重复登记"}).Code(403, "forbidden")
		s.Post(s.clerk, path+"/withdraw", map[string]any{"reason": "重复登记"}).Want(204)
		s.Get(s.clerk, path).Code(404, "not_found")
		s.Post(s.clerk, path+"/withdraw", map[string]any{"reason": "重复登记"}).Code(404, "not_found")
		kept := projects + "/" + first.Text("id")
		if alone := s.Get(s.clerk, kept).Want(200); len(alone.Items("received_shared_with")) != 0 {
			t.Errorf("%s", alone.Raw)
		}
		var logged int
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT COUNT(*) FROM audit_log WHERE action LIKE '%withdraw%' AND object_id = ? AND outcome = 'done'", slip.Text("id")).Scan(&logged).Error)
		if logged != 1 {
			t.Errorf("%d entries of the log", logged)
		}
		s.Post(s.clerk, kept+"/problems", map[string]any{"text": "围挡缺失", "owner": "某公司", "due_on": s.day(3)}).Want(201)
		s.Post(s.clerk, kept+"/withdraw", map[string]any{"reason": "重复登记"}).Code(409, "project_has_history")
	})
}
