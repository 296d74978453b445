package standin

import (
	"bytes"
	"testing"

	"github.com/silenceper/wechat/v2/util"
)

// TestEventsAreSealedAsTheSDKSealsThem holds the stand-in's own encryption
// against that of the SDK, byte for byte, and has the SDK open it.
func TestEventsAreSealedAsTheSDKSealsThem(t *testing.T) {
	const key, appID = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", "wx-test"
	random := [16]byte([]byte("0123456789abcdef"))
	for length := range 70 {
		message := bytes.Repeat([]byte("公"), length)
		sealed, err := seal(random, message, appID, key)
		if err != nil {
			t.Fatal(err)
		}
		want, err := util.EncryptMsg(random[:], message, appID, key)
		if err != nil || sealed != string(want) {
			t.Fatalf("%d characters: %s, want %s (%v)", length, sealed, want, err)
		}
		if length == 0 {
			continue
		}
		if _, opened, err := util.DecryptMsg(appID, sealed, key); err != nil || !bytes.Equal(opened, message) {
			t.Errorf("%d characters: %q %v", length, opened, err)
		}
	}
	if _, err := seal(random, nil, appID, "short"); err == nil {
		t.Error("a key of another length serves")
	}
}
