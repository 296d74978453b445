package api

import (
	"context"
	"os"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdi/service/store"
)

// cache is the Redis that GONGDI_TEST_REDIS names, or an imitation.
func cache(t *testing.T) *redis.Client {
	t.Helper()
	address := os.Getenv("GONGDI_TEST_REDIS")
	if address == "" {
		address = "redis://" + miniredis.RunT(t).Addr()
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal("GONGDI_TEST_REDIS cannot be read")
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestReplicasCountTogether(t *testing.T) {
	client := cache(t)
	one, other := NewSharedLimits(client, 2), NewSharedLimits(client, 2)
	caller, refused := store.NewID(), false
	for range 8 {
		refused = one.Take(context.Background(), caller) > 0 || other.Take(context.Background(), caller) > 0 || refused
	}
	if !refused {
		t.Error("sixteen requests at two a second were all let through")
	}
	if wait := one.Take(context.Background(), store.NewID()); wait != 0 {
		t.Errorf("another caller waits %v", wait)
	}
}

func TestNobodyIsRefusedWhileTheCacheIsDown(t *testing.T) {
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1})
	t.Cleanup(func() { _ = client.Close() })
	if wait := NewSharedLimits(client, 1).Take(context.Background(), "caller"); wait != 0 {
		t.Errorf("waits %v", wait)
	}
}

func TestAnOfficeBehindOneRouterMayLogIn(t *testing.T) {
	limits := NewLocalLimits(50)
	for i := range 100 {
		if wait := limits.Take(context.Background(), "10.0.0.1"); wait > 0 {
			t.Fatalf("log-in %d waits %v", i, wait)
		}
	}
}
