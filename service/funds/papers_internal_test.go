package funds

import (
	"errors"
	"testing"
)

// TestAPaperHasAnEnd refuses what no file can hold, and nothing smaller.
func TestAPaperHasAnEnd(t *testing.T) {
	if err := fits(MostPrinted, MostPrinted); err != nil {
		t.Error(err)
	}
	if err := fits(MostPrinted+1, MostPrinted); !errors.Is(err, ErrPaperTooLong) {
		t.Error(err)
	}
}
