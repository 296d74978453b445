// Package config holds the settings: their names, defaults, checks, and how
// they are shown without their secrets.
package config

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Settings are read from the environment, or from a file of the same names.
type Settings struct {
	Env            Environment `env:"GONGDI_ENV" envDefault:"development"`
	Listen         string      `env:"GONGDI_LISTEN" envDefault:"127.0.0.1:8080"`
	MetricsListen  string      `env:"GONGDI_METRICS_LISTEN"`
	Database       string      `env:"GONGDI_DATABASE" envDefault:"sqlite:data/gongdi.db" secret:"true"`
	Area           string      `env:"GONGDI_AREA" envDefault:"520523001 鼓场街道"`
	County         string      `env:"GONGDI_COUNTY" envDefault:"520523 金沙县"`
	Redis          string      `env:"GONGDI_REDIS" secret:"true"`
	Files          string      `env:"GONGDI_FILES" envDefault:"file:data/files"`
	FilesAccessKey string      `env:"GONGDI_FILES_ACCESS_KEY" secret:"true"` // of a bucket
	FilesSecretKey string      `env:"GONGDI_FILES_SECRET_KEY" secret:"true"`
	DataKeyFile    string      `env:"GONGDI_DATA_KEY_FILE" envDefault:"data/data.key"`
	PublicURL      string      `env:"GONGDI_PUBLIC_URL"` // of the office on the internet: plain codes, pictures to be judged, pushes
	RateLimit      int         `env:"GONGDI_RATE_LIMIT" envDefault:"50"`
	TrustedProxies []string    `env:"GONGDI_TRUSTED_PROXIES"`
	LogLevel       string      `env:"GONGDI_LOG_LEVEL" envDefault:"info"`

	Wechat Wechat `envPrefix:"GONGDI_WECHAT_"`

	StaffTOTP     TOTP          `env:"GONGDI_STAFF_TOTP" envDefault:"optional"`
	StaffSession  time.Duration `env:"GONGDI_STAFF_SESSION" envDefault:"12h"`
	StaffIdle     time.Duration `env:"GONGDI_STAFF_IDLE" envDefault:"30m"`
	OfficeContact string        `env:"GONGDI_OFFICE_CONTACT"`

	NoticeDays   int `env:"GONGDI_VOTE_NOTICE_DAYS" envDefault:"15"`
	CountingDays int `env:"GONGDI_VOTE_COUNTING_DAYS" envDefault:"3"`
	BuiltUntil   int `env:"GONGDI_BUILT_UNTIL" envDefault:"2000"`
	StrongCases  int `env:"GONGDI_STRONG_CASES" envDefault:"3"` // cases of a year that are 群众反映强烈

	RetentionDays int `env:"GONGDI_RETENTION_DAYS" envDefault:"1095"`
	Principals    int `env:"GONGDI_AGENT_PRINCIPALS" envDefault:"3"` // that one agent may cast for

	NoticeReview  []string       `env:"GONGDI_NOTICE_REVIEW"`                 // kinds that another person reviews
	PublicityDays map[string]int `env:"GONGDI_PUBLICITY_DAYS"`                // least by subject, other than shipped
	ObjectionDays int            `env:"GONGDI_OBJECTION_DAYS" envDefault:"5"` // working days to answer one

	LiftObjectionsPass bool `env:"GONGDI_LIFT_OBJECTIONS_PASS"` // a lift goes on while written objections stand
}

// Wechat is the mini-program's registration with the platform.
type Wechat struct {
	AppID   string `env:"APPID"`
	Secret  string `env:"SECRET" secret:"true"`
	Token   string `env:"TOKEN" secret:"true"`
	AESKey  string `env:"AES_KEY" secret:"true"`
	BaseURL string `env:"BASE_URL"`

	Templates string `env:"TEMPLATES"` // of subscribe messages, JSON
	// Quiet is when no phone rings, "22-8": from the first quiet hour to the
	// first that is not; "none" for never. Empty is 22-8, before a stand-in none.
	Quiet string `env:"QUIET_HOURS"`
}

// Environment tells a place to try things from one that people rely on.
type Environment string

// The environments.
const (
	Development Environment = "development"
	Production  Environment = "production"
)

// TOTP says whether staff must show a second factor.
type TOTP string

// The ways.
const (
	TOTPOptional TOTP = "optional"
	TOTPRequired TOTP = "required"
)

// Read takes the settings from the environment, on top of those of a file when
// one is named: a line NAME=VALUE each, # before remarks.
func Read(file string) (Settings, error) {
	values := env.ToMap(os.Environ())
	if file != "" {
		fromFile, err := readFile(file)
		if err != nil {
			return Settings{}, err
		}
		for name, value := range fromFile {
			if _, set := values[name]; !set {
				values[name] = value
			}
		}
	}
	var s Settings
	if err := env.ParseWithOptions(&s, env.Options{Environment: values}); err != nil {
		return Settings{}, fmt.Errorf("read the settings: %w", err)
	}
	return s, s.check()
}

func readFile(path string) (map[string]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the settings' file: %w", err)
	}
	values := map[string]string{}
	for number, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !ok {
			return nil, fmt.Errorf("settings' file, line %d: expected NAME=VALUE", number+1)
		}
		values[strings.TrimSpace(name)] = unquote(strings.TrimSpace(value))
	}
	return values, nil
}

func unquote(value string) string {
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		return value[1 : n-1]
	}
	return value
}

