package staff_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/roster"
)

const community = apitest.Street + "001"

// template is the list that the office hands out, with its examples in it.
func template(t *testing.T) []byte {
	t.Helper()
	var list bytes.Buffer
	apitest.Check(t, roster.Template(&list))
	return list.Bytes()
}

// listOf makes a list of homes, as room, area and owner.
func listOf(t *testing.T, homes ...[3]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]string{{"社区", "小区名称", "楼栋", "单元", "楼层", "房号", "专有部分面积", "产权人"}}
	for _, h := range homes {
		rows = append(rows, []string{"示例社区", "示例小区", "2栋", "1单元", "1", h[0], h[1], h[2]})
	}
	for i, r := range rows {
		apitest.Check(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r))
	}
	var list bytes.Buffer
	apitest.Check(t, f.Write(&list))
	return list.Bytes()
}

const imports = "/api/v1/staff/roster-imports"

func TestImportingAList(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		token := h.Staff(model.RoleStreet, apitest.Street)
		list := template(t)
		dry := h.Upload(token, imports+"?dry_run=true", "名册.xlsx", list).Want(http.StatusOK)
		if dry.At("applied") != false || dry.Text("estates", 0, "id") != "" || dry.Number("valid") != 3 {
			t.Errorf("a dry run: %s", dry.Raw)
		}
		first := h.Upload(token, imports, "名册.xlsx", list).Want(http.StatusCreated)
		again := h.Upload(token, imports, "名册.xlsx", list).Want(http.StatusCreated)
		for _, a := range []apitest.Answer{first, again} {
			if a.Number("rows") != 3 || a.Number("valid") != 3 || a.Number("incomplete") != 0 || len(a.Items("errors")) != 0 || a.At("applied") != true ||
				a.Text("estates", 0, "name") != "示例小区" || a.Text("estates", 0, "community") != "示例社区" ||
				a.Number("estates", 0, "properties") != 3 || a.Number("estates", 0, "heads") != 3 || a.Number("estates", 0, "area_m2") != 217.86 {
				t.Errorf("got %s", a.Raw)
			}
		}
		if first.Number("changes", "created") != 3 || again.Number("changes", "unchanged") != 3 || first.Text("id") == again.Text("id") {
			t.Errorf("first %s, again %s", first.Raw, again.Raw)
		}
		if !strings.Contains(string(first.Raw), `"area_m2":217.86`) {
			t.Error("the area is not a number with two decimals")
		}
		if kept := h.Get(token, imports+"/"+first.Text("id")).Want(http.StatusOK); !bytes.Equal(kept.Raw, first.Raw) {
			t.Errorf("kept %s", kept.Raw)
		}
		if n := h.Get(token, imports).Want(http.StatusOK).Number("total"); n != 2 {
			t.Errorf("%v imports", n)
		}
		estates := h.Get(h.Staff(model.RoleCommunity, community), "/api/v1/staff/estates").Want(http.StatusOK)
		if estates.Text("items", 0, "area") != community || estates.Text("items", 0, "community") != "示例社区" {
			t.Errorf("the new community sees %s", estates.Raw)
		}
	})
}

func TestAListWithErrors(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Staff(model.RoleStreet, apitest.Street)
	list := listOf(t, [3]string{"101", "80.5", "张某某"}, [3]string{"102", "", "李某某"}, [3]string{"", "70", "王某某"})
	refused := h.Upload(token, imports, "名册.xlsx", list).Code(http.StatusUnprocessableEntity, "roster_has_errors")
	if refused.Number("report", "rows") != 3 || refused.Text("report", "errors", 0, "code") != "area_missing" || refused.Number("report", "errors", 1, "row") != 4 ||
		refused.Text("report", "errors", 0, "column") != "G" || refused.Text("report", "id") != "" || refused.At("report", "applied") != false {
		t.Errorf("got %s", refused.Raw)
	}
	h.Upload(token, imports+"?dry_run=true", "名册.xlsx", list).Want(http.StatusOK)
	if n := h.Get(token, "/api/v1/staff/estates").Want(http.StatusOK).Number("total"); n != 0 {
		t.Errorf("%v estates of a refused list", n)
	}
	taken := h.Upload(token, imports+"?accept_valid=true", "名册.xlsx", list).Want(http.StatusCreated)
	if taken.Number("valid") != 1 || taken.Number("incomplete") != 1 || taken.Number("estates", 0, "incomplete") != 1 {
		t.Errorf("got %s", taken.Raw)
	}
	for _, a := range []apitest.Answer{refused, taken} {
		if strings.Contains(string(a.Raw), "某某") {
			t.Error("the report names owners")
		}
	}
}

