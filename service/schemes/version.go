package schemes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/scheme"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// Version is a scheme as it read in one version.
type Version struct {
	Scheme model.Scheme
	As     model.SchemeVersion
	Lines  []model.SchemeLine // in the catalogue's order
	Funds  []model.SchemeFund
}

const (
	versionByNumber = "SELECT * FROM scheme_versions WHERE scheme_id = ? AND version = ?"
	linesOfVersion  = "SELECT * FROM scheme_lines WHERE scheme_id = ? AND version = ? ORDER BY position, code"
	fundsOfVersion  = "SELECT * FROM scheme_funds WHERE scheme_id = ? AND version = ? ORDER BY position"
)

// Read is a scheme in a version; 0 is the present one.
func (s *Service) Read(ctx context.Context, row *model.Scheme, number int) (*Version, error) {
	if number == 0 {
		number = row.Version
	}
	return read(s.DB.Read(ctx), row, number)
}

// Shown is a scheme in a published version; 0 is the latest.
func (s *Service) Shown(ctx context.Context, row *model.Scheme, number int) (*Version, error) {
	if number == 0 {
		number = row.Published
	}
	v, err := read(s.DB.Read(ctx), row, number)
	if err == nil && v.As.PublishedAt == nil {
		return nil, fault.ErrNotFound
	}
	return v, err
}

func read(tx *gorm.DB, row *model.Scheme, number int) (*Version, error) {
	v := &Version{Scheme: *row}
	err := tx.Raw(versionByNumber, row.ID, number).Take(&v.As).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	err = errors.Join(err, tx.Raw(linesOfVersion, row.ID, number).Scan(&v.Lines).Error, tx.Raw(fundsOfVersion, row.ID, number).Scan(&v.Funds).Error)
	if err != nil {
		return nil, fmt.Errorf("read version %d of scheme %s: %w", number, row.ID, err)
	}
	return v, nil
}

// Versions are all versions of a scheme without what they contain, the first
// one first; of residents those that are published.
func (s *Service) Versions(ctx context.Context, id string, shown bool) ([]model.SchemeVersion, error) {
	var rows []model.SchemeVersion
	err := s.DB.Read(ctx).Raw("SELECT * FROM scheme_versions WHERE scheme_id = ? AND (NOT ? OR published_at IS NOT NULL) ORDER BY version", id, shown).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list the versions of scheme %s: %w", id, err)
	}
	return rows, nil
}

// Create begins a scheme for a place that has none (编制方案).
func (s *Service) Create(ctx context.Context, caller model.Caller, kind model.ScopeType, placeID string, d Draft) (*Version, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Version, error) {
		p, err := s.place(tx, caller, kind, placeID)
		if err != nil {
			return nil, err
		}
		now := s.now()
		row := model.Scheme{
			ID: store.NewID(), Slot: string(kind) + ":" + p.ID, EstateID: p.EstateID, AreaCode: p.AreaCode, ScopeType: kind, ScopeID: p.ID, ScopeLabel: p.Label,
			Version: 1, Stage: model.SchemeOpen, CreatedBy: caller.ID, CreatedAt: now, UpdatedAt: now,
		}
		v, err := s.compose(tx, caller, row, d, nil)
		if err != nil {
			return nil, err
		}
		err = gorm.G[model.Scheme](tx).Create(ctx, &row)
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return nil, ErrExists
		}
		if err != nil {
			return nil, fmt.Errorf("write a scheme: %w", err)
		}
		if err := v.keep(tx); err != nil {
			return nil, err
		}
		return v, s.record(ctx, tx, caller, &row, "create", "")
	})
}

// Revise changes what is not published yet, and makes of a published version a
// new one: what residents read and owners vote on is never changed.
func (s *Service) Revise(ctx context.Context, caller model.Caller, id string, d Draft) (*Version, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Version, error) {
		row, err := s.hold(tx, id)
		if err != nil {
			return nil, err
		}
		before, err := read(tx, row, row.Version)
		if err != nil {
			return nil, err
		}
		if before.As.PublishedAt != nil {
			if d.Reason == "" {
				return nil, fault.Unknown("body.reason", "现行版本已经公布，请说明修改的原因")
			}
			row.Version++
		} else if err := discard(tx, row); err != nil {
			return nil, err
		}
		row.UpdatedAt = s.now()
		v, err := s.compose(tx, caller, *row, d, before.Lines)
		if err != nil {
			return nil, err
		}
		if err := tx.Exec("UPDATE schemes SET version = ?, updated_at = ? WHERE id = ?", row.Version, row.UpdatedAt, id).Error; err != nil {
			return nil, fmt.Errorf("revise scheme %s: %w", id, err)
		}
		if err := v.keep(tx); err != nil {
			return nil, err
		}
		return v, s.record(ctx, tx, caller, row, "revise", d.Reason)
	})
}

