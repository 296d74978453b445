package standin_test

import (
	"strings"
	"testing"
	"time"
)

func TestTheStableTokenStaysUntilFiveMinutesBeforeItsEnd(t *testing.T) {
	d := open(t)
	first := d.token(t)
	d.move(115*time.Minute - time.Second)
	if a := d.do(t, "POST /cgi-bin/stable_token", tokenBody); a.text("access_token") != first || a.body["expires_in"] != 301.0 {
		t.Errorf("got %+v", a)
	}
	d.move(time.Second)
	second := d.token(t)
	if second == first {
		t.Error("not renewed")
	}
	if a := d.do(t, phoneCall(first), `{"code":"x"}`); a.errcode() != 40029 {
		t.Errorf("the first one ends early: %+v", a)
	}
	d.move(5 * time.Minute)
	if a := d.do(t, phoneCall(first), `{"code":"x"}`); a.errcode() != 42001 {
		t.Errorf("the first one lives on: %+v", a)
	}
}

func TestAForcedTokenLeavesTheFormerFiveMinutes(t *testing.T) {
	d := open(t)
	force := strings.Replace(tokenBody, "false", "true", 1)
	former := d.token(t)
	forced := d.do(t, "POST /cgi-bin/stable_token", force).text("access_token")
	if forced == "" || forced == former || d.token(t) != forced {
		t.Errorf("former %q, forced %q", former, forced)
	}
	for _, want := range []int{40029, 42001} {
		if a := d.do(t, phoneCall(former), `{"code":"x"}`); a.errcode() != want {
			t.Errorf("want %d, got %+v", want, a)
		}
		d.move(5 * time.Minute)
	}
}

func TestForcingIsLimited(t *testing.T) {
	d := open(t)
	force := strings.Replace(tokenBody, "false", "true", 1)
	for range 20 {
		if a := d.do(t, "POST /cgi-bin/stable_token", force); a.errcode() != 0 {
			t.Fatalf("got %+v", a)
		}
		if a := d.do(t, "POST /cgi-bin/stable_token", force); a.errcode() != 45011 && a.errcode() != 45009 {
			t.Fatalf("at once again: %+v", a)
		}
		d.move(30 * time.Second)
	}
	if a := d.do(t, "POST /cgi-bin/stable_token", force); a.errcode() != 45009 {
		t.Errorf("the 21st: %+v", a)
	}
	d.move(24 * time.Hour)
	if a := d.do(t, "POST /cgi-bin/stable_token", force); a.errcode() != 0 {
		t.Errorf("the next day: %+v", a)
	}
}

func TestTheOldTokenIsAnotherOneAtEachCall(t *testing.T) {
	d := open(t)
	call := "GET /cgi-bin/token?grant_type=client_credential&appid=" + appID + "&secret=" + secret
	first, second := d.do(t, call, "").text("access_token"), d.do(t, call, "").text("access_token")
	if first == "" || first == second {
		t.Errorf("%q, then %q", first, second)
	}
	d.move(5 * time.Minute)
	if a := d.do(t, phoneCall(first), `{"code":"x"}`); a.errcode() != 42001 {
		t.Errorf("the first: %+v", a)
	}
	if a := d.do(t, phoneCall(second), `{"code":"x"}`); a.errcode() != 40029 {
		t.Errorf("the second: %+v", a)
	}
}

func TestARevokedTokenIsUnknownAndAnotherIsGiven(t *testing.T) {
	d := open(t)
	former := d.token(t)
	d.do(t, "POST /_standin/tokens/revoke", "")
	if a := d.do(t, phoneCall(former), `{"code":"x"}`); a.errcode() != 40001 {
		t.Errorf("got %+v", a)
	}
	if next := d.token(t); next == "" || next == former {
		t.Errorf("got %q", next)
	}
}
