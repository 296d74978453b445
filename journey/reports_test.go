package journey

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
)

// TestPapersGoUpward makes each paper in both forms, inside one's area alone,
// and finds each in the log.
func TestPapersGoUpward(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		s.Put(s.bind("owner", home, "tenant"), "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree"}).Want(200)
		s.Post(s.clerk, "/api/v1/staff/complaints", map[string]any{"text": "水管漏水", "estate_id": s.estates["临江花园"]}).Want(201)
		county, community := h.Staff(model.RoleCounty, "520523"), h.Staff(model.RoleCommunity, apitest.Street+"001")
		estate := "/api/v1/staff/estates/" + s.estates["临江花园"]
		papers := 0
		for _, path := range []string{"/api/v1/staff/reports/monthly", "/api/v1/staff/reports/departments", estate + "/consent"} {
			for ending, begins := range map[string]string{".pdf": "%PDF", ".xlsx": "PK"} {
				for _, token := range []string{s.clerk, county, community} {
					if got := s.Get(token, path+ending).Want(200); !strings.HasPrefix(string(got.Raw), begins) {
						t.Errorf("%s%s begins with %q", path, ending, got.Raw[:8])
					}
					papers++
				}
				if path != estate+"/consent" {
					s.Get(community, path+ending+"?area="+apitest.Street).Code(404, "not_found")
					s.Get(community, path+ending+"?month=2026-13").Code(422, "invalid_request")
				}
			}
		}
		h.Wait(3 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/tally").Want(200) // seals it
		county, community = h.Staff(model.RoleCounty, "520523"), h.Staff(model.RoleCommunity, apitest.Street+"001")
		whole := map[string]any{"kind": "estate_file", "id": s.estates["临江花园"]}
		s.Post(county, exportOffice, whole).Code(403, "forbidden")
		s.Post(h.Staff(model.RoleCommunity, apitest.Street+"002"), exportOffice, whole).Code(422, "invalid_request")
		s.Post(s.clerk, exportOffice, map[string]any{"kind": "estate_file", "id": "none"}).Code(422, "invalid_request")
		s.Post(s.clerk, exportOffice, map[string]any{"kind": "estate_file", "id": whole["id"], "options": map[string]any{"color": "red"}}).Code(422, "invalid_request")
		dropped := s.Post(s.clerk, exportOffice, whole).Want(202).Text("id")
		s.Do("DELETE", s.clerk, exportOffice+"/"+dropped, nil).Want(204)
		done, zipped := s.taken(community, whole)
		s.Get(s.clerk, exportOffice+"/"+done.Text("id")+"/file").Code(404, "not_found")
		files := filesIn(t, zipped)
		if done.Number("total") != float64(len(files)) || done.Number("done") != float64(len(files)) || !strings.HasSuffix(done.Text("file", "name"), ".zip") {
			t.Errorf("%s of %d papers", done.Raw, len(files))
		}
		for _, want := range []string{"00-目录.xlsx", "01-房屋概况.xlsx", "02-意愿与表决汇总.pdf", "03-表决结果/01-改造意愿.pdf", "04-公告公示.xlsx", "05-加装电梯.xlsx", "06-资金台账.xlsx", "07-诉求统计.xlsx"} {
			if len(files[want]) == 0 {
				t.Errorf("the file has no %s", want)
			}
		}
		if logged := s.count("SELECT COUNT(*) FROM audit_log WHERE action = 'dossier.export.zip' AND object_id = ?", whole["id"]); logged != 1 {
			t.Errorf("the making of the file is logged %d times", logged)
		}
		log := s.Get(h.Staff(model.RoleAuditor, apitest.Street), "/api/v1/staff/audit?action=reports.export").Want(200)
		if got := log.Number("total"); got < float64(papers*2/3) { // the county's lie in the street too, where their area does
			t.Errorf("%v of %d papers are in the log", got, papers)
		}
		if got := s.Get(h.Staff(model.RoleAuditor, apitest.Street), "/api/v1/staff/audit?action=dossier.export").Want(200); got.Number("total") != 5 { // asked for twice, dropped, made and taken
			t.Errorf("%s", got.Raw)
		}
	})
}

