package journey

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/safety"
	"gongdi/service/store"
	"gongdi/service/wechat/standin"
)

const checks = "/api/v1/staff/content-checks"

// forum is a notice that two neighbours read.
type forum struct {
	*street
	notice, writer, reader string
}

func openForum(t *testing.T, h *apitest.House) *forum {
	s := open(t, h)
	voters := s.voters(s.put("临江花园", nil))
	_, one := homeOf(voters[0])
	_, other := homeOf(voters[1])
	return &forum{street: s, notice: s.publicity("临江花园", nil), writer: s.bind("writer", one, "owner"), reader: s.bind("reader", other, "owner")}
}

func (f *forum) suggest(words string) (id string) {
	f.T.Helper()
	id = f.Post(f.writer, "/api/v1/notices/"+f.notice+"/suggestions", map[string]any{"text": words}).Want(201).Text("id")
	f.Post(f.clerk, "/api/v1/staff/notices/"+f.notice+"/suggestions/"+id+"/answer", map[string]any{"status": "adopted", "answer": "已采纳"}).Want(200)
	return id
}

// shows says whether a text is in what somebody reads of the notice.
func (f *forum) shows(token, words string) bool {
	f.T.Helper()
	return bytes.Contains(f.Get(token, "/api/v1/notices/"+f.notice).Want(200).Raw, []byte(words))
}

// otherCommunity is one that the estate of the notice is not in.
func (f *forum) otherCommunity() (code string) {
	f.T.Helper()
	apitest.Check(f.T, f.DB.Read(f.T.Context()).Raw("SELECT code FROM areas WHERE type = 'community' AND code <> (SELECT area_code FROM estates WHERE id = ?) ORDER BY code LIMIT 1", f.estates["临江花园"]).Row().Scan(&code))
	return code
}

func (f *forum) work() { f.T.Helper(); apitest.Check(f.T, f.Safety.Work(f.T.Context())) }

// waiting are the checks that a person has to look at.
func (f *forum) waiting() apitest.Answer { f.T.Helper(); return f.Get(f.clerk, checks).Want(200) }

func TestOnlyWhatPassedIsShownToOthers(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := openForum(t, h)
		f.suggest("多装一盏灯")
		if f.shows(f.reader, "多装一盏灯") || !f.shows(f.writer, "多装一盏灯") {
			t.Error("before the verdict only who wrote it sees it")
		}
		f.work()
		if !f.shows(f.reader, "多装一盏灯") {
			t.Error("what passed is not shown")
		}
		f.suggest("【review】存疑的话")
		f.suggest("【risky】违法的话")
		f.work()
		if f.shows(f.reader, "存疑的话") || f.shows(f.reader, "违法的话") || !f.shows(f.writer, "违法的话") {
			t.Error("what did not pass is shown, or kept from who wrote it")
		}
		list := f.waiting()
		if list.Number("total") != 2 || list.Text("items", 0, "state") != "review" || list.Text("items", 1, "state") != "risky" || list.Number("items", 1, "label") != 20002 || list.Text("items", 0, "text") != "【review】存疑的话" {
			t.Fatalf("%s", list.Raw)
		}
		first, second := checks+"/"+list.Text("items", 0, "id"), checks+"/"+list.Text("items", 1, "id")
		elsewhere := h.Staff(model.RoleCommunity, f.otherCommunity())
		f.Post(elsewhere, first+"/pass", nil).Code(404, "not_found")
		f.Post(f.clerk, first+"/pass", nil).Want(204)
		f.Post(f.clerk, first+"/pass", nil).Code(409, "check_decided")
		f.Post(f.clerk, second+"/refuse", map[string]any{}).Code(422, "invalid_request")
		f.Post(f.clerk, second+"/refuse", map[string]any{"reason": "含有违法内容"}).Want(204)
		f.Get(f.clerk, second+"/picture").Code(404, "not_found")
		if !f.shows(f.reader, "存疑的话") || f.shows(f.reader, "违法的话") || f.waiting().Number("total") != 0 {
			t.Error("a person's word does not hold")
		}
		if told := f.Get(f.writer, "/api/v1/inbox").Want(200); !bytes.Contains(told.Raw, []byte("没有通过审核，不会向其他居民公开：含有违法内容")) {
			t.Errorf("who wrote it is not told why: %s", told.Raw)
		}
		// What passed may be taken down.
		passed := f.Get(f.clerk, checks+"?state=pass").Want(200)
		f.Post(f.clerk, checks+"/"+passed.Text("items", 0, "id")+"/refuse", map[string]any{"reason": "广告"}).Want(204)
		if f.shows(f.reader, "多装一盏灯") {
			t.Error("what was taken down is shown")
		}
		if kept := f.Get(f.writer, "/api/v1/me/data").Want(200); !bytes.Contains(kept.Raw, []byte("content_checks")) {
			t.Error("one's own copy leaves the checks out")
		}
	})
}

