package schemes

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/scheme"
	"gongdi/service/fault"
	"gongdi/service/notices"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// ErrVoted says that a version has been decided on, or is being.
var ErrVoted = fault.New(fault.Conflict, "scheme_voted", "这一版方案已经交付表决，需要重新表决的，请编制新版本")

const waitingMotion = "SELECT COUNT(*) FROM motions WHERE id = ? AND (stage = 'draft' OR stage = 'published' AND opens_at > ?)"

// Tie makes a motion of the owners, subject scheme, the one that votes on the
// present version. It must not have opened: nobody has voted on anything else.
func (s *Service) Tie(ctx context.Context, caller model.Caller, id, motionID string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		row, err := s.hold(tx, id)
		if err != nil {
			return err
		}
		if err := votable(tx, row); err != nil {
			return err
		}
		fits, err := decides(tx, motionID, row)
		if err != nil {
			return err
		}
		var waits int
		if err := tx.Raw(waitingMotion, motionID, s.now()).Scan(&waits).Error; err != nil {
			return fmt.Errorf("find motion %s: %w", motionID, err)
		}
		if !fits || waits == 0 {
			return fault.Unknown("body.motion_id", "应为本范围业主对改造方案的表决，并且还没有开始")
		}
		for _, change := range []struct {
			statement string
			args      []any
		}{
			{"UPDATE scheme_versions SET motion_id = '' WHERE scheme_id = ? AND motion_id = ?", []any{id, motionID}},
			{"UPDATE scheme_versions SET motion_id = ? WHERE scheme_id = ? AND version = ?", []any{motionID, id, row.Version}},
		} {
			if err := tx.Exec(change.statement, change.args...).Error; err != nil {
				return fmt.Errorf("tie motion %s to scheme %s: %w", motionID, id, err)
			}
		}
		return s.record(ctx, tx, caller, row, "tie_motion", "")
	})
}

// votable refuses a present version that is not published, or that the owners
// have decided on or are deciding on. One that they refused may be put to them
// again.
func votable(tx *gorm.DB, row *model.Scheme) error {
	if row.Published != row.Version {
		return ErrUnshown
	}
	v, err := read(tx, row, row.Version)
	if err != nil {
		return err
	}
	switch found, err := verdict(tx, row, v.As.MotionID); found {
	case voting.VerdictPassed, voting.VerdictPending, voting.VerdictUndetermined:
		return ErrVoted
	case voting.VerdictNone, voting.VerdictNotPassed:
		return err
	default:
		return err
	}
}

// Vote is what a motion on a scheme is drafted from.
type Vote struct {
	Kind              model.MotionKind
	OpensAt, ClosesAt time.Time
}

// Put drafts the motion that votes on the present version, and ties it; the
// office publishes it as any other.
func (s *Service) Put(ctx context.Context, caller model.Caller, row *model.Scheme, d Vote) (*model.Motion, error) {
	tx := s.DB.Read(ctx)
	if row.Stage != model.SchemeOpen {
		return nil, ErrWithdrawn
	}
	if err := votable(tx, row); err != nil {
		return nil, err
	}
	v, err := read(tx, row, row.Version)
	if err != nil {
		return nil, err
	}
	m, err := s.Voting.Write(ctx, caller, voting.Draft{
		ScopeType: row.ScopeType, ScopeID: row.ScopeID, Kind: d.Kind, Subject: "scheme", OpensAt: d.OpensAt, ClosesAt: d.ClosesAt,
		Title: clip("关于"+v.As.Title+"的表决", 100),
		Text:  clip(v.words(), 4800) + "\n\n请各位业主就是否同意上述方案（第 " + fmt.Sprint(v.As.Version) + " 版，摘要 " + v.As.Digest + "）表示同意、反对或者弃权。",
	})
	if err != nil {
		return nil, err
	}
	return m, s.Tie(ctx, caller, row.ID, m.ID)
}

// Announce drafts the notice that publicises the present version, for the days
// that the street has set at least unless more are asked for. Residents object
// and suggest on it.
func (s *Service) Announce(ctx context.Context, caller model.Caller, row *model.Scheme, days int) (*model.Notice, error) {
	if row.Stage != model.SchemeOpen {
		return nil, ErrWithdrawn
	}
	if row.Published != row.Version {
		return nil, ErrUnshown
	}
	v, err := read(s.DB.Read(ctx), row, row.Version)
	if err != nil {
		return nil, err
	}
	about := model.SchemeMatter(row.ID, row.Version)
	return s.Notices.Write(ctx, caller, notices.Draft{
		Kind: model.Publicity, Subject: "renovation_scheme", Title: clip("改造方案公示："+v.As.Title, 100), Body: v.words(),
		AudienceType: model.AudienceType(row.ScopeType), AudienceID: row.ScopeID, PublicityDays: days,
		AboutType: about.Type, AboutID: about.ID, AboutVersion: about.Version,
	})
}

func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// words are a version in plain paragraphs, which read as Markdown, too.
func (v *Version) words() string {
	var b strings.Builder
	put := func(name, text string) {
		if text != "" {
			b.WriteString(name + "：" + text + "\n\n")
		}
	}
	put("改造方案", fmt.Sprintf("%s（%s，第 %d 版）", v.As.Title, v.Scheme.ScopeLabel, v.As.Version))
	put("改造范围", v.As.Coverage)
	put("改造重点", v.As.Focus)
	var names []string
	for _, l := range v.Lines {
		if l.State == scheme.Planned {
			names = append(names, fmt.Sprintf("%s %s %s", l.Name, l.Amount(), l.Unit))
		}
	}
	put("改造内容", strings.Join(names, "；"))
	put("投资估算", v.As.Estimate.String()+" 元；已落实资金 "+v.As.Funds.String()+" 元")
	if v.As.StartsOn != "" {
		put("计划工期", string(v.As.StartsOn)+" 至 "+string(v.As.EndsOn))
	}
	put("推进措施", v.As.Measures)
	return strings.TrimSpace(b.String())
}
