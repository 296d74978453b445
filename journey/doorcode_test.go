package journey

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"gongdi/api/apitest"
	"gongdi/service/wechat/standin"
)

func readCode(t *testing.T, content []byte) string {
	t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(content))
	apitest.Check(t, err)
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	apitest.Check(t, err)
	// The picture holds a code and nothing else: no search for its corners.
	drawn := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}
	result, err := qrcode.NewQRCodeReader().Decode(bits, drawn)
	apitest.Check(t, err)
	return result.GetText()
}

// TestACodeLeadsFromTheDoorIntoTheMiniProgram reads the codes back.
func TestACodeLeadsFromTheDoorIntoTheMiniProgram(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	estate, motion := s.estates["临江花园"], s.put("临江花园", nil)
	building := s.Get(s.clerk, "/api/v1/staff/estates/"+estate+"/buildings").Want(200).Text("items", 0, "id")
	unit := s.Get(s.clerk, "/api/v1/staff/estates/"+estate+"/units").Want(200).Text("items", 0, "id")
	notice := s.publicity("临江花园", nil)
	for kind, c := range map[string]struct{ id, scene string }{
		"estate": {estate, "e:" + estate}, "building": {building, "b:" + building}, "unit": {unit, "u:" + unit}, "motion": {motion, "m:" + motion},
		"notice": {notice, "n:" + notice},
	} {
		path := "/api/v1/staff/codes/" + kind + "/" + c.id
		got := s.Get(s.clerk, path).Want(200)
		if text := readCode(t, got.Raw); text != "standin://pages/door/index?scene="+c.scene || got.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s leads to %s (%s)", kind, text, got.Header.Get("Content-Type"))
		}
		found := s.Get("", "/api/v1/public/codes/"+c.scene).Want(200)
		if found.Text("type") != kind || found.Text("id") != c.id || found.Text("label") == "" || found.Text("community") == "" {
			t.Errorf("%s is resolved to %s", kind, found.Raw)
		}
		if page := s.Get("", "/d/"+c.scene).Want(200); !strings.Contains(string(page.Raw), found.Text("label")) || page.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s opens %s", kind, page.Raw)
		}
		if card := s.Get(s.clerk, path+"/card.pdf").Want(200); string(card.Raw[:4]) != "%PDF" {
			t.Errorf("%s has no card", kind)
		}
		// An error of the platform is never saved as a picture.
		apitest.Check(t, h.Wechat.Fail(standin.Fault{Path: "/wxa/getwxacodeunlimit", Errcode: 45009, Times: 1}))
		plain := s.Get(s.clerk, path).Want(200)
		if text := readCode(t, plain.Raw); text != c.scene || plain.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%s stands in with %s", kind, text)
		}
	}
	h.Codes.Public = "https://gongdi.example.cn/"
	apitest.Check(t, h.Wechat.Fail(standin.Fault{Path: "/wxa/getwxacodeunlimit", HTTP: 502, Times: 1}))
	if text := readCode(t, s.Get(s.clerk, "/api/v1/staff/codes/unit/"+unit).Want(200).Raw); text != "https://gongdi.example.cn/d/u:"+unit {
		t.Errorf("a plain code leads to %s", text)
	}
	draft := s.Post(s.clerk, "/api/v1/staff/motions", map[string]any{
		"scope": map[string]any{"type": "estate", "id": estate}, "kind": "willingness", "title": "草稿", "text": "？",
		"opens_at": s.Now(), "closes_at": s.Now().Add(time.Hour),
	}).Want(201).Text("id")
	unpublished := s.Post(s.clerk, office, s.noticeFor("临江花园", nil)).Want(201).Text("id")
	later := s.Post(s.clerk, office, s.noticeFor("临江花园", nil)).Want(201).Text("id")
	s.Post(s.clerk, office+"/"+later+"/publish", map[string]any{"publish_at": s.Now().Add(time.Hour)}).Want(200)
	for _, scene := range []string{"m:" + draft, "n:" + unpublished, "n:" + later, "u:none", "x:" + unit, "u", ":", "<b>"} {
		s.Get("", "/api/v1/public/codes/"+scene).Code(404, "not_found")
		s.Get("", "/d/"+scene).Want(404)
	}
	s.Get(s.clerk, "/api/v1/staff/codes/unit/none").Code(404, "not_found")
	s.Get(s.clerk, "/api/v1/staff/codes/planet/"+unit).Code(404, "not_found")
}
