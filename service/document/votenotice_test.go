package document

import (
	"bytes"
	"image"
	_ "image/png"
	"os"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

func TestTheNoticeOfAVoteSaysWhatWhoAndHow(t *testing.T) {
	for name, c := range map[string]struct {
		result Result
		want   []string
	}{
		"lift":   {liftMotion(), []string{"表决公告", "全体业主", "24人", "2026年9月27日", "怎样投票", "授权委托书", "四分之三", "盖章处", "不视为同意"}},
		"survey": {survey(), []string{"意愿调查公告", "全体居民", "每户一份"}},
	} {
		var file bytes.Buffer
		if err := VoteNotice(&file, c.result); err != nil {
			t.Fatal(err)
		}
		keep(t, "notice-"+name+".pdf", file.Bytes())
		text := body(read(t, file.Bytes()))
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not on the notice", name, want)
			}
		}
		if strings.Contains(text, "〓") {
			t.Errorf("%s: a character is missing", name)
		}
	}
}

func TestAPowerOfAttorneyHasAllThatTheLawDemandsOnOnePage(t *testing.T) {
	var file bytes.Buffer
	if err := AuthorisationForm(&file, liftMotion()); err != nil {
		t.Fatal(err)
	}
	keep(t, "authorisation.pdf", file.Bytes())
	text := body(read(t, file.Bytes()))
	for _, want := range []string{"授权委托书", "委托人", "代理人", "代理事项", "代理权限", "代理期限", "签署日期", "3栋2单元"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the form", want)
		}
	}
	if n := bytes.Count(file.Bytes(), []byte("/Type /Page\n")); n > 1 {
		t.Errorf("%d pages", n)
	}
}

// keep leaves a document to be looked at, where GONGDI_TEST_PAPERS names a folder.
func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if folder := os.Getenv("GONGDI_TEST_PAPERS"); folder != "" {
		if err := os.WriteFile(folder+"/"+name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A reader that is not ours reads the codes: of a sheet, and of an address.
func TestCodesAreReadByAReaderLibrary(t *testing.T) {
	for _, text := range []string{"7K3M-Q9TX-2PFC", "https://gongdi.example.cn/m/01J8ZQ4T9V7K2M3N5P6R8S0W1X"} {
		drawn, err := QR(text, 240)
		if err != nil {
			t.Fatal(err)
		}
		picture, _, err := image.Decode(bytes.NewReader(drawn))
		if err != nil {
			t.Fatal(err)
		}
		if got := readCode(t, picture); got != text {
			t.Errorf("read %q, want %q", got, text)
		}
		rows, err := modules(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := readCode(t, codeImage(rows)); got != text {
			t.Errorf("on paper: read %q, want %q", got, text)
		}
	}
}

func readCode(t *testing.T, picture image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

// printed draws the squares as a page has them, with white around.
func codeImage(rows [][]bool) image.Image {
	const side, quiet = 6, 4
	n := (len(rows) + 2*quiet) * side
	page := image.NewGray(image.Rect(0, 0, n, n))
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	for y, row := range rows {
		for x, dark := range row {
			for dy := 0; dark && dy < side; dy++ {
				for dx := range side {
					page.Pix[((y+quiet)*side+dy)*page.Stride+(x+quiet)*side+dx] = 0
				}
			}
		}
	}
	return page
}
