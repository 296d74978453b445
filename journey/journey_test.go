package journey

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/evidence"
)

// roster is the demo's list: six estates, a home without an area, one without
// an owner.
func roster(t testing.TB) []byte {
	t.Helper()
	content, err := os.ReadFile("../cmd/demodata/roster.xlsx")
	apitest.Check(t, err)
	return content
}

// street is a house with the list imported and a clerk logged in.
type street struct {
	*apitest.House
	clerk   string
	estates map[string]string
}

func open(t testing.TB, h *apitest.House) *street {
	t.Helper()
	s := &street{House: h, clerk: h.Staff(model.RoleStreet, apitest.Street), estates: map[string]string{}}
	done := s.Upload(s.clerk, "/api/v1/staff/roster-imports?accept_valid=true", "list.xlsx", roster(t)).Want(http.StatusCreated)
	for i := range done.Items("estates") {
		s.estates[done.Text("estates", i, "name")] = done.Text("estates", i, "id")
	}
	return s
}

// put drafts and publishes a motion over an estate, open at once.
func (s *street) put(estate string, more map[string]any) (motion string) {
	s.T.Helper()
	body := map[string]any{
		"scope": map[string]any{"type": "estate", "id": s.estates[estate]}, "kind": "willingness", "title": "改造意愿", "text": "是否愿意？",
		"opens_at": s.Now().Add(-time.Minute), "closes_at": s.Now().Add(time.Hour), "count_until": s.Now().Add(2 * time.Hour),
	}
	for k, v := range more {
		body[k] = v
	}
	id := s.Post(s.clerk, "/api/v1/staff/motions", body).Want(http.StatusCreated).Text("id")
	s.Post(s.clerk, "/api/v1/staff/motions/"+id+"/publish", nil).Want(http.StatusOK)
	return id
}

// bind ties a new resident to a home as a tenant whom the community verifies.
func (s *street) bind(openID, property, relation string) (token string) {
	s.T.Helper()
	token = s.Resident(openID)
	version := s.Get("", "/api/v1/public/privacy").Text("version")
	bound := s.Post(token, "/api/v1/me/bindings", map[string]any{
		"property_id": property, "name": "某人", "relation": relation, "privacy_version": version,
	}).Want(http.StatusCreated)
	if bound.Text("status") == "pending" {
		s.Post(s.clerk, "/api/v1/staff/bindings/"+bound.Text("id")+"/verify", nil).Want(http.StatusOK)
	}
	return token
}

func (s *street) voters(motion string) []any {
	s.T.Helper()
	return s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/voters?page_size=200").Want(http.StatusOK).Items("items")
}

func homeOf(voter any) (id, property string) {
	v := voter.(map[string]any)
	return v["voter_id"].(string), v["properties"].([]any)[0].(map[string]any)["id"].(string)
}

func TestFromAListInExcelToACheckedResult(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Upload(h.Staff(model.RoleStreet, apitest.Street), "/api/v1/staff/roster-imports", "list.xlsx", roster(t)).Code(422, "roster_has_errors")
		s := open(t, h)
		again := s.Upload(s.clerk, "/api/v1/staff/roster-imports?accept_valid=true", "list.xlsx", roster(t)).Want(201)
		if again.Number("changes", "created") != 0 {
			t.Errorf("the same list again made homes: %s", again.Raw)
		}
		motion := s.put("东门新村", nil)
		path := "/api/v1/motions/" + motion
		voters := s.voters(motion)
		var mine, myVoter string
		for i, v := range voters {
			voter, home := homeOf(v)
			if i == 0 {
				mine, myVoter = s.bind("owner", home, "owner"), voter
				s.Put(mine, path+"/ballots/"+voter, map[string]any{"choice": "oppose"}).Want(200)
				s.Put(mine, path+"/ballots/"+voter, map[string]any{"choice": "agree", "comment": "好"}).Want(200)
				continue
			}
			if i%4 == 3 {
				continue
			}
			s.Put(s.clerk, "/api/v1/staff/motions/"+motion+"/ballots/"+voter, map[string]any{
				"channel": "paper", "choice": "agree", "signed_on": s.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly),
			}).Want(200)
		}
		for _, token := range []string{s.clerk, h.Staff(model.RoleCounty, "520523")} {
			if hidden := s.Get(token, "/api/v1/staff/motions/"+motion+"/tally").Want(200); hidden.At("agree") != nil || hidden.At("outcome") != nil {
				t.Errorf("shown while voting runs: %s", hidden.Raw)
			}
		}
		s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/result.pdf").Code(409, "motion_not_closed")
		_, other := homeOf(s.voters(s.put("石岭小区", nil))[0])
		stranger := s.bind("stranger", other, "owner")
		s.Get(stranger, path).Code(404, "not_found")
		s.Put(stranger, path+"/ballots/"+myVoter, "{").Code(403, "not_your_ballot")

		s.Wait(3 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street) // the office's log-in has idled out
		s.Put(mine, path+"/ballots/"+myVoter, map[string]any{"choice": "agree"}).Code(409, "motion_not_open")
		tally := s.Get(mine, path+"/tally").Want(200)
		if tally.Text("status") != "closed" || tally.Text("outcome") != "passed" {
			t.Errorf("%s", tally.Raw)
		}
		for _, file := range []string{"result.pdf", "result.xlsx"} {
			if got := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/"+file).Want(200); len(got.Raw) < 1000 {
				t.Errorf("%s has %d bytes", file, len(got.Raw))
			}
		}
		proof := s.Post(mine, path+"/evidence", map[string]any{"reason": "核对"}).Want(200)
		report, err := evidence.Verify(bytes.NewReader(proof.Raw), int64(len(proof.Raw)), nil)
		apitest.Check(t, err)
		if !report.Sound() || float64(report.Tally.Agree.Heads) != tally.Number("agree", "heads") {
			t.Errorf("%+v", report.Findings)
		}
	})
}

