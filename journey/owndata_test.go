package journey

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/keeping"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// TestAResidentReadsCorrectsAndLeaves is for the rights of the Personal
// Information Protection Law, arts 45 to 47.
func TestAResidentReadsCorrectsAndLeaves(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"live_tally": "full"})
		voter, home := homeOf(s.voters(motion)[0])
		resident := s.verifiedPhone("leaver", "19900000041", home)
		binding := s.Get(resident, "/api/v1/me").Want(200).Text("bindings", 0, "id")
		s.Post(s.clerk, "/api/v1/staff/bindings/"+binding+"/verify", nil).Want(200)
		ballot := "/api/v1/motions/" + motion + "/ballots/" + voter
		s.Put(resident, ballot, map[string]any{"choice": "agree", "comment": "请尽快开工"}).Want(200)

		picture := s.Upload(resident, "/api/v1/files", "a.png", photo(t)).Want(201).Text("id")
		ask := map[string]any{"property_id": home, "words": "面积写错了", "file_ids": []string{picture}}
		s.Post(resident, "/api/v1/me/corrections", map[string]any{"property_id": "none", "words": "x"}).Code(422, "invalid_request")
		id := s.Post(resident, "/api/v1/me/corrections", ask).Want(201).Text("id")
		office := "/api/v1/staff/data-requests"
		listed := s.Get(s.clerk, office+"?status=open").Want(200)
		if listed.Text("items", 0, "words") != "面积写错了" {
			t.Errorf("%s", listed.Raw)
		}
		s.Get(s.clerk, office+"/"+id+"/files/"+picture).Want(200)
		s.Post(h.Staff(model.RoleCommunity, apitest.Street+"002"), office+"/"+id+"/answer", "{").Code(404, "not_found")
		s.Post(s.clerk, office+"/"+id+"/answer", map[string]any{"outcome": "refused", "answer": "与登记簿一致"}).Want(204)
		s.Post(s.clerk, office+"/"+id+"/answer", map[string]any{"outcome": "done", "answer": "x"}).Code(409, "request_answered")

		mine := s.Get(resident, "/api/v1/me/data").Want(200)
		for _, want := range []string{"19900000041", "请尽快开工", "面积写错了", "与登记簿一致", "临江花园", "leaver"} {
			if !strings.Contains(string(mine.Raw), want) {
				t.Errorf("the copy lacks %s: %s", want, mine.Raw)
			}
		}
		s.Get(resident, "/api/v1/me/files/"+mine.Text("kept", "files", 0, "id")).Want(200)
		s.Get(s.Resident("neighbour"), "/api/v1/me/files/"+picture).Code(404, "not_found")

		s.Post(resident, "/api/v1/me/corrections", ask).Code(422, "invalid_request") // the picture is another request's
		s.Post(resident, "/api/v1/me/corrections", map[string]any{"property_id": home, "words": "还有一处"}).Want(201)
		s.Do("DELETE", resident, "/api/v1/me", nil).Want(204)
		if n := s.Get(s.clerk, office+"?status=open").Want(200).Number("total"); n != 0 {
			t.Errorf("the office is still to answer %v of somebody who left", n)
		}
		s.Get(resident, "/api/v1/me").Code(401, "token_invalid")
		again := s.Resident("leaver")
		if ties := s.Get(again, "/api/v1/me").Want(200).Items("bindings"); len(ties) != 0 {
			t.Errorf("whoever comes back is a new person: %v", ties)
		}
		if n := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/tally").Want(200).Number("agree", "heads"); n != 1 {
			t.Errorf("the vote stands: %v", n)
		}
		var phones int64
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT COUNT(*) FROM residents WHERE left_at IS NOT NULL AND phone = '' AND phone_index = ''").Scan(&phones).Error)
		if phones != 1 {
			t.Error("the phone is still known")
		}
	})
}

// TestAnOwnerReadsTheRegisterAndTheirPaper looks for what the office keeps about
// an owner beside what they wrote themselves, and that a tenant reads none of it.
func TestAnOwnerReadsTheRegisterAndTheirPaper(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		var owner string
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT id FROM owners WHERE property_id = ? ORDER BY position", home).Limit(1).Scan(&owner).Error)
		for who, relation := range map[string]string{"an-owner": "owner", "a-tenant": "tenant"} {
			s.bind(who, home, relation)
		}
		const tie = "UPDATE bindings SET status = 'verified', owner_id = CASE WHEN relation = 'owner' THEN ? ELSE '' END"
		apitest.Check(t, store.Tx(t.Context(), h.DB, func(tx *gorm.DB) error { return tx.Exec(tie, owner).Error }))
		s.Put(s.clerk, "/api/v1/staff/motions/"+motion+"/ballots/"+voter, map[string]any{
			"channel": "paper", "choice": "oppose", "signed_on": h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly),
		}).Want(200)
		s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/voters/"+voter+"/visits", map[string]any{"result": "met", "note": "说下周再来"}).Want(201)

		mine := s.Get(s.Resident("an-owner"), "/api/v1/me/data").Want(200)
		if len(mine.Items("kept", "register")) != 1 || mine.Text("kept", "register", 0, "name") == "" ||
			mine.Text("kept", "paper_ballots", 0, "choice") != "oppose" || mine.Text("kept", "visits", 0, "note") != "说下周再来" {
			t.Errorf("%s", mine.Raw)
		}
		for _, p := range people(t) {
			if len(p) > 10 && p[0] >= '0' && p[0] <= '9' && strings.Contains(string(mine.Raw), p) {
				t.Errorf("a whole number is in the copy: %s", p)
			}
		}
		tenant := s.Get(s.Resident("a-tenant"), "/api/v1/me/data").Want(200)
		for _, kind := range []string{"register", "paper_ballots", "visits", "deliveries"} {
			if n := len(tenant.Items("kept", kind)); n != 0 {
				t.Errorf("a tenant reads %d %s of the owner", n, kind)
			}
		}
	})
}

