package quantity

import (
	"testing"

	"pgregory.net/rapid"
)

func TestADegreeIsReadToMillionths(t *testing.T) {
	for text, want := range map[string]string{
		"106.223456": "106.223456", " 27.5 ": "27.500000", "27": "27.000000", "106.2234564999": "106.223456", "106.2234565": "106.223457", "106.22345600000001": "106.223456",
		"-0.5": "-0.500000", "180": "180.000000", "180.0000004": "180.000000", "179.9999999": "180.000000",
	} {
		if d, err := ParseDegree(text); err != nil || d.String() != want {
			t.Errorf("%q is %s (%v), want %s", text, d, err, want)
		}
	}
	for _, text := range []string{"", "-", ".5", "5.", "180.0000005", "181", "1e2", "27°", "27.5.1", "１", "--1", "0.123456789012345678901"} {
		if d, err := ParseDegree(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestADegreeIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Degree(rapid.Int64Range(-180*perDegree, 180*perDegree).Draw(t, "degree"))
		if read, err := ParseDegree(d.String()); err != nil || read != d {
			t.Fatalf("%s is read as %s (%v)", d, read, err)
		}
	})
}