// TestWritingWorksWhileThePlatformIsDown gives to a person what the platform
// does not judge.
func TestWritingWorksWhileThePlatformIsDown(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := openForum(t, h)
		down := func(times int) {
			t.Helper()
			apitest.Check(t, h.Wechat.Fail(standin.Fault{Path: "/wxa/msg_sec_check", HTTP: 502, Times: times}))
		}
		down(100)
		f.suggest("平台不在时说的话")
		for range 3 {
			f.work()
			f.work() // it waits before it asks again
			h.Wait(4 * time.Minute)
		}
		if n := h.Wechat.Calls("/wxa/msg_sec_check"); n != 3 {
			t.Errorf("asked %d times", n)
		}
		list := f.waiting()
		if list.Number("total") != 1 || list.Text("items", 0, "state") != "pending" || list.Text("items", 0, "cause") != "down" {
			t.Errorf("%s", list.Raw)
		}
		h.Wechat.Heal()
		f.work()
		if !f.shows(f.reader, "平台不在时说的话") || f.waiting().Number("total") != 0 {
			t.Error("it is judged when the platform is back")
		}

		down(100)
		f.suggest("半小时没有结果的话")
		h.Wait(31 * time.Minute)
		f.clerk = h.Staff(model.RoleStreet, apitest.Street)
		f.work()
		h.Wechat.Heal()
		f.work()
		if list := f.waiting(); list.Number("total") != 1 || list.Text("items", 0, "cause") != "no_verdict" || f.shows(f.reader, "半小时没有结果的话") {
			t.Errorf("%s", list.Raw)
		}

		h.Wait(2 * time.Hour) // since the person opened the mini-program
		f.clerk = h.Staff(model.RoleStreet, apitest.Street)
		f.suggest("两小时没有打开小程序的人")
		f.work()
		if list := f.waiting(); list.Number("total") != 2 || list.Text("items", 1, "cause") != "not_judged" {
			t.Errorf("%s", list.Raw)
		}
	})
}

// TestSeveralReplicasAskOnce has four work at once, one of which dies halfway.
func TestSeveralReplicasAskOnce(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := openForum(t, h)
		for range 8 {
			f.suggest("同一时间")
		}
		failed := make(chan error, 4)
		for range cap(failed) {
			go func() { failed <- h.Safety.Work(t.Context()) }()
		}
		for range cap(failed) {
			apitest.Check(t, <-failed)
		}
		if n := h.Wechat.Calls("/wxa/msg_sec_check"); n != 8 {
			t.Errorf("8 texts were judged %d times", n)
		}
		f.suggest("死在半路")
		f.exec("UPDATE safety_checks SET tries = 1, next_at = ? WHERE state = 'pending'", h.Now().Add(2*time.Minute).UTC())
		f.work()
		if f.shows(f.reader, "死在半路") {
			t.Error("another takes what is taken")
		}
		h.Wait(3 * time.Minute)
		f.work()
		if !f.shows(f.reader, "死在半路") {
			t.Error("what a dead process took is lost")
		}
	})
}

func (f *forum) object(words string) {
	f.T.Helper()
	picture := f.Upload(f.writer, "/api/v1/files", "a.png", photo(f.T)).Want(201).Text("id")
	f.Post(f.writer, "/api/v1/notices/"+f.notice+"/objections", map[string]any{"text": words, "file_ids": []string{picture}}).Want(201)
}

// pictures counts the checks of pictures in a state.
func (f *forum) pictures(state string) (n int) {
	f.T.Helper()
	list := f.Get(f.clerk, checks+"?state="+state).Want(200)
	for i := range list.Items("items") {
		if list.Text("items", i, "kind") == "picture" {
			n++
		}
	}
	return n
}

