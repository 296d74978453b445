package public_test

import (
	"net/http"
	"strings"
	"testing"

	"gongdi/api/apitest"
)

func TestThePrivacyNoticeIsForEveryone(t *testing.T) {
	h := apitest.SQLite(t)
	notice := h.Get("", "/api/v1/public/privacy").Want(http.StatusOK)
	if notice.Text("version") == "" || !strings.Contains(notice.Text("text"), "金沙县鼓场街道办事处") {
		t.Errorf("got %s", notice.Raw)
	}
}
