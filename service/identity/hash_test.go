package identity

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestAHashIsReadOnlyInItsOwnForm(t *testing.T) {
	s := &Service{Cost: Cost{MemoryKiB: 8, Passes: 1, Lanes: 1}}
	sound, err := s.hash(context.Background(), "Correct-horse-7")
	if err != nil {
		t.Fatal(err)
	}
	// A later cost does not make an earlier hash unreadable.
	s.Cost.Passes = 2
	for password, want := range map[string]bool{"Correct-horse-7": true, "correct-horse-7": false, "": false} {
		if ok, err := s.matches(context.Background(), sound, password); ok != want || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	for _, damaged := range []string{
		"x", strings.Replace(sound, "argon2id", "argon2i", 1), strings.Replace(sound, "v=19", "v=16", 1), strings.Replace(sound, "t=1", "t=0", 1),
		strings.Replace(sound, "p=1", "p=x", 1), sound[:len(sound)-4], sound + "!", strings.Replace(sound, "$m=", "$$m=", 1),
	} {
		if _, err := s.matches(context.Background(), damaged, "Correct-horse-7"); !errors.Is(err, errHashForm) {
			t.Errorf("%q: %v", damaged, err)
		}
	}
}

func TestNoHashMatchesNothing(t *testing.T) {
	s := &Service{Cost: Cost{MemoryKiB: 8, Passes: 1, Lanes: 1}}
	if ok, err := s.matches(context.Background(), "", ""); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestABurstWaitsItsTurn(t *testing.T) {
	for range hashingAtOnce {
		hashing <- struct{}{}
	}
	ctx, leave := context.WithCancel(context.Background())
	leave()
	if _, err := (&Service{}).hash(ctx, "Correct-horse-7"); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever leaves the queue takes no memory: %v", err)
	}
	for range hashingAtOnce {
		<-hashing
	}
}

func BenchmarkPassword(b *testing.B) {
	s := &Service{}
	for b.Loop() {
		if _, err := s.hash(context.Background(), "Correct-horse-7"); err != nil {
			b.Fatal(err)
		}
	}
}
