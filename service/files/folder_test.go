package files

import (
	"os"
	"path/filepath"
	"testing"
)

func TestNothingIsLeftOfAFileThatIsRemoved(t *testing.T) {
	dir := t.TempDir()
	f, err := OpenFolder("file:" + dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if err := f.Put(t.Context(), "whole", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "le", "whole.half"), []byte("x"), 0o600); err != nil { // a stop left it
		t.Fatal(err)
	}
	for range 2 { // the second finds nothing more
		if err := f.Remove(t.Context(), "whole"); err != nil {
			t.Error(err)
		}
	}
	left, err := os.ReadDir(filepath.Join(dir, "le"))
	if err != nil || len(left) != 0 {
		t.Errorf("%v %v", left, err)
	}
}