func TestFilesThatAreNoLists(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Staff(model.RoleStreet, apitest.Street)
	h.Upload(token, imports, "a.xlsx", []byte("PK nothing")).Code(http.StatusUnprocessableEntity, "roster_unreadable")
	h.Upload(token, imports, "a.xlsx", nil).Code(http.StatusUnprocessableEntity, "roster_unreadable")
	empty := excelize.NewFile()
	defer empty.Close()
	var none bytes.Buffer
	apitest.Check(t, empty.Write(&none))
	h.Upload(token, imports, "a.xlsx", none.Bytes()).Code(http.StatusUnprocessableEntity, "roster_no_header")
	h.Upload(token, imports, "a.xlsx", make([]byte, 21<<20)).Code(http.StatusRequestEntityTooLarge, "too_large")
	h.Do(http.MethodPost, token, imports, strings.NewReader("--x--"), "Content-Type", "multipart/form-data; boundary=x").Code(http.StatusUnprocessableEntity, "invalid_request")
	h.Do(http.MethodPost, token, imports, strings.NewReader("torn"), "Content-Type", "multipart/form-data; boundary=x").Code(http.StatusBadRequest, "bad_request")
	h.Do(http.MethodPost, token, imports, "{}").Want(http.StatusUnprocessableEntity)
}

func TestACommunityMayNotImportForAnother(t *testing.T) {
	h := apitest.SQLite(t)
	h.Upload(h.Staff(model.RoleStreet, apitest.Street), imports, "名册.xlsx", listOf(t, [3]string{"101", "80", "张某某"})).Want(http.StatusCreated)
	own := h.Staff(model.RoleCommunity, community)
	h.Upload(own, imports, "名册.xlsx", listOf(t, [3]string{"102", "80", "李某某"})).Want(http.StatusCreated)
	f, err := excelize.OpenReader(bytes.NewReader(template(t)))
	apitest.Check(t, err)
	apitest.Check(t, f.SetCellStr("房屋及产权人", "A2", "别的社区"))
	var other bytes.Buffer
	apitest.Check(t, f.Write(&other))
	refused := h.Upload(own, imports, "名册.xlsx", other.Bytes()).Code(http.StatusForbidden, "outside_area")
	if strings.Contains(string(refused.Raw), "别的") {
		t.Error("the refusal quotes the list")
	}
}

func TestTheTemplateAndTheMarkedCopyAreWorkbooks(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Staff(model.RoleStreet, apitest.Street)
	for what, a := range map[string]apitest.Answer{
		"the template":    h.Get(token, imports+"/template"),
		"the marked copy": h.Upload(token, imports+"/marked", "名册.xlsx", listOf(t, [3]string{"101", "", "张某某"})),
	} {
		a.Want(http.StatusOK)
		f, err := excelize.OpenReader(bytes.NewReader(a.Raw))
		if err != nil || !strings.Contains(a.Header.Get("Content-Disposition"), ".xlsx") {
			t.Fatalf("%s: %v", what, err)
		}
		rows, err := f.GetRows(f.GetSheetList()[0])
		apitest.Check(t, err)
		if what == "the marked copy" && !strings.Contains(strings.Join(rows[1], " "), roster.AreaMissing.Message()) {
			t.Errorf("%s: %v", what, rows)
		}
	}
}

// stored imports the template and gives the id of a home.
func stored(t *testing.T, h *apitest.House, token, room string) string {
	t.Helper()
	h.Upload(token, imports, "名册.xlsx", template(t)).Want(http.StatusCreated)
	return h.Get(token, "/api/v1/staff/properties?room="+room).Want(http.StatusOK).Text("items", 0, "id")
}

func TestWhatTheOfficeReadsOfEstates(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Staff(model.RoleStreet, apitest.Street)
	stored(t, h, token, "101")
	estate := h.Get(token, "/api/v1/staff/estates?q=示例").Want(http.StatusOK)
	if estate.Number("total") != 1 || estate.Number("items", 0, "properties") != 3 || estate.Number("items", 0, "built_year") != 1996 {
		t.Fatalf("got %s", estate.Raw)
	}
	path := "/api/v1/staff/estates/" + estate.Text("items", 0, "id")
	buildings := h.Get(token, path+"/buildings").Want(http.StatusOK)
	if buildings.Text("items", 0, "building") != "1栋" || buildings.Number("items", 0, "units") != 1 || buildings.Number("items", 0, "homes") != 3 || buildings.Number("total") != 1 {
		t.Errorf("got %s", buildings.Raw)
	}
	units := h.Get(token, path+"/units").Want(http.StatusOK)
	if units.Text("items", 0, "unit") != "1单元" || units.Text("items", 0, "building") != "1栋" || units.Number("items", 0, "floors") != 1 || units.Number("items", 0, "homes") != 2 || units.Number("total") != 1 {
		t.Errorf("got %s", units.Raw)
	}
	elsewhere := h.Staff(model.RoleCommunity, community) // 示例社区, made by the import
	h.Get(elsewhere, path+"/units").Want(http.StatusOK)
	h.Get(token, "/api/v1/staff/estates/no-such-id/units").Code(http.StatusNotFound, "not_found")
}

