package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdi/api"
	"gongdi/api/server"
	"gongdi/config"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/store"
	"gongdi/service/vault"
	"gongdi/service/wechat"
)

// house is an open, migrated database with the services above it.
type house struct {
	*server.Server
	db    *store.DB
	redis *redis.Client
	files files.Place
}

// open opens what the settings name. Without migrate an older schema is left
// as it is.
func open(ctx context.Context, settings config.Settings, migrate bool, now func() time.Time) (*house, error) {
	keys, err := vault.Open(settings.DataKeyFile, settings.Env == config.Development)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, settings.Database)
	if err != nil {
		return nil, err
	}
	h := &house{db: db}
	if err := h.furnish(ctx, settings, keys, migrate, now); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *house) furnish(ctx context.Context, settings config.Settings, keys *vault.Vault, migrate bool, now func() time.Time) error {
	if migrate {
		if err := store.Migrate(ctx, h.db); err != nil {
			return err
		}
	} else if current, err := store.Current(ctx, h.db); err != nil || !current {
		return errors.Join(errors.New("the database's schema is older than this program: run gongdi migrate"), err)
	}
	platform, err := wechat.New(wechat.Config{
		AppID: settings.Wechat.AppID, Secret: settings.Wechat.Secret, Token: settings.Wechat.Token,
		AESKey: settings.Wechat.AESKey, BaseURL: settings.Wechat.BaseURL,
	})
	if err != nil {
		return fmt.Errorf("GONGDI_WECHAT_BASE_URL: %w", err)
	}
	limits, err := h.limits(settings)
	if err != nil {
		return err
	}
	if h.files, err = files.Open(ctx, settings.Files, fileKeys(settings)); err != nil {
		return fmt.Errorf("GONGDI_FILES: %w", err)
	}
	h.Server, err = server.New(ctx, server.Options{
		Settings: settings, DB: h.db, Files: h.files, Vault: keys, Platform: platform, Limits: limits, Now: now,
	})
	if err != nil {
		return err
	}
	return h.seedAreas(ctx, settings)
}

func fileKeys(s config.Settings) files.Keys {
	return files.Keys{Access: s.FilesAccessKey, Secret: s.FilesSecretKey}
}

func (h *house) seedAreas(ctx context.Context, settings config.Settings) error {
	countyCode, county, err := config.Division(settings.County, 6)
	if err != nil {
		return err
	}
	streetCode, street, err := config.Division(settings.Area, 9)
	if err != nil {
		return err
	}
	return h.Identity.SeedAreas(ctx, identity.Place{Code: countyCode, Name: county}, identity.Place{Code: streetCode, Name: street})
}

func (h *house) limits(settings config.Settings) (api.Limiter, error) {
	if settings.RateLimit == 0 {
		return nil, nil
	}
	if settings.Redis == "" {
		return api.NewLocalLimits(settings.RateLimit), nil
	}
	options, err := redis.ParseURL(settings.Redis)
	if err != nil {
		return nil, errors.New("GONGDI_REDIS must be redis://host:port/db")
	}
	h.redis = redis.NewClient(options)
	return api.NewSharedLimits(h.redis, settings.RateLimit), nil
}

func (h *house) close() error {
	var err error
	if h.redis != nil {
		err = h.redis.Close()
	}
	if h.files != nil {
		err = errors.Join(err, h.files.Close())
	}
	return errors.Join(err, h.db.Close())
}
