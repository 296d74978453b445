package journey

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

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
		s.Get(county, estate+"/file.zip").Code(403, "forbidden")
		h.Wait(3 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/tally").Want(200) // seals it
		names := filesIn(t, s.Get(s.clerk, estate+"/file.zip").Want(200).Raw)
		for _, want := range []string{"00-目录.xlsx", "01-房屋概况.xlsx", "02-意愿与表决汇总.pdf", "03-表决结果/01-改造意愿.pdf", "04-公告公示.xlsx", "05-加装电梯.xlsx", "06-资金台账.xlsx", "07-诉求统计.xlsx"} {
			if names[want] == 0 {
				t.Errorf("the file has no %s: %v", want, names)
			}
		}
		log := s.Get(h.Staff(model.RoleAuditor, apitest.Street), "/api/v1/staff/audit?action=reports.export").Want(200)
		if got := log.Number("total"); got < float64(papers*2/3) { // the county's lie in the street too, where their area does
			t.Errorf("%v of %d papers are in the log", got, papers)
		}
		if got := s.Get(h.Staff(model.RoleAuditor, apitest.Street), "/api/v1/staff/audit?action=dossier.export").Want(200); got.Number("total") != 1 {
			t.Errorf("%s", got.Raw)
		}
	})
}

// filesIn are the files of a zip with their sizes.
func filesIn(t *testing.T, content []byte) map[string]int {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	apitest.Check(t, err)
	out := map[string]int{}
	for _, f := range z.File {
		r, err := f.Open()
		apitest.Check(t, err)
		text, err := io.ReadAll(r)
		apitest.Check(t, err)
		out[f.Name] = len(text)
	}
	return out
}