// TestVerdictsOnPicturesArePushed covers a verdict before the answer, twice,
// never, and late.
func TestVerdictsOnPicturesArePushed(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := openForum(t, h)
		h.Wechat.Media(standin.MediaMode{First: true, Twice: true, Fetch: true})
		f.object("在回答之前就有结果")
		f.work()
		f.work() // brings together what came in the other order
		if f.pictures("pass") != 1 {
			t.Fatalf("%s", f.Get(f.clerk, checks+"?state=pending").Raw)
		}
		h.Wechat.Media(standin.MediaMode{Fetch: true, Never: true})
		f.object("稍后才有结果")
		f.work()
		if f.pictures("pending") != 1 {
			t.Fatal("a verdict came by itself")
		}
		late := ""
		for _, trace := range h.Wechat.Traces() {
			if n := f.count("SELECT COUNT(*) FROM safety_checks WHERE state = 'pending' AND trace_id = ?", trace); n == 1 {
				late = trace
			}
		}
		apitest.Check(t, h.Wechat.Verdict(t.Context(), late, "risky", 20002))
		apitest.Check(t, h.Wechat.Verdict(t.Context(), late, "pass", 100)) // a second verdict changes nothing
		if f.pictures("risky") != 1 {
			t.Error("the verdict is lost")
		}
		list := f.waiting()
		if shown := f.Get(f.clerk, checks+"/"+list.Text("items", 0, "id")+"/picture").Want(200); shown.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%v", shown.Header)
		}
		f.object("永远没有结果")
		f.work()
		h.Wait(30 * time.Minute)
		f.clerk = h.Staff(model.RoleStreet, apitest.Street)
		f.work()
		if f.pictures("review") != 1 {
			t.Errorf("half an hour without a verdict: %s", f.waiting().Raw)
		}
		h.Safety.Public = ""
		f.object("没有公网地址")
		f.work()
		if f.pictures("review") != 2 {
			t.Errorf("%s", f.waiting().Raw)
		}
		h.Wait(3 * time.Hour)
		apitest.Check(t, h.Safety.Forget(t.Context()))
		if n := f.count("SELECT COUNT(*) FROM platform_events"); n != 0 {
			t.Errorf("%d events are remembered", n)
		}
	})
}

func (s *street) count(query string, args ...any) (n int) {
	s.T.Helper()
	apitest.Check(s.T, s.DB.Read(s.T.Context()).Raw(query, args...).Row().Scan(&n))
	return n
}

// TestThePlatformFetchesAPictureForAWhile tries the address of a picture.
func TestThePlatformFetchesAPictureForAWhile(t *testing.T) {
	h := apitest.SQLite(t)
	f := openForum(t, h)
	h.Wechat.Media(standin.MediaMode{Never: true})
	f.object("看图")
	asked := ""
	h.Safety.Judge = judged{h.Safety.Judge, &asked}
	f.work()
	path := strings.TrimPrefix(asked, h.URL)
	if got := f.Get("", path).Want(200); got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%v", got.Header)
	}
	parts := strings.Split(path, "-")
	for name, other := range map[string]string{
		"longer": parts[0] + "-9999999999-" + parts[2], "unsigned": parts[0] + "-" + parts[1] + "-", "another": path[:len(path)-1] + "g", "none": "/api/v1/public/media/x",
	} {
		if got := f.Get("", other); got.Status != 404 || got.Body["code"] != "not_found" {
			t.Errorf("%s: %d %s", name, got.Status, got.Raw)
		}
	}
	h.Wait(31 * time.Minute)
	f.Get("", path).Code(404, "not_found")
}

const push = "/api/v1/public/wechat/push"

