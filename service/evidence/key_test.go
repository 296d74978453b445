package evidence

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

func openVault(t *testing.T) *vault.Vault {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "data.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestManyStartersShareOneKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		v := openVault(t)
		keys := make([]*Key, 8)
		var starters sync.WaitGroup
		for i := range keys {
			starters.Go(func() {
				var err error
				if keys[i], err = LoadKey(context.Background(), db, v); err != nil {
					t.Error(err)
				}
			})
		}
		starters.Wait()
		if t.Failed() {
			return
		}
		signature, err := keys[0].Sign([]byte("text"))
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if !k.Public().Signed([]byte("text"), signature) || k.Name != keys[0].Name {
				t.Fatal("two starters have two keys")
			}
		}
		var rows []struct{ PrivateKey, PublicKey string }
		if err := db.Read(context.Background()).Raw("SELECT private_key, public_key FROM signing_keys").Scan(&rows).Error; err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 || rows[0].PublicKey != keys[0].Public().PEM() || !strings.HasPrefix(rows[0].PrivateKey, "1:") {
			t.Errorf("%d rows, or the private half is not sealed", len(rows))
		}
		if _, err := LoadKey(context.Background(), db, openVault(t)); !errors.Is(err, vault.ErrTorn) {
			t.Errorf("another data key gave %v", err)
		}
	})
}

func TestADamagedKeyIsNotUsed(t *testing.T) {
	db := dbtest.SQLite(t)
	v := openVault(t)
	if _, err := LoadKey(context.Background(), db, v); err != nil {
		t.Fatal(err)
	}
	for column, value := range map[string]string{"public_key": testKey(t).Public().PEM(), "private_key": v.Seal(privateKey, "00")} {
		err := store.Tx(context.Background(), db, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE signing_keys SET "+column+" = ?", value).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKey(context.Background(), db, v); err == nil {
			t.Errorf("with another %s it is used", column)
		}
	}
}

func TestASignatureIsOfOneTextByOneKey(t *testing.T) {
	k := testKey(t)
	signature, err := k.Sign([]byte("text"))
	if err != nil || len(signature) > 96 {
		t.Fatalf("%d characters, %v", len(signature), err)
	}
	if !k.Public().Signed([]byte("text"), signature) {
		t.Error("the key does not know its own signature")
	}
	if k.Public().Signed([]byte("texts"), signature) || testKey(t).Public().Signed([]byte("text"), signature) {
		t.Error("another text, or another key")
	}
	for _, s := range []string{"", "x", signature + "=", signature[4:], signature + "\n"} {
		if k.Public().Signed([]byte("text"), s) {
			t.Errorf("%q passes", s)
		}
	}
}

func TestManySignAtOnce(t *testing.T) {
	k := testKey(t)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 20 {
				signature, err := k.Sign([]byte("text"))
				if err != nil || !k.Public().Signed([]byte("text"), signature) {
					t.Errorf("signed wrongly: %v", err)
				}
			}
		})
	}
	all.Wait()
}

func TestAPublicKeyTravelsAsText(t *testing.T) {
	p := testKey(t).Public()
	again, err := ParsePublicKey(p.PEM())
	if err != nil || again.Fingerprint() != p.Fingerprint() {
		t.Fatalf("%v", err)
	}
	const p256 = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt
6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
-----END PUBLIC KEY-----
`
	for _, text := range []string{"", "key", p256, p.PEM() + "\n", "x\n" + p.PEM(), strings.Replace(p.PEM(), "PUBLIC", "OTHER", 2)} {
		if _, err := ParsePublicKey(text); !errors.Is(err, ErrPublicKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
