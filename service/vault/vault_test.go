package vault

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func open(t *testing.T) *Vault {
	t.Helper()
	v, err := Open(filepath.Join(t.TempDir(), "keys", "data.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOnlyTheSameFieldAndKeyReveal(t *testing.T) {
	v := open(t)
	sealed := v.Seal("owner.name", "张三丰")
	if strings.Contains(sealed, "张") {
		t.Fatal("readable")
	}
	if got, err := v.Reveal("owner.name", sealed); got != "张三丰" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := v.Reveal("owner.phone", sealed); !errors.Is(err, ErrTorn) {
		t.Errorf("another field opened it: %v", err)
	}
	if _, err := open(t).Reveal("owner.name", sealed); !errors.Is(err, ErrTorn) {
		t.Errorf("another key opened it: %v", err)
	}
	if _, err := v.Reveal("owner.name", sealed[:len(sealed)-2]+"AA"); !errors.Is(err, ErrTorn) {
		t.Errorf("a changed text opened: %v", err)
	}
	if again := v.Seal("owner.name", "张三丰"); again == sealed {
		t.Error("the same name looks the same twice")
	}
}

func TestLookUpIsByFieldAndKey(t *testing.T) {
	v := open(t)
	first, again := v.Index("a", "1"), v.Index("a", "1")
	if first != again || first == v.Index("b", "1") || first == open(t).Index("a", "1") {
		t.Error("an index depends on text, field and key, and on nothing else")
	}
	if v.Index("a", "") != "" || v.Seal("a", "") != "" {
		t.Error("nothing stays nothing")
	}
}

func TestAMissingKeyIsMadeOnlyWhenAllowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.key")
	if _, err := Open(path, false); !errors.Is(err, ErrNoKey) {
		t.Fatalf("got %v", err)
	}
	var starters sync.WaitGroup
	indexes := make([]string, 8)
	for i := range indexes {
		starters.Go(func() {
			v, err := Open(path, true)
			if err != nil {
				t.Error(err)
				return
			}
			indexes[i] = v.Index("a", "1")
		})
	}
	starters.Wait()
	for _, index := range indexes {
		if index != indexes[0] {
			t.Fatal("two starters made two keys")
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestRotatedKeysStillReveal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.key")
	v, err := Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	sealed := v.Seal("a", "1")
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(old, "k2 "+strings.Repeat("ab", 32)+"\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	rotated, err := Open(path, false)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := rotated.Reveal("a", sealed); got != "1" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if !strings.HasPrefix(rotated.Seal("a", "1"), "1:k2:") {
		t.Error("the newest key seals")
	}
}

func TestADamagedKeyFileIsRefused(t *testing.T) {
	for _, content := range []string{"", "index abc\n", "k1 " + strings.Repeat("00", 32), "index " + strings.Repeat("00", 31) + "\nk1 00"} {
		if _, err := parse(strings.NewReader(content)); !errors.Is(err, ErrBadKey) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

// TestAKeyThatIsAddedOrGoneIsNoticedAtOnce is for two servers on one file.
func TestAKeyThatIsAddedOrGoneIsNoticedAtOnce(t *testing.T) {
	one := open(t)
	other, err := Open(one.path, false)
	if err != nil {
		t.Fatal(err)
	}
	early := one.Seal("a", "1")
	for range 3 { // one right after the other
		if err := other.Rotate(); err != nil {
			t.Fatal(err)
		}
		if got, err := one.Reveal("a", other.Seal("a", "2")); got != "2" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if err := other.Retire(); err != nil {
		t.Fatal(err)
	}
	if err := one.Refresh(); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*Vault{"one": one, "other": other} {
		if _, err := v.Reveal("a", early); !errors.Is(err, ErrForeign) {
			t.Errorf("%s reads with a key that was retired: %v", name, err)
		}
	}
	if one.Index("a", "1") != other.Index("a", "1") {
		t.Error("look-up has changed")
	}
	if err := other.Rotate(); err != nil || other.Current() != "k5" {
		t.Errorf("the name of a retired key serves again: %s, %v", other.Current(), err)
	}
}

func TestKeysOfTwoMomentsTogetherRevealBoth(t *testing.T) {
	v := open(t)
	read := func() []byte {
		content, err := os.ReadFile(v.path)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	before, first := read(), v.Seal("a", "1")
	if err := errors.Join(v.Rotate(), v.Retire()); err != nil {
		t.Fatal(err)
	}
	after, second := read(), v.Seal("a", "2")
	path := filepath.Join(t.TempDir(), "new", "data.key")
	both := Together(before, after)
	if err := Place(path, both); err != nil {
		t.Fatal(err)
	}
	restored, err := Open(path, false)
	if err != nil {
		t.Fatal(err)
	}
	for want, sealed := range map[string]string{"1": first, "2": second} {
		if got, err := restored.Reveal("a", sealed); got != want || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if restored.Current() != v.Current() {
		t.Errorf("%s seals, not %s", restored.Current(), v.Current())
	}
	if err := Place(path, before); err != nil {
		t.Errorf("a file that holds more fits: %v", err)
	}
	if err := Place(v.path, both); !errors.Is(err, ErrOther) {
		t.Errorf("a file that holds less was taken: %v", err)
	}
	if err := Place(filepath.Join(t.TempDir(), "x"), []byte("hello")); !errors.Is(err, ErrBadKey) {
		t.Errorf("what is no key file was placed: %v", err)
	}
}
