package keeping

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	requestWords vault.Field = "data_request.words"

	ownHome = `SELECT e.area_code FROM bindings b JOIN estates e ON e.id = b.estate_id
WHERE b.resident_id = ? AND b.property_id = ? AND b.status = 'verified'`
)

// ErrRequestAnswered says that a request was dealt with before.
var ErrRequestAnswered = fault.New(fault.Conflict, "request_answered", "这条更正请求已经答复")

// Ask asks the office to correct what it keeps about one's own home.
func (s *Service) Ask(ctx context.Context, caller model.Caller, propertyID, words string, papers []string) (string, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (string, error) {
		var areas []string
		if err := tx.Raw(ownHome, caller.ID, propertyID).Scan(&areas).Error; err != nil {
			return "", fmt.Errorf("find a resident's home: %w", err)
		}
		if len(areas) == 0 {
			return "", fault.Unknown("body.property_id", "这不是您已核实的房屋")
		}
		r := model.DataRequest{
			ID: store.NewID(), ResidentID: caller.ID, PropertyID: propertyID, AreaCode: areas[0],
			Words: s.Vault.Seal(requestWords, words), Status: model.RequestOpen, At: s.now(),
		}
		if err := gorm.G[model.DataRequest](tx).Create(ctx, &r); err != nil {
			return "", fmt.Errorf("keep a request: %w", err)
		}
		return r.ID, files.Attach(tx, caller, requestPapers(r.ID), papers, "body.file_ids")
	})
}

func requestPapers(id string) model.About { return model.About{Type: "data_request", ID: id} }

// PapersOf is what the papers of a request belong to.
func (s *Service) PapersOf(id string) model.About { return requestPapers(id) }

// Asked is a request as the office reads it.
type Asked struct {
	model.DataRequest
	Label, Said string
	Papers      []string `gorm:"-"`
}

const asked = "FROM data_requests r JOIN properties p ON p.id = r.property_id WHERE r.area_code LIKE ? AND (? = '' OR r.status = ?)"

// Requests lists those of the caller's area, the oldest first.
func (s *Service) Requests(ctx context.Context, caller model.Caller, status model.DataRequestStatus, offset, limit int) ([]Asked, int64, error) {
	db := s.DB.Read(ctx)
	rows, total, err := store.Page[Asked](db, store.List{
		Of: "requests", Columns: "r.*, p.label", From: asked, Order: "r.at, r.id", Args: []any{caller.AreaCode + "%", status, status},
	}, offset, limit)
	if err != nil {
		return nil, 0, err
	}
	for i := range rows {
		r := &rows[i]
		if r.Said, err = s.Vault.Reveal(requestWords, r.Words); err != nil {
			return nil, 0, fmt.Errorf("read request %s: %w", r.ID, err)
		}
		r.Papers = []string{}
	}
	return rows, total, addPapers(db, rows)
}

func addPapers(db *gorm.DB, asked []Asked) error {
	at := map[string]*Asked{}
	ids := make([]string, 0, len(asked))
	for i := range asked {
		at[asked[i].ID] = &asked[i]
		ids = append(ids, asked[i].ID)
	}
	if len(ids) == 0 {
		return nil
	}
	var papers []model.File
	err := db.Raw("SELECT id, about_id FROM files WHERE about_type = 'data_request' AND about_id IN ? ORDER BY created_at, id", ids).Scan(&papers).Error
	if err != nil {
		return fmt.Errorf("list the papers of requests: %w", err)
	}
	for _, f := range papers {
		a := at[f.AboutID]
		a.Papers = append(a.Papers, f.ID)
	}
	return nil
}

// HasRequest refuses, with not found, a request outside the caller's area.
func (s *Service) HasRequest(ctx context.Context, caller model.Caller, id string) error {
	var areas []string
	if err := s.DB.Read(ctx).Raw("SELECT area_code FROM data_requests WHERE id = ?", id).Scan(&areas).Error; err != nil {
		return fmt.Errorf("find request %s: %w", id, err)
	}
	if len(areas) == 0 || !caller.Covers(areas[0]) {
		return fault.ErrNotFound
	}
	return nil
}

// AnswerRequest tells the resident that it was mended, or why not.
func (s *Service) AnswerRequest(ctx context.Context, caller model.Caller, id string, status model.DataRequestStatus, answer string) error {
	const update = "UPDATE data_requests SET status = ?, answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND status = 'open'"
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(update, status, answer, caller.ID, s.now(), id)
		if done.Error != nil {
			return fmt.Errorf("answer request %s: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrRequestAnswered
		}
		var r model.DataRequest
		if err := tx.Raw("SELECT resident_id, area_code FROM data_requests WHERE id = ?", id).Take(&r).Error; err != nil {
			return fmt.Errorf("read request %s: %w", id, err)
		}
		words := map[model.DataRequestStatus]string{model.RequestDone: "已更正", model.RequestRefused: "经核对未作更改"}[status]
		news := messages.News{Kind: "data_request", AboutType: "data_request", AboutID: id, Text: "您提出的信息更正" + words + "：" + answer, Hint: "您提出的信息更正已经处理"}
		if err := messages.Tell(tx, []string{r.ResidentID}, news, s.now()); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.EditRegistry, Verb: "answer_request", ObjectType: "data_request", ObjectID: id, AreaCode: r.AreaCode, Reason: string(status),
		})
	})
}
