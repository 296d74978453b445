package notices

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/safety"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// ErrSuggestionAnswered says that a suggestion was answered before.
var ErrSuggestionAnswered = fault.New(fault.Conflict, "suggestion_answered", "这条建议已经答复")

const (
	suggestionWords vault.Field = "suggestion.words"
	suggestionType  string      = "suggestion"
)

var suggestionWordsOf = map[model.SuggestionStatus]string{
	model.SuggestionOpen: "待答复", model.SuggestionAdopted: "已采纳", model.SuggestionNotAdopted: "未采纳",
}

// Suggest takes a suggestion on what a notice shows, while it stands.
func (s *Service) Suggest(ctx context.Context, caller model.Caller, noticeID, words string) (*model.Suggestion, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Suggestion, error) {
		n, homes, err := s.seen(tx, caller, noticeID)
		if err != nil {
			return nil, err
		}
		switch n.StatusAt(s.now()) {
		case model.NoticeHasEnded:
			return nil, ErrOver
		case model.NoticeIsWithdrawn, model.NoticeIsDraft, model.NoticeIsScheduled:
			return nil, ErrNotPublished
		case model.NoticeIsPublished:
		}
		g := &model.Suggestion{
			ID: store.NewID(), NoticeID: n.ID, Version: n.Version, ResidentID: caller.ID,
			Words: s.Vault.Seal(suggestionWords, words), Status: model.SuggestionOpen, At: s.now(),
		}
		if err := gorm.G[model.Suggestion](tx).Create(ctx, g); err != nil {
			return nil, fmt.Errorf("keep a suggestion on notice %s: %w", n.ID, err)
		}
		return g, s.Safety.Submit(tx, caller, safety.Item{About: model.About{Type: suggestionType, ID: g.ID}, AreaCode: homes[0].AreaCode, Words: words})
	})
}

// AnswerSuggestion says «adopted», or «not, because…»; from then on everybody
// may read it, once it has passed the check of its content.
func (s *Service) AnswerSuggestion(ctx context.Context, caller model.Caller, n *model.Notice, id string, status model.SuggestionStatus, answer string) error {
	const update = "UPDATE suggestions SET status = ?, answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND status = 'open'"
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(update, status, answer, caller.ID, s.now(), id)
		if done.Error != nil {
			return fmt.Errorf("answer suggestion %s: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrSuggestionAnswered
		}
		var resident string
		if err := tx.Raw("SELECT resident_id FROM suggestions WHERE id = ?", id).Scan(&resident).Error; err != nil {
			return fmt.Errorf("find who made suggestion %s: %w", id, err)
		}
		news := messages.News{Kind: "suggestion", AboutType: "notice", AboutID: n.ID, Text: "您对“" + n.Title + "”的建议" + suggestionWordsOf[status] + "：" + answer, Hint: "您提出的建议有了答复"}
		if err := messages.Tell(tx, []string{resident}, news, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, n, "suggestion_"+string(status), "")
	})
}

// Suggested is a suggestion, readable.
type Suggested struct {
	model.Suggestion
	Said     string
	Standing safety.Standing
}

// SuggestionsOn lists the suggestions on a notice, the oldest first. A resident
// sees those that are answered and may be shown, and the own.
func (s *Service) SuggestionsOn(ctx context.Context, noticeID, residentID string) ([]Suggested, error) {
	var rows []model.Suggestion
	err := s.DB.Read(ctx).Raw("SELECT * FROM suggestions WHERE notice_id = ? AND (? = '' OR status <> 'open' OR resident_id = ?) ORDER BY at, id",
		noticeID, residentID, residentID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list the suggestions on notice %s: %w", noticeID, err)
	}
	return s.readable(ctx, rows, residentID)
}

func (s *Service) readable(ctx context.Context, rows []model.Suggestion, residentID string) ([]Suggested, error) {
	ids := make([]string, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	standings, err := safety.Standings(s.DB.Read(ctx), suggestionType, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Suggested, 0, len(rows))
	for _, row := range rows {
		if residentID != "" && row.ResidentID != residentID && !standings[row.ID].Shown() {
			continue
		}
		said, err := s.Vault.Reveal(suggestionWords, row.Words)
		if err != nil {
			return nil, fmt.Errorf("read suggestion %s: %w", row.ID, err)
		}
		out = append(out, Suggested{Suggestion: row, Said: said, Standing: standings[row.ID]})
	}
	return out, nil
}

// SuggestedAbout is a suggestion on a notice about a thing, and on which
// version of the thing.
type SuggestedAbout struct {
	Suggested
	About int
}

const suggestionsAbout = `SELECT g.*, n.about_version FROM suggestions g JOIN notices n ON n.id = g.notice_id
WHERE n.about_type = ? AND n.about_id = ? AND (? = '' OR g.status <> 'open' OR g.resident_id = ?) ORDER BY g.at, g.id LIMIT 500`

// SuggestionsAbout lists the suggestions on all notices about a thing, the
// oldest first, 500 at most, as SuggestionsOn does those on one.
func (s *Service) SuggestionsAbout(ctx context.Context, about model.Matter, residentID string) ([]SuggestedAbout, error) {
	var found []struct {
		model.Suggestion
		AboutVersion int
	}
	err := s.DB.Read(ctx).Raw(suggestionsAbout, about.Type, about.ID, residentID, residentID).Scan(&found).Error
	if err != nil {
		return nil, fmt.Errorf("list the suggestions on %s %s: %w", about.Type, about.ID, err)
	}
	rows, of := make([]model.Suggestion, 0, len(found)), map[string]int{}
	for _, f := range found {
		rows = append(rows, f.Suggestion)
		of[f.ID] = f.AboutVersion
	}
	readable, err := s.readable(ctx, rows, residentID)
	out := make([]SuggestedAbout, 0, len(readable))
	for _, g := range readable {
		out = append(out, SuggestedAbout{g, of[g.ID]})
	}
	return out, err
}

// HasSuggestion refuses, with not found, a suggestion on another notice.
func (s *Service) HasSuggestion(ctx context.Context, noticeID, id string) error {
	var n int
	if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM suggestions WHERE id = ? AND notice_id = ?", id, noticeID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find suggestion %s: %w", id, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}