// TestForgedAndRepeatedPushesChangeNothing alters a push in each of its parts.
func TestForgedAndRepeatedPushesChangeNothing(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := openForum(t, h)
		h.Wechat.Media(standin.MediaMode{Never: true})
		f.object("等待中")
		f.work()
		trace := h.Wechat.Traces()[0]
		event := map[string]any{
			"ToUserName": "gh", "FromUserName": "writer", "CreateTime": "1620973045", "MsgType": "event", "Event": "wxa_media_check",
			"trace_id": trace, "errcode": "0", "result": map[string]any{"suggest": "pass", "label": "100"},
		}
		q, body, err := h.Wechat.Sealed(event)
		apitest.Check(t, err)
		with := func(name, value string) url.Values {
			changed := url.Values{}
			for k, v := range q {
				changed[k] = v
			}
			changed.Set(name, value)
			return changed
		}
		stranger := standin.New(standin.Config{AppID: "wx-other", Token: "token", AESKey: apitest.AESKey, Now: h.Now})
		t.Cleanup(stranger.Close)
		foreign, foreignBody, err := stranger.Sealed(event)
		apitest.Check(t, err)
		stale := standin.New(standin.Config{AppID: "wx-test", Token: "token", AESKey: apitest.AESKey, Now: func() time.Time { return h.Now().Add(-11 * time.Minute) }})
		t.Cleanup(stale.Close)
		old, oldBody, err := stale.Sealed(event)
		apitest.Check(t, err)
		torn, tornBody, err := h.Wechat.Sealed("no event")
		apitest.Check(t, err)
		for _, c := range []struct {
			name   string
			q      url.Values
			body   string
			status int
			code   string
		}{
			{"plain, with a signature that was seen", with("msg_signature", ""), `{"FromUserName":"writer","MsgType":"event","Event":"wxa_media_check"}`, 403, "push_forged"},
			{"another signature", with("msg_signature", q.Get("signature")), string(body), 403, "push_forged"},
			{"another time", with("timestamp", "1620973045"), string(body), 403, "push_forged"},
			{"another nonce", with("nonce", "1"), string(body), 403, "push_forged"},
			{"another body", q, strings.Replace(string(body), `"Encrypt":"`, `"Encrypt":"AAAA`, 1), 403, "push_forged"},
			{"another mini-program's", foreign, string(foreignBody), 403, "push_forged"},
			{"of eleven minutes ago", old, string(oldBody), 403, "push_forged"},
			{"no JSON", q, "<xml/>", 403, "push_forged"},
			{"nothing", url.Values{}, "", 400, "bad_request"},
			{"signed, and no event", torn, string(tornBody), 422, "push_unreadable"},
		} {
			got := f.Do(http.MethodPost, "", push+"?"+c.q.Encode(), c.body)
			if got.Status != c.status || got.Body["code"] != c.code {
				t.Errorf("%s: %d %s", c.name, got.Status, got.Raw)
			}
		}
		if f.pictures("pending") != 1 || f.count("SELECT COUNT(*) FROM platform_events") != 0 {
			t.Fatal("a forged push changed something")
		}
		for range 2 {
			if got := f.Do(http.MethodPost, "", push+"?"+q.Encode(), string(body)).Want(200); string(got.Raw) != "success" {
				t.Errorf("%s", got.Raw)
			}
		}
		if f.pictures("pass") != 1 || f.count("SELECT COUNT(*) FROM platform_events") != 1 {
			t.Error("the true one is taken once")
		}
		other, otherBody, err := h.Wechat.Sealed(map[string]any{"MsgType": "event", "Event": "subscribe_msg_popup_event", "CreateTime": 1, "List": []any{}})
		apitest.Check(t, err)
		f.Do(http.MethodPost, "", push+"?"+other.Encode(), string(otherBody)).Want(200)

		f.Get("", push+"?signature=x&timestamp=1&nonce=1&echostr=me").Code(403, "push_forged")
		h.Desk.Token = ""
		f.Do(http.MethodPost, "", push+"?"+q.Encode(), string(body)).Code(403, "push_forged")
	})
}

func FuzzPush(f *testing.F) {
	h := apitest.SQLite(f)
	for _, event := range []any{map[string]any{"Event": "wxa_media_check", "MsgType": "event", "trace_id": "t"}, "x", nil, []any{1}} {
		q, body, err := h.Wechat.Sealed(event)
		apitest.Check(f, err)
		f.Add(q.Encode(), body)
	}
	f.Fuzz(func(t *testing.T, query string, body []byte) {
		h.T = t
		target := url.URL{Path: push, RawQuery: query}
		if q, err := url.ParseQuery(query); err != nil || target.RequestURI() == "" || q == nil {
			return
		}
		got := h.Do(http.MethodPost, "", push+"?"+url.PathEscape(query), bytes.NewReader(body))
		if got.Status >= 500 {
			t.Errorf("%d %s", got.Status, got.Raw)
		}
	})
}

// judged notes which picture the platform is asked about.
type judged struct {
	safety.Judge
	address *string
}

func (j judged) CheckPicture(ctx context.Context, openID, address string) (string, error) {
	*j.address = address
	return j.Judge.CheckPicture(ctx, openID, address)
}

// TestWhatWasWrittenBeforeThereWereChecksIsChecked takes the checks away, as
// in a database that an older program filled.
func TestWhatWasWrittenBeforeThereWereChecksIsChecked(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := openForum(t, h)
		f.suggest("早先提的建议")
		path := "/api/v1/notices/" + f.notice + "/objections"
		f.Post(f.writer, path, map[string]any{"text": "【review】早先的异议"}).Want(201)
		f.Post(f.clerk, "/api/v1/staff/notices/"+f.notice+"/objections", map[string]any{"name": "老某", "text": "纸上的异议"}).Want(201)
		apitest.Check(t, store.Tx(t.Context(), h.DB, func(tx *gorm.DB) error { return tx.Exec("DELETE FROM safety_checks").Error }))
		f.work()
		if f.shows(f.reader, "早先提的建议") {
			t.Error("what was never checked is shown")
		}
		for range 2 {
			apitest.Check(t, h.Notices.CheckEarlier(t.Context()))
		}
		f.work()
		if !f.shows(f.reader, "早先提的建议") {
			t.Error("what passed is not shown")
		}
		passed, waits := f.Get(f.clerk, checks+"?state=pass").Want(200), f.waiting()
		if passed.Number("total") != 2 || waits.Number("total") != 1 || waits.Text("items", 0, "text") != "【review】早先的异议" {
			t.Errorf("%s %s", passed.Raw, waits.Raw)
		}
	})
}
