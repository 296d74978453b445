package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func unset(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "GONGDI_") {
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestDefaultsServeAtOnce(t *testing.T) {
	unset(t)
	s, err := Read("")
	if err != nil {
		t.Fatal(err)
	}
	if s.Listen != "127.0.0.1:8080" || s.Database != "sqlite:data/gongdi.db" || s.RateLimit != 50 || s.NoticeDays != 15 {
		t.Errorf("%+v", s)
	}
}

func TestTheEnvironmentPrevailsOverTheFile(t *testing.T) {
	unset(t)
	path := filepath.Join(t.TempDir(), ".env")
	content := "# remark\nGONGDI_LISTEN=127.0.0.1:1\nexport GONGDI_AREA=\"520523002 西洛街道\"\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GONGDI_LISTEN", "127.0.0.1:2")
	s, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.Listen != "127.0.0.1:2" || s.Area != "520523002 西洛街道" {
		t.Errorf("%+v", s)
	}
}

func TestProductionNamesEachInsecureSetting(t *testing.T) {
	unset(t)
	key := filepath.Join(t.TempDir(), "data.key")
	t.Setenv("GONGDI_ENV", "production")
	t.Setenv("GONGDI_DATA_KEY_FILE", key)
	t.Setenv("GONGDI_RATE_LIMIT", "0")
	t.Setenv("GONGDI_WECHAT_BASE_URL", "http://127.0.0.1:1")
	t.Setenv("GONGDI_DATABASE", "mysql:root@tcp(127.0.0.1:3306)/gongdi")
	_, err := Read("")
	if err == nil {
		t.Fatal("started")
	}
	for _, name := range []string{"GONGDI_DATA_KEY_FILE", "GONGDI_RATE_LIMIT", "GONGDI_WECHAT_BASE_URL", "GONGDI_WECHAT_APPID", "GONGDI_DATABASE"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("does not name %s", name)
		}
	}
	if err := os.WriteFile(key, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(""); !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others read: %v", err)
	}
}

func TestWrongValuesAreRefused(t *testing.T) {
	for name, value := range map[string]string{
		"GONGDI_ENV": "staging", "GONGDI_AREA": "520523", "GONGDI_RATE_LIMIT": "-1", "GONGDI_COUNTY": "52 金沙县",
		"GONGDI_STAFF_TOTP": "maybe", "GONGDI_VOTE_COUNTING_DAYS": "61",
	} {
		unset(t)
		t.Setenv(name, value)
		if _, err := Read(""); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	unset(t)
	t.Setenv("GONGDI_WECHAT_SECRET", "s3cret")
	t.Setenv("GONGDI_DATABASE", "mysql:u:s3cret@tcp(db)/g")
	t.Setenv("GONGDI_REDIS", "redis://:s3cret@cache:6379/0")
	s, err := Read("")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := s.Print(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "s3cret") || !strings.Contains(out.String(), "GONGDI_WECHAT_SECRET=****") {
		t.Error(out.String())
	}
}