func TestOneBallotAVoterHoweverManyTap(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		path := "/api/v1/motions/" + motion + "/ballots/"
		type phone struct{ token, voter string }
		var phones []phone
		for i, v := range s.voters(motion) {
			if voter, home := homeOf(v); i < 24 {
				phones = append(phones, phone{s.bind(fmt.Sprint("phone-", i), home, "tenant"), voter})
			}
		}
		var taps sync.WaitGroup
		start := make(chan struct{})
		for i := range 64 {
			taps.Go(func() {
				<-start
				p := phones[i%len(phones)]
				for n := range 3 {
					key := []string{}
					if i%2 == 0 {
						key = []string{"Idempotency-Key", fmt.Sprintf("k%d", n)}
					}
					a := s.Do(http.MethodPut, p.token, path+p.voter, `{"choice":"agree"}`, key...)
					if a.Status != http.StatusOK {
						t.Errorf("%d %s", a.Status, a.Raw)
					}
				}
			})
		}
		close(start)
		taps.Wait()
		tally := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/tally").Want(200)
		if got := tally.Number("participating", "heads"); got != float64(len(phones)) {
			t.Errorf("%v took part, want %d", got, len(phones))
		}
		p := phones[0]
		first := s.Do(http.MethodPut, p.token, path+p.voter, `{"choice":"oppose"}`, "Idempotency-Key", "once").Want(200)
		repeat := s.Do(http.MethodPut, p.token, path+p.voter, `{"choice":"oppose"}`, "Idempotency-Key", "once").Want(200)
		if !bytes.Equal(first.Raw, repeat.Raw) {
			t.Errorf("%s then %s", first.Raw, repeat.Raw)
		}
		s.Do(http.MethodPut, p.token, path+p.voter, `{"choice":"abstain"}`, "Idempotency-Key", "once").Code(409, "idempotency_key_reused")
	})
}

// TestWhatIsAcknowledgedAtTheCloseIsCounted casts while the clock passes the
// close: what was answered 200 is in the sealed result, and nothing else.
func TestWhatIsAcknowledgedAtTheCloseIsCounted(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"closes_at": s.Now().Add(10 * time.Minute), "count_until": s.Now().Add(10 * time.Minute)})
		path := "/api/v1/motions/" + motion + "/ballots/"
		var mu sync.Mutex
		counted := 0
		var taps sync.WaitGroup
		for i, v := range s.voters(motion) {
			voter, home := homeOf(v)
			if i >= 32 {
				break
			}
			token := s.bind(fmt.Sprint("late-", i), home, "tenant")
			taps.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				switch a := s.Put(token, path+voter, map[string]any{"choice": "agree"}); {
				case a.Status == http.StatusOK:
					mu.Lock()
					counted++
					mu.Unlock()
				case a.Body["code"] != "motion_not_open":
					t.Errorf("%d %s", a.Status, a.Raw)
				}
			})
			if i == 31 {
				s.Wait(10 * time.Minute)
			}
		}
		taps.Wait()
		apitest.Check(t, s.Voting.SealDue(context.Background()))
		if got := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/tally").Want(200).Number("agree", "heads"); got != float64(counted) {
			t.Errorf("%v counted, %d acknowledged", got, counted)
		}
	})
}

func FuzzCast(f *testing.F) {
	for _, body := range []string{`{"choice":"agree"}`, `{"choice":"invalid"}`, `{`, `null`, `[]`, `{"choice":"agree","items":["x"]}`, "{\"choice\":\"agree\",\"comment\":\"\\u0000😀\"}"} {
		f.Add([]byte(body))
	}
	s := open(f, apitest.SQLite(f))
	motion := s.put("东门新村", nil)
	voter, home := homeOf(s.voters(motion)[0])
	token := s.bind("fuzz", home, "tenant")
	f.Fuzz(func(t *testing.T, body []byte) {
		s.T = t
		a := s.Do(http.MethodPut, token, "/api/v1/motions/"+motion+"/ballots/"+voter, bytes.NewReader(body))
		if a.Status >= 500 || a.Status != 200 && a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
	})
}
