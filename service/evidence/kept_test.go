package evidence

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata anew")

const keptPath = "testdata/bundle.zip"

func keptBundle(t testing.TB) []byte {
	t.Helper()
	bundle, err := os.ReadFile(keptPath)
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

// A bundle lies in somebody's drawer for ten years: this one must stay sound,
// whatever becomes of the program.
func TestABundleFromEarlierStaysSound(t *testing.T) {
	if *update {
		s := newSample(t, 6, 1)
		for name, content := range map[string][]byte{keptPath: s.bundle(t), "testdata/key.pem": []byte(s.key.Public().PEM())} {
			if err := os.WriteFile(name, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	text, err := os.ReadFile("testdata/key.pem")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePublicKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if report := verify(t, keptBundle(t), key); !report.Sound() || report.Tally.Roll.Heads != 6 {
		t.Errorf("%+v", report.Findings)
	}
}