// TestTheCopyKnowsEveryTableThatNamesAResident looks at the schema.
func TestTheCopyKnowsEveryTableThatNamesAResident(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	copied := s.Get(s.Resident("empty"), "/api/v1/me/data").Want(200)
	kinds := map[string]string{
		"wechat_accounts": "wechat", "privacy_acceptances": "privacy_acceptances", "bindings": "bindings", "ballots": "ballots",
		"disputes": "disputes", "roll_reports": "roll_reports", "scrutineers": "scrutineer_of", "resident_tidings": "messages",
		"representations": "representations", "data_requests": "data_requests", "template_consents": "message_consents", "consent_entries": "message_consent_entries", "objections": "objections", "suggestions": "suggestions", "meeting_attendees": "meetings",
		"complaints": "complaints", "complaint_joins": "complaints_joined",
		"lift_intents": "lift_intents", "lift_campaigns": "lift_campaigns", "lift_signatures": "lift_signatures", "pledges": "pledges",
		"survey_responses": "survey_responses", "begun_responses": "survey_drafts",
	}
	err := store.TakeSnapshot(t.Context(), h.DB, h.Now, func(snap *store.Snapshot) error {
		tables, err := snap.Tables(t.Context())
		apitest.Check(t, err)
		for _, table := range tables {
			apitest.Check(t, snap.Rows(t.Context(), table, func(columns []string) error {
				for _, c := range columns {
					if c == "resident_id" && copied.Body["kept"].(map[string]any)[kinds[table]] == nil {
						t.Errorf("%s names a resident and is not in the copy", table)
					}
				}
				return nil
			}, func([]any) error { return nil }))
		}
		return nil
	})
	apitest.Check(t, err)
}

func TestWhatHasExpiredIsErased(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voters := s.voters(motion)
		kept, gone := "voter", "visitor"
		for i, who := range []string{kept, gone} {
			voter, home := homeOf(voters[i])
			phone := s.bind(who, home, "tenant")
			if who == kept {
				s.Put(phone, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree"}).Want(200)
			}
			s.Do("DELETE", phone, "/api/v1/me/bindings/"+s.Get(phone, "/api/v1/me").Text("bindings", 0, "id"), nil).Want(204)
		}
		named := func() (n int64) {
			apitest.Check(t, h.DB.Read(context.Background()).Raw("SELECT COUNT(*) FROM bindings WHERE status = 'ended' AND name <> ''").Scan(&n).Error)
			return n
		}
		voter, home := homeOf(voters[2])
		asker := s.bind("asker", home, "owner")
		picture := s.Upload(asker, "/api/v1/files", "a.png", photo(t)).Want(201).Text("id")
		ask := s.Post(asker, "/api/v1/me/corrections", map[string]any{"property_id": home, "words": "面积", "file_ids": []string{picture}}).Want(201).Text("id")
		s.Post(s.clerk, "/api/v1/staff/data-requests/"+ask+"/answer", map[string]any{"outcome": "done", "answer": "已改"}).Want(204)
		s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/voters/"+voter+"/visits", map[string]any{"result": "met", "note": "下周再来"}).Want(201)
		s.manyTidings(asker, 1300)
		left := func(query string) (n int64) {
			apitest.Check(t, h.DB.Read(context.Background()).Raw(query).Scan(&n).Error)
			return n
		}
		apitest.Check(t, h.Keeping.Erase(t.Context()))
		if named() != 2 || left("SELECT COUNT(*) FROM data_requests") != 1 || left("SELECT COUNT(*) FROM resident_tidings") < 1300 {
			t.Error("erased too early")
		}
		h.Keeping.Retention = 30 * 24 * time.Hour
		h.Wait(31 * 24 * time.Hour)
		var replicas sync.WaitGroup
		for range 3 {
			replica := &keeping.Service{DB: h.DB, Vault: h.Vault, Audit: h.Audit, Now: h.Now, Retention: h.Keeping.Retention}
			replicas.Go(func() {
				if err := replica.Erase(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		replicas.Wait()
		if n := named(); n != 1 {
			t.Errorf("%d names are kept, of whom one voted", n)
		}
		apitest.Check(t, h.Files.Sweep(t.Context()))
		for _, what := range []string{"data_requests", "resident_tidings", "door_visits WHERE note <> ''", "files"} {
			if n := left("SELECT COUNT(*) FROM " + what); n != 0 {
				t.Errorf("%d %s are kept", n, what)
			}
		}
		if _, err := s.folder().Get(t.Context(), picture); err == nil {
			t.Error("the picture is still in the folder")
		}
	})
}

// manyTidings tells one resident much, in pages that a server takes.
func (s *street) manyTidings(token string, n int) {
	s.T.Helper()
	news := messages.News{Kind: "test", AboutType: "test", AboutID: "x", Text: "消息"}
	id := s.Get(token, "/api/v1/me").Text("id")
	apitest.Check(s.T, store.Tx(context.Background(), s.DB, func(tx *gorm.DB) error {
		for range n / 100 {
			if err := messages.Tell(tx, slices.Repeat([]string{id}, 100), news, s.Now()); err != nil {
				return err
			}
		}
		return nil
	}))
}
