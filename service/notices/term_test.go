package notices_test

import (
	"strings"
	"testing"

	"gongdi/service/notices"
)

func TestOnlySubjectsThatAreThereCanBeSet(t *testing.T) {
	for _, good := range []map[string]int{nil, {"vote": 20}, {"lift_scheme": 12, "other": 3}} {
		if err := notices.CheckLeast(good); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
	err := notices.CheckLeast(map[string]int{"vote": 20, "lift": 12})
	if err == nil || !strings.Contains(err.Error(), `"lift"`) || !strings.Contains(err.Error(), "lift_scheme") {
		t.Errorf("%v", err)
	}
}
