package identity

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// ErrTokenInvalid answers a token that is nobody's, or no longer anybody's.
var ErrTokenInvalid = fault.New(fault.Unauthenticated, "token_invalid", "登录已失效，请重新登录")

// Pass is a fresh log-in: the token, which is shown this once and kept
// nowhere, and its session.
type Pass struct {
	Token   string
	Session model.Session
}

// tokenBytes is what nobody guesses; a token is these in URL-safe base64.
const tokenBytes = 32

var tokenLength = base64.RawURLEncoding.EncodedLen(tokenBytes)

// digest of a token, by which its session is found.
type digest [sm3.Size]byte

func digestOf(token string) digest { return sm3.Sum([]byte(token)) }

func (d digest) String() string { return hex.EncodeToString(d[:]) }

func (s *Service) issue(kind model.SessionKind, subjectID, device string) Pass {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b) // never fails since Go 1.24
	token, now := base64.RawURLEncoding.EncodeToString(b), s.now()
	return Pass{Token: token, Session: model.Session{
		TokenHash: digestOf(token).String(), ID: store.NewID(), Kind: kind, SubjectID: subjectID,
		Device: clip(device, 120), CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(s.lifetime(kind)),
	}}
}

func (s *Service) lifetime(kind model.SessionKind) time.Duration {
	if kind == model.StaffSession {
		return s.staffSession()
	}
	return s.residentSession()
}

func keepSession(ctx context.Context, tx *gorm.DB, session model.Session) error {
	if err := gorm.G[model.Session](tx).Create(ctx, &session); err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	return nil
}

func clip(text string, characters int) string {
	text = strings.ToValidUTF8(text, "")
	if runes := []rune(text); len(runes) > characters {
		return string(runes[:characters])
	}
	return text
}

const findSession = `SELECT s.id, s.kind, s.subject_id, s.seen_at, s.expires_at,
  COALESCE(a.role, ''), COALESCE(a.area_code, ''), COALESCE(a.department, ''), COALESCE(a.must_change, 0),
  CASE WHEN s.kind = 'staff' AND COALESCE(a.totp_secret, '') = '' THEN 1 ELSE 0 END,
  CASE WHEN s.kind = 'resident' OR (a.id IS NOT NULL AND a.disabled_at IS NULL) THEN 1 ELSE 0 END
FROM sessions s LEFT JOIN staff a ON a.id = s.subject_id AND s.kind = 'staff'
WHERE s.token_hash = ?`

// Who tells whose a token is, with the role and area that an account has now.
// It refuses with ErrTokenInvalid when the session has ended, has not been used
// for too long, or its account is disabled.
//
// An answer is kept for a second. What this process revokes ends at once here;
// what another replica or a command revokes ends within that second.
func (s *Service) Who(ctx context.Context, token string) (model.Caller, error) {
	if len(token) != tokenLength {
		return model.Caller{}, ErrTokenInvalid
	}
	d, now := digestOf(token), s.now()
	if caller, ok := s.recent.find(d, now); ok {
		return caller, nil
	}
	generation := s.recent.generation()
	found, err := s.look(ctx, d)
	if errors.Is(err, sql.ErrNoRows) {
		return model.Caller{}, ErrTokenInvalid
	}
	if err != nil {
		return model.Caller{}, fmt.Errorf("look up a session: %w", err)
	}
	if !s.valid(found, now) {
		return model.Caller{}, ErrTokenInvalid
	}
	if now.Sub(found.seenAt) >= seenEvery {
		s.seen.note(d, found.caller.Kind, now)
	}
	s.recent.keep(d, found, now, generation)
	return found.caller, nil
}

// standing is what the database says about a token.
type standing struct {
	caller            model.Caller
	seenAt, expiresAt time.Time
	alive             bool
}

func (s *Service) look(ctx context.Context, d digest) (standing, error) {
	var f standing
	c := &f.caller
	row := s.DB.Read(ctx).Raw(findSession, d.String()).Row()
	err := row.Scan(&c.SessionID, &c.Kind, &c.ID, &f.seenAt, &f.expiresAt, &c.Role, &c.AreaCode, &c.Department, &c.MustChange, &c.MustEnrol, &f.alive)
	c.MustEnrol = c.MustEnrol && s.RequireTOTP
	return f, err
}

func (s *Service) valid(f standing, now time.Time) bool {
	if !f.alive || !now.Before(f.expiresAt) {
		return false
	}
	return f.caller.Kind != model.StaffSession || now.Sub(f.seenAt) < s.staffIdle()
}
