package journey

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

func photo(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	apitest.Check(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))))
	return b.Bytes()
}

func TestAScanIsSeenWithItsPaperAndNowhereElse(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"paper_check": "double"})
		voters := s.voters(motion)
		voter, home := homeOf(voters[0])
		other, _ := homeOf(voters[1])
		resident := s.bind("owner", home, "owner")
		clerk, colleague := s.clerk, h.Staff(model.RoleStreet, apitest.Street)

		scan := s.Upload(clerk, "/api/v1/staff/files", "../../etc/passwd.jpg", photo(t)).Want(201)
		if scan.Text("media_type") != "image/png" || scan.Number("size") <= 0 {
			t.Errorf("%s", scan.Raw)
		}
		id := scan.Text("id")
		foreign := s.Upload(resident, "/api/v1/files", "a.png", photo(t)).Want(201).Text("id")
		path := "/api/v1/staff/motions/" + motion + "/ballots/"
		paper := func(scans ...string) map[string]any {
			return map[string]any{"channel": "paper", "choice": "agree", "scan_file_ids": scans,
				"signed_on": h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)}
		}
		for _, bad := range []string{foreign, "nothing"} {
			if a := s.Put(clerk, path+voter, paper(id, bad)).Code(422, "invalid_request"); a.Text("errors", 0, "location") != "body.scan_file_ids[1]" {
				t.Errorf("%s", a.Raw)
			}
		}
		s.Put(colleague, path+voter, paper(id)).Code(422, "invalid_request") // another's upload
		s.Put(clerk, path+voter, paper(id)).Want(200)
		s.Put(clerk, path+voter, paper(id)).Want(200)                    // typed twice
		s.Put(clerk, path+other, paper(id)).Code(422, "invalid_request") // another's paper
		waiting := s.Get(colleague, "/api/v1/staff/motions/"+motion+"/papers").Want(200)
		if waiting.Text("items", 0, "scan_file_ids", 0) != id {
			t.Errorf("%s", waiting.Raw)
		}
		shown := s.Get(colleague, path+voter+"/scans/"+id).Want(200)
		if shown.Header.Get("Content-Type") != "image/png" || !bytes.HasPrefix(shown.Raw, []byte("\x89PNG")) || shown.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v", shown.Header)
		}
		if small := s.Get(colleague, path+voter+"/scans/"+id+"?size=thumb").Want(200); small.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%v", small.Header)
		}
		s.Get(colleague, path+voter+"/scans/"+id+"?size=huge").Code(422, "invalid_request")
		s.Get(colleague, path+other+"/scans/"+id).Code(404, "not_found")
		s.Get(colleague, path+voter+"/scans/"+foreign).Code(404, "not_found")
		s.Get(resident, "/api/v1/motions/"+motion+"/papers/"+voter+"/scans/"+id).Code(404, "not_found")

		for _, c := range []struct {
			name    string
			content []byte
			status  int
			code    string
		}{
			{"no photo", []byte("<html>"), 422, "file_type_unsupported"},
			{"an empty file", nil, 422, "file_empty"},
			{"25 MB", make([]byte, 25<<20), 413, "too_large"},
			{"20 MB and a little", make([]byte, 20<<20+1), 413, "file_too_large"},
		} {
			if a := s.Upload(resident, "/api/v1/files", "a.jpg", c.content); a.Status != c.status || a.Body["code"] != c.code {
				t.Errorf("%s: %d %s", c.name, a.Status, a.Raw)
			}
		}
		s.Do(http.MethodPost, resident, "/api/v1/files", "{}").Code(422, "invalid_request")
	})
}

func TestUploadsAreSealedAndUnusedOnesForgotten(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		resident := h.Resident("r")
		h.Upload(resident, "/api/v1/files", "a.png", photo(t)).Want(201)
		kept := stored(t, h)
		if len(kept) != 1 {
			t.Fatalf("%v is kept", kept)
		}
		content, err := os.ReadFile(kept[0])
		apitest.Check(t, err)
		if bytes.Contains(content, []byte("\x89PNG")) {
			t.Error("the picture can be read without the key")
		}
		h.Wait(47 * time.Hour)
		apitest.Check(t, h.Files.Sweep(t.Context()))
		if len(stored(t, h)) != 1 {
			t.Error("it is forgotten too early")
		}
		h.Wait(2 * time.Hour)
		apitest.Check(t, h.Files.Sweep(t.Context()))
		if left := stored(t, h); len(left) != 0 {
			t.Errorf("%v is left", left)
		}
	})
}

// stored lists the files in a house's folder.
func stored(t testing.TB, h *apitest.House) []string {
	t.Helper()
	var found []string
	apitest.Check(t, filepath.WalkDir(h.FilesFolder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			found = append(found, path)
		}
		return err
	}))
	return found
}