// discard removes the present version, which nobody but the office has read.
func discard(tx *gorm.DB, row *model.Scheme) error {
	for _, table := range []string{"scheme_versions", "scheme_lines", "scheme_funds"} {
		if err := tx.Exec("DELETE FROM "+table+" WHERE scheme_id = ? AND version = ?", row.ID, row.Version).Error; err != nil {
			return fmt.Errorf("discard version %d of scheme %s: %w", row.Version, row.ID, err)
		}
	}
	return nil
}

func (v *Version) keep(tx *gorm.DB) error {
	err := tx.Create(&v.As).Error
	if err == nil && len(v.Lines) > 0 {
		err = tx.CreateInBatches(v.Lines, 100).Error
	}
	if err == nil && len(v.Funds) > 0 {
		err = tx.CreateInBatches(v.Funds, 100).Error
	}
	if err != nil {
		return fmt.Errorf("keep version %d of scheme %s: %w", v.As.Version, v.Scheme.ID, err)
	}
	return nil
}

// Publish shows the present version to the residents. From then on it is never
// changed.
func (s *Service) Publish(ctx context.Context, caller model.Caller, id string) (*Version, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Version, error) {
		row, err := s.hold(tx, id)
		if err != nil {
			return nil, err
		}
		v, err := read(tx, row, row.Version)
		if err != nil {
			return nil, err
		}
		switch {
		case v.As.PublishedAt != nil:
			return nil, ErrPublished
		case len(v.Lines) == 0:
			return nil, ErrEmpty
		}
		if err := s.undisputed(tx, row, voting.VerdictPending, ErrInVote); err != nil {
			return nil, err
		}
		now := s.now()
		row.Published, row.UpdatedAt = row.Version, now
		v.Scheme, v.As.PublishedAt, v.As.PublishedBy = *row, &now, caller.ID
		if v.As.Digest, err = v.digest(tx); err != nil {
			return nil, err
		}
		err = errors.Join(
			tx.Exec("UPDATE scheme_versions SET digest = ?, published_by = ?, published_at = ? WHERE scheme_id = ? AND version = ?", v.As.Digest, caller.ID, now, id, row.Version).Error,
			tx.Exec("UPDATE schemes SET published = ?, updated_at = ? WHERE id = ?", row.Published, now, id).Error,
		)
		if err != nil {
			return nil, fmt.Errorf("publish scheme %s: %w", id, err)
		}
		return v, s.record(ctx, tx, caller, row, "publish", v.As.Reason)
	})
}

// digest is of all that a version says and of its drawings' bytes.
func (v *Version) digest(tx *gorm.DB) (string, error) {
	drawings, err := files.Of(tx, About(v.Scheme.ID))
	if err != nil {
		return "", err
	}
	digests := map[string]string{}
	for _, d := range v.As.Drawings {
		for _, f := range drawings {
			if f.ID == d.FileID {
				digests[f.ID] = f.Digest
			}
		}
	}
	text, err := json.Marshal(struct {
		Scheme, Title, Coverage, Focus, Measures, StartsOn, EndsOn string
		Version                                                    int
		Lines                                                      []model.SchemeLine
		Funds                                                      []model.SchemeFund
		Drawings                                                   []model.SchemeDrawing
		Digests                                                    map[string]string
	}{
		v.Scheme.ID, v.As.Title, v.As.Coverage, v.As.Focus, v.As.Measures, string(v.As.StartsOn), string(v.As.EndsOn),
		v.As.Version, v.Lines, v.Funds, v.As.Drawings, digests,
	})
	if err != nil {
		return "", fmt.Errorf("write down scheme %s: %w", v.Scheme.ID, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Withdraw takes a scheme back, unless the owners vote on it or have passed it;
// another one may then be made for the place.
func (s *Service) Withdraw(ctx context.Context, caller model.Caller, id, reason string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		row, err := s.hold(tx, id)
		if err != nil {
			return err
		}
		if err := errors.Join(s.undisputed(tx, row, voting.VerdictPending, ErrInVote), s.undisputed(tx, row, voting.VerdictPassed, ErrApproved)); err != nil {
			return err
		}
		err = tx.Exec("UPDATE schemes SET stage = 'withdrawn', slot = id, updated_at = ? WHERE id = ?", s.now(), id).Error
		if err != nil {
			return fmt.Errorf("withdraw scheme %s: %w", id, err)
		}
		return s.record(ctx, tx, caller, row, "withdraw", reason)
	})
}

// lines gives the rule's view of a version.
func (v *Version) lines() []scheme.Line {
	out := make([]scheme.Line, 0, len(v.Lines))
	for _, l := range v.Lines {
		out = append(out, scheme.Line{Code: l.Code, State: l.State, Quantity: l.Quantity, Estimate: l.Estimate, Note: l.Note})
	}
	return out
}

// ShowsDrawing refuses, with not found, a drawing that no published version
// shows.
func (s *Service) ShowsDrawing(ctx context.Context, id, fileID string) error {
	versions, err := s.Versions(ctx, id, true)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if slices.ContainsFunc(v.Drawings, func(d model.SchemeDrawing) bool { return d.FileID == fileID }) {
			return nil
		}
	}
	return fault.ErrNotFound
}