// TestAnEstatesFileSaysWhatTheScreensSay reads its lists: figures as numbers,
// words for codes, notices of its stairwells and the money of its lifts.
func TestAnEstatesFileSaysWhatTheScreensSay(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		pledge := m.pledge(4, nil).Want(200).Text("id")
		entry := m.entry(200_001, "回单1")
		entry["source"] = "cash"
		receipt := m.Post(m.clerk, pledges+"/"+pledge+"/receipts", entry).Want(201).Text("id")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+receipt+"/check", nil).Want(200)
		for _, audience := range []map[string]any{{"type": "unit", "id": m.unit}, {"type": "building", "id": m.Get(m.clerk, "/api/v1/staff/estates/"+m.estates["供电局家属院"]+"/buildings").Want(200).Text("items", 0, "id")}} {
			m.publicity("供电局家属院", map[string]any{"audience": audience})
		}
		m.publicity("临江花园", nil)
		_, zipped := m.taken(m.clerk, map[string]any{"kind": "estate_file", "id": m.estates["供电局家属院"]})
		files := filesIn(t, zipped)
		homes := m.Get(m.clerk, "/api/v1/staff/properties?page_size=200&estate_id="+m.estates["供电局家属院"]).Want(200)
		area := 0
		for i := range homes.Items("items") {
			area += int(homes.Number("items", i, "area_m2")*100 + 0.5)
		}
		listed := 0
		for _, row := range table(t, files["01-房屋概况.xlsx"], "房屋概况")[1:] {
			metres, err := strconv.ParseFloat(row[2], 64)
			apitest.Check(t, err)
			listed += int(metres*100 + 0.5)
		}
		if listed != area || area == 0 {
			t.Errorf("%d of 0.01 m² are in the file, %d on the screen", listed, area)
		}
		for sheet, want := range map[[2]string]string{
			{"04-公告公示.xlsx", "公告公示"}:   "春季改造方案 公示 供电局家属院",
			{"05-加装电梯.xlsx", "加装电梯方案"}: "供电局家属院",
			{"06-资金台账.xlsx", "资金"}:     "居民直接出资 2000.01 0 2000.01",
		} {
			rows := table(t, files[sheet[0]], sheet[1])
			if got := strings.Join(rows[1], " "); !strings.HasPrefix(got, want) {
				t.Errorf("%s says %q", sheet[0], got)
			}
			if sheet[1] == "公告公示" && len(rows) != 3 {
				t.Errorf("%d notices", len(rows)-1)
			}
			if sheet[1] == "加装电梯方案" && rows[1][len(rows[1])-1] != "进行中" {
				t.Errorf("%v", rows)
			}
		}
		for name, content := range files {
			if strings.HasSuffix(name, ".xlsx") {
				saysWhoMadeIt(t, name, content, h.Now())
			}
			if strings.HasSuffix(name, ".xlsx") && !strings.HasPrefix(name, "08") {
				if about := fmt.Sprint(table(t, content, "说明")); !strings.Contains(about, "数据截至") || !strings.Contains(about, "制表") {
					t.Errorf("%s does not say when it was made and by whom: %s", name, about)
				}
			}
		}
	})
}

// TestAnEstatesFileHoldsWhatItsSurveysCameTo has surveys of an estate and of a
// stairwell that are over, one that runs, and one of another estate.
func TestAnEstatesFileHoldsWhatItsSurveysCameTo(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const estate = "临江花园"
		homes := s.homesIn(estate)
		few := s.survey(estate, map[string]any{"title": "匿名/意愿", "anonymous": true})
		s.anonymously(few, homes, 4)
		stairwell := s.survey(estate, map[string]any{"title": "楼道调查", "audience": map[string]any{"type": "unit", "id": s.stairwell(estate).unit}, "closes_at": h.Now().Add(25 * time.Hour)})
		s.survey(estate, map[string]any{"title": "还在调查", "closes_at": h.Now().Add(72 * time.Hour)})
		s.survey("供电局家属院", map[string]any{"title": "别处调查"})
		h.Wait(26 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		_, zipped := s.taken(s.clerk, map[string]any{"kind": "estate_file", "id": s.estates[estate]})
		files := filesIn(t, zipped)
		index := fmt.Sprint(table(t, files["00-目录.xlsx"], "目录"))
		for name, id := range map[string]string{"10-问卷调查/01-匿名_意愿.pdf": few, "10-问卷调查/02-楼道调查.pdf": stairwell} {
			if !bytes.Equal(files[name], s.Get(s.clerk, "/api/v1/staff/surveys/"+id+"/report.pdf").Want(200).Raw) {
				t.Errorf("%s is not the survey's own report", name)
			}
			if !strings.Contains(index, "["+name+" 问卷调查报告：") {
				t.Errorf("no %s in %s", name, index)
			}
		}
		if strings.Contains(index, "还在调查") || strings.Contains(index, "别处调查") || strings.Count(index, "问卷调查报告") != 2 {
			t.Error(index)
		}
	})
}

// table are the rows of a workbook's sheet, numbers as they are stored.
func table(t *testing.T, content []byte, sheet string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	apitest.Check(t, err)
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	apitest.Check(t, err)
	return rows
}

// filesIn are the files of a zip by their names.
func filesIn(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	apitest.Check(t, err)
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		apitest.Check(t, err)
		text, err := io.ReadAll(r)
		apitest.Check(t, err)
		out[f.Name] = text
	}
	return out
}
