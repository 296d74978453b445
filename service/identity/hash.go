package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of one password's hash with Argon2id.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// DefaultCost is 64 MiB and two passes in one lane: slow enough for whoever
// steals the table, quick enough for an office's morning on two cores.
var DefaultCost = Cost{MemoryKiB: 64 << 10, Passes: 2, Lanes: 1}

// hashingAtOnce bounds the memory of a burst of log-ins, which wait their turn
// beyond it.
const hashingAtOnce = 2

var hashing = make(chan struct{}, hashingAtOnce)

const (
	saltBytes = 16
	keyBytes  = 32
)

var errHashForm = errors.New("a password's hash is not of a known form")

// derive waits for its turn and gives the password's key.
func derive(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
		return argon2.IDKey([]byte(password), salt, c.Passes, c.MemoryKiB, c.Lanes, keyBytes), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Service) cost() Cost {
	if s.Cost == (Cost{}) {
		return DefaultCost
	}
	return s.Cost
}

// hash gives what is kept of a password, in the usual form of its algorithm.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	salt, c := make([]byte, saltBytes), s.cost()
	_, _ = rand.Read(salt) // never fails since Go 1.24
	key, err := derive(ctx, password, salt, c)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.MemoryKiB, c.Passes, c.Lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// matches reports whether a password is the one that was hashed. No hash
// matches nothing, after as much work.
func (s *Service) matches(ctx context.Context, hash, password string) (bool, error) {
	c, salt, want := s.cost(), make([]byte, saltBytes), []byte(nil)
	if hash != "" {
		var err error
		if c, salt, want, err = parseHash(hash); err != nil {
			return false, err
		}
	}
	got, err := derive(ctx, password, salt, c)
	if err != nil {
		return false, fmt.Errorf("check a password: %w", err)
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func parseHash(hash string) (c Cost, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHashForm
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Passes, &c.Lanes); err != nil {
		return c, nil, nil, errHashForm
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(key) != keyBytes || c.Passes == 0 || c.Lanes == 0 {
		return c, nil, nil, errHashForm
	}
	return c, salt, key, nil
}
