package evidence

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"gorm.io/gorm"

	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	keyName                = "seal-1"
	privateKey vault.Field = "signing_key.private"
)

// LoadKey reads the office's signing key, and makes it when there is none yet.
// Several replicas may start at once: one key is kept and all use it.
func LoadKey(ctx context.Context, db *store.DB, v *vault.Vault) (*Key, error) {
	key, err := readKey(ctx, db, v)
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		return key, err
	}
	if err := keepNewKey(ctx, db, v); err != nil && !errors.Is(err, gorm.ErrDuplicatedKey) {
		return nil, fmt.Errorf("keep the signing key: %w", err)
	}
	return readKey(ctx, db, v)
}

func readKey(ctx context.Context, db *store.DB, v *vault.Vault) (*Key, error) {
	var row struct{ PrivateKey, PublicKey string }
	err := db.Read(ctx).Raw("SELECT private_key, public_key FROM signing_keys WHERE name = ?", keyName).Take(&row).Error
	if err != nil {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	text, err := v.Reveal(privateKey, row.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("reveal the signing key: %w", err)
	}
	scalar, err := hex.DecodeString(text)
	if err != nil {
		return nil, errors.New("the signing key is damaged")
	}
	private, err := sm2.NewPrivateKey(scalar)
	if err != nil {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	key, err := newKey(private)
	if err == nil && key.public.PEM() != row.PublicKey {
		return nil, errors.New("the two halves of the signing key do not belong together")
	}
	return key, err
}

func newKey(private *sm2.PrivateKey) (*Key, error) {
	public, err := newPublicKey(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	return &Key{Name: keyName, public: public, private: private, fingerprint: public.Fingerprint()}, nil
}

const insertKey = "INSERT INTO signing_keys (name, public_key, private_key, created_at) VALUES (?, ?, ?, ?)"

func keepNewKey(ctx context.Context, db *store.DB, v *vault.Vault) error {
	private, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	key, err := newKey(private)
	if err != nil {
		return err
	}
	sealed := v.Seal(privateKey, hex.EncodeToString(private.D.FillBytes(make([]byte, 32))))
	return store.Tx(ctx, db, func(tx *gorm.DB) error {
		return tx.Exec(insertKey, keyName, key.public.PEM(), sealed, millisecond(time.Now())).Error
	})
}