func TestOwnersAreMaskedUnlessRevealedForAReason(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Staff(model.RoleStreet, apitest.Street)
	id := stored(t, h, token, "101")
	path := "/api/v1/staff/properties/" + id
	masked := h.Get(token, path).Want(http.StatusOK)
	if masked.Text("owners", 0, "name_masked") != "张*某" || masked.Text("owners", 0, "document_masked") != "110105********002X" || masked.Text("owners", 0, "phone_masked") != "199****0001" {
		t.Errorf("got %s", masked.Raw)
	}
	h.Post(token, path+"/reveal", map[string]any{"reason": " "}).Code(http.StatusUnprocessableEntity, "invalid_request")
	full := h.Post(token, path+"/reveal", map[string]any{"reason": "上门核对"}).Want(http.StatusOK)
	if full.Text("owners", 0, "name") != "张某某" || full.Text("owners", 0, "document") != "11010519491231002X" || full.Text("certificate") == "" {
		t.Errorf("got %s", full.Raw)
	}
	log := string(h.Get(h.Staff(model.RoleAuditor, apitest.Street), "/api/v1/staff/audit").Raw)
	if !strings.Contains(log, "person.reveal") || !strings.Contains(log, "上门核对") || strings.Contains(log, "张某某") {
		t.Errorf("audit %s", log)
	}
}

func TestCorrectingAHome(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Staff(model.RoleStreet, apitest.Street)
	path := "/api/v1/staff/properties/" + stored(t, h, token, "101")
	cases := []struct {
		name, body string
		want       int
		code       string
	}{
		{"without a reason", `{"floor":2}`, 422, "invalid_request"},
		{"an empty reason", `{"floor":2,"reason":"  "}`, 422, "invalid_request"},
		{"nothing", `{"reason":"补正"}`, 422, "invalid_request"},
		{"a field that is not there", `{"floor":2,"flor":2,"reason":"补正"}`, 422, "invalid_request"},
		{"three decimals", `{"area_m2":80.125,"reason":"补正"}`, 422, "invalid_request"},
		{"no area", `{"area_m2":0,"reason":"补正"}`, 422, "invalid_request"},
		{"an area as text", `{"area_m2":"80","reason":"补正"}`, 422, "invalid_request"},
		{"an unsound number", `{"owners":[{"name":"张某某","document":"110105194912310021"}],"reason":"补正"}`, 422, "invalid_request"},
		{"no owner", `{"owners":[],"reason":"补正"}`, 422, "invalid_request"},
		{"an older version", `{"floor":2,"version":9,"reason":"补正"}`, 409, "property_changed"},
		{"no JSON", `{`, 400, "bad_request"},
	}
	for _, c := range cases {
		answer := h.Do(http.MethodPatch, token, path, c.body)
		if answer.Status != c.want || answer.Body["code"] != c.code || strings.Contains(string(answer.Raw), "110105194912310021") {
			t.Errorf("%s: %d %s", c.name, answer.Status, answer.Raw)
		}
	}
	done := h.Do(http.MethodPatch, token, path, `{"area_m2":81.2,"area_source":"survey","floor":-1,"use":"mixed","version":1,"reason":"实测",
		"owners":[{"name":"张某某","share":"1/2"},{"name":"李某某","phone":"199 0000 0009","share":"1/2"}]}`).Want(http.StatusOK)
	if done.Number("area_m2") != 81.2 || done.Number("floor") != -1 || done.Text("use") != "mixed" || done.Number("version") != 2 ||
		done.At("owners", 0, "document_sound") != true || done.Text("owners", 1, "share") != "1/2" {
		t.Errorf("got %s", done.Raw)
	}
	history := h.Get(token, path+"/history").Want(http.StatusOK)
	if history.Number("total") != 1 || history.Text("items", 0, "reason") != "实测" || history.Number("items", 0, "before", "area_m2") != 80.5 || strings.Contains(string(history.Raw), "张某某") {
		t.Errorf("got %s", history.Raw)
	}
}
