package safety

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/vault"
	"gongdi/service/wechat"
)

const mediaAddress vault.Field = "safety.media"

// address is where the platform fetches a picture: nobody guesses it, and it
// ends when the verdict is no longer waited for.
func (s *Service) address(ctx context.Context, c *model.SafetyCheck) (string, error) {
	f, err := s.Files.Find(ctx, c.Part)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return "", err
	}
	if err != nil || s.Public == "" || !strings.HasPrefix(f.MediaType, "image/") {
		return "", wechat.ErrNoJudge
	}
	until := strconv.FormatInt(c.MadeAt.Add(VerdictWithin).Unix(), 10)
	return strings.TrimSuffix(s.Public, "/") + "/api/v1/public/media/" + c.Part + "-" + until + "-" + s.sign(c.Part, until), nil
}

func (s *Service) sign(file, until string) string { return s.Vault.Index(mediaAddress, file+"-"+until) }

// Picture gives what an address was made for, while it lasts; not found for
// any other.
func (s *Service) Picture(ctx context.Context, token string) (*model.File, []byte, error) {
	parts := strings.Split(token, "-")
	if len(parts) != 3 || !hmac.Equal([]byte(s.sign(parts[0], parts[1])), []byte(parts[2])) {
		return nil, nil, fault.ErrNotFound
	}
	end, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || s.now().After(time.Unix(end, 0)) {
		return nil, nil, fault.ErrNotFound
	}
	f, err := s.Files.Find(ctx, parts[0])
	if err != nil {
		return nil, nil, err
	}
	return s.Files.Content(ctx, model.About{Type: f.AboutType, ID: f.AboutID}, f.ID)
}

// PictureOf is the picture of a check, for a person who has to look at it.
func (s *Service) PictureOf(ctx context.Context, c *model.SafetyCheck) (*model.File, []byte, error) {
	if c.Kind != model.SafetyPicture {
		return nil, nil, fault.ErrNotFound
	}
	f, content, err := s.Files.Content(ctx, model.About{Type: c.AboutType, ID: c.AboutID}, c.Part)
	if err != nil {
		return nil, nil, fmt.Errorf("show the picture of check %s: %w", c.ID, err)
	}
	return f, content, nil
}