func (s *Settings) check() error {
	var wrong []error
	refuse := func(bad bool, text string) {
		if bad {
			wrong = append(wrong, errors.New(text))
		}
	}
	refuse(s.Env != Development && s.Env != Production, "GONGDI_ENV must be development or production")
	refuse(s.StaffTOTP != TOTPOptional && s.StaffTOTP != TOTPRequired, "GONGDI_STAFF_TOTP must be optional or required")
	refuse(s.RateLimit < 0, "GONGDI_RATE_LIMIT cannot be negative")
	refuse(s.NoticeDays < 0 || s.NoticeDays > 365, "GONGDI_VOTE_NOTICE_DAYS must be 0 to 365")
	refuse(s.Principals < 1 || s.Principals > 50, "GONGDI_AGENT_PRINCIPALS must be 1 to 50")
	refuse(s.ObjectionDays < 1 || s.ObjectionDays > 60, "GONGDI_OBJECTION_DAYS must be 1 to 60")
	for subject, days := range s.PublicityDays {
		refuse(days < 1 || days > 366, "GONGDI_PUBLICITY_DAYS: "+subject+" must be 1 to 366")
	}
	refuse(s.RetentionDays < 30, "GONGDI_RETENTION_DAYS must be at least 30")
	refuse(s.CountingDays < 0 || s.CountingDays > 60, "GONGDI_VOTE_COUNTING_DAYS must be 0 to 60")
	if _, _, err := Division(s.County, 6); err != nil {
		wrong = append(wrong, fmt.Errorf("GONGDI_COUNTY: %w", err))
	}
	if code, _, err := Division(s.Area, 9); err != nil {
		wrong = append(wrong, fmt.Errorf("GONGDI_AREA: %w", err))
	} else {
		county, _, _ := strings.Cut(s.County, " ")
		refuse(!strings.HasPrefix(code, county), "GONGDI_AREA must lie in GONGDI_COUNTY")
	}
	if s.Env == Production {
		s.checkProduction(refuse)
	}
	return errors.Join(wrong...)
}

// checkProduction refuses what is only fit for trying things out.
func (s *Settings) checkProduction(refuse func(bad bool, text string)) {
	refuse(s.Wechat.BaseURL != "", "GONGDI_WECHAT_BASE_URL must be empty in production: log-ins would be taken from a stand-in")
	refuse(s.Wechat.AppID == "" || s.Wechat.Secret == "", "GONGDI_WECHAT_APPID and GONGDI_WECHAT_SECRET are needed in production")
	refuse(s.Wechat.AESKey != "" && len(s.Wechat.AESKey) != 43, "GONGDI_WECHAT_AES_KEY must have 43 characters")
	refuse(s.RateLimit == 0, "GONGDI_RATE_LIMIT must be set in production")
	if _, err := os.Stat(s.DataKeyFile); err != nil {
		refuse(true, "GONGDI_DATA_KEY_FILE is missing: in production it is never made by itself")
	} else if info, err := os.Stat(s.DataKeyFile); err == nil {
		refuse(info.Mode().Perm()&0o077 != 0, "GONGDI_DATA_KEY_FILE may be read by others: chmod 600")
	}
	if dsn, ok := strings.CutPrefix(s.Database, "mysql:"); ok {
		user, _, _ := strings.Cut(dsn, "@")
		_, password, _ := strings.Cut(user, ":")
		refuse(password == "", "GONGDI_DATABASE has no password")
	}
	if s.Redis != "" {
		u, err := url.Parse(s.Redis)
		refuse(err != nil || u.Host == "", "GONGDI_REDIS must be redis://host:port/db")
	}
}

// Division reads "520523001 鼓场街道": a code of so many digits and a name.
func Division(text string, digits int) (code, name string, err error) {
	code, name, _ = strings.Cut(strings.TrimSpace(text), " ")
	name = strings.TrimSpace(name)
	bad := strings.IndexFunc(code, func(r rune) bool { return r < '0' || r > '9' }) >= 0
	if bad || len(code) != digits || name == "" {
		return "", "", fmt.Errorf("expected a code of %d digits and a name", digits)
	}
	return code, name, nil
}

// Print shows the effective settings with secrets hidden.
func (s Settings) Print(w io.Writer) error {
	return printFields(w, "", reflect.ValueOf(s))
}

func printFields(w io.Writer, prefix string, v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if nested, ok := field.Tag.Lookup("envPrefix"); ok {
			if err := printFields(w, prefix+nested, v.Field(i)); err != nil {
				return err
			}
			continue
		}
		value := fmt.Sprint(v.Field(i).Interface())
		if list, ok := v.Field(i).Interface().([]string); ok {
			value = strings.Join(list, ",")
		}
		if field.Tag.Get("secret") != "" {
			value = hide(value)
		}
		if _, err := fmt.Fprintf(w, "%s%s=%s\n", prefix, field.Tag.Get("env"), value); err != nil {
			return err
		}
	}
	return nil
}

// hide keeps what helps and drops what a password could stand in: of a
// database the engine and, for a file, its path.
func hide(value string) string {
	if value == "" || strings.HasPrefix(value, "sqlite:") {
		return value
	}
	if engine, _, ok := strings.Cut(value, ":"); ok && (engine == "mysql" || engine == "redis" || engine == "rediss") {
		return engine + ":****"
	}
	return "****"
}
