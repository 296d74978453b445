package journey

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
)

// TestEveryWorkbookSaysFromWhenItIsAndWhoMadeIt takes out whatever the office
// can take out as a workbook.
func TestEveryWorkbookSaysFromWhenItIsAndWhoMadeIt(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		ids := s.things(motion, voter, home)
		ids["notices"] = s.publicity("临江花园", nil) // one that households read
		asking := map[string]string{
			"survey-templates": "?code=" + s.Get(s.clerk, "/api/v1/staff/survey-templates").Want(200).Text("items", 0, "code"),
			"pledges.xlsx":     "?purpose_type=estate&purpose_id=" + ids["estates"],
		}
		made := map[string][]byte{}
		take := func(path string) {
			kind := strings.Split(strings.TrimPrefix(path, "/api/v1/staff/"), "/")[0]
			made[path] = s.Get(s.clerk, strings.Replace(path, "{id}", ids[kind], 1)+asking[kind]).Want(200).Raw
		}
		var sealed []string
		for _, r := range s.API.Routes() {
			switch {
			case !strings.HasSuffix(r.Path, ".xlsx"):
			case strings.HasSuffix(r.Path, "/result.xlsx"):
				sealed = append(sealed, r.Path)
			default:
				take(r.Path)
			}
		}
		at := h.Now()
		for path, content := range made {
			saysWhoMadeIt(t, path, content, at)
		}
		h.Wait(3 * time.Hour)
		s.clerk = h.Staff("street", apitest.Street)
		s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/tally").Want(200) // seals it
		for _, path := range sealed {
			take(path)
			saysWhoMadeIt(t, path, made[path], h.Now())
		}
		if len(made) < 16 {
			t.Errorf("%d workbooks", len(made))
		}
	})
}

// saysWhoMadeIt holds that a workbook's properties and each of its printed
// pages name who made it, a member of the street's staff, and when: at, or up
// to a minute before.
func saysWhoMadeIt(t *testing.T, name string, content []byte, at time.Time) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	apitest.Check(t, err)
	props, err := f.GetDocProps()
	apitest.Check(t, err)
	created, err := time.Parse(time.RFC3339, props.Created)
	apitest.Check(t, err)
	if !strings.HasPrefix(props.Creator, "鼓场街道　") || created.After(at) || created.Before(at.Add(-time.Minute)) || props.Modified != props.Created || props.LastModifiedBy != props.Creator {
		t.Errorf("%s is by %q of %s, at %s: %+v", name, props.Creator, props.Created, at, props)
	}
	words := "&R数据截至" + created.In(time.FixedZone("", 8*3600)).Format("2006年1月2日15:04") + "；制表：" + props.Creator + "。"
	for _, sheet := range f.GetSheetList() {
		footer, err := f.GetHeaderFooter(sheet)
		apitest.Check(t, err)
		if footer == nil || !strings.HasSuffix(footer.OddFooter, words) {
			t.Errorf("%s, %s: the footer is %+v, without %q", name, sheet, footer, words)
		}
	}
}
