package journey

import (
	"bytes"
	"strings"
	"testing"

	"gongdi/api/apitest"
)

// recording is a voice note of so many bytes, as phones make it.
func recording(size int) []byte {
	return append([]byte("#!AMR\n"), bytes.Repeat([]byte{0x3c}, size-6)...)
}

func TestAVoiceNoteIsKeptBesideTheWords(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		resident, other := h.Resident("somebody"), h.Resident("somebody else")
		upload := func(content []byte) string {
			return h.Upload(resident, "/api/v1/files", "voice.amr", content).Want(201).Text("id")
		}
		file := func(fields map[string]any) apitest.Answer {
			fields["text"], fields["contact"] = "下水道堵塞", "none"
			return h.Post(resident, "/api/v1/complaints", fields)
		}
		voice := upload(recording(4000))
		filed := file(map[string]any{"voice_id": voice, "file_ids": []string{h.Upload(resident, "/api/v1/files", "a.png", photo(t)).Want(201).Text("id")}}).Want(201)
		id := filed.Text("id")
		heard := h.Get(resident, "/api/v1/complaints/"+id+"/files/"+voice).Want(200)
		if !bytes.Equal(heard.Raw, recording(4000)) || heard.Header.Get("Content-Type") != "audio/amr" {
			t.Errorf("%d bytes of %s", len(heard.Raw), heard.Header.Get("Content-Type"))
		}
		h.Get(other, "/api/v1/complaints/"+id+"/files/"+voice).Code(404, "not_found")
		h.Get(department(h, "market_regulation"), cases+id+"/files/"+voice).Code(404, "not_found")
		h.Get(department(h, "water"), cases+id+"/files/"+voice).Want(200)
		for name, fields := range map[string]map[string]any{
			"一分钟": {"voice_id": upload(recording(2_400_001))},
			"一段":  {"voice_id": upload(recording(100)), "file_ids": []string{upload(recording(100))}},
			"录音":  {"voice_id": h.Upload(resident, "/api/v1/files", "a.png", photo(t)).Want(201).Text("id")},
			"文件":  {"voice_id": h.Upload(other, "/api/v1/files", "voice.amr", recording(100)).Want(201).Text("id")},
		} {
			if got := file(fields).Code(422, "invalid_request"); !strings.Contains(string(got.Raw), name) || !strings.Contains(string(got.Raw), "body.voice_id") {
				t.Errorf("%s: %s", name, got.Raw)
			}
		}
		s.Get(s.clerk, cases+id+"/files/"+voice).Want(200)
	})
}

func TestAPetitionIsAnotherTrackAndListsAreSearched(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		resident := h.Resident("somebody")
		id := h.Post(resident, "/api/v1/complaints", map[string]any{"text": "下水道堵塞", "contact": "none", "estate_id": s.estates["临江花园"], "place": "3栋"}).Want(201).Text("id")
		h.Post(s.clerk, cases+id+"/refuse", word("text", "已在信访办登记")).Want(200)
		if got := h.Get(resident, "/api/v1/complaints/"+id).Want(200); got.Text("status") != "refused" || !strings.Contains(string(got.Raw), "信访工作条例") {
			t.Errorf("%s", got.Raw)
		}
		for query, want := range map[string]float64{"3栋": 1, "4栋": 0, "临江": 1, "水务": 1, "没有": 0, "%25": 0, "_": 0} {
			if n := h.Get(s.clerk, "/api/v1/staff/complaints?q="+query).Want(200).Number("total"); n != want {
				t.Errorf("%s finds %v", query, n)
			}
		}
	})
}
