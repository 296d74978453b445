package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Import is one list that came in, when, and by whom.
type Import struct {
	Report
	StaffID string
	At      time.Time
}

const importsFrom = "FROM roster_imports WHERE area_code LIKE ?"

// ImportsOf lists the imports of the caller's area, the latest first.
func (s *Service) ImportsOf(ctx context.Context, caller model.Caller, p Page) ([]Import, int64, error) {
	rows, total, err := store.Page[model.RosterImport](s.DB.Read(ctx), store.List{
		Of: "imports", Columns: "*", From: importsFrom, Order: "at DESC, id DESC", Args: []any{caller.AreaCode + "%"},
	}, p.Offset, p.Limit)
	if err != nil {
		return nil, 0, err
	}
	imports := make([]Import, 0, len(rows))
	for _, row := range rows {
		i, err := importOf(row)
		if err != nil {
			return nil, 0, err
		}
		imports = append(imports, i)
	}
	return imports, total, nil
}

// ImportOf is one import of the caller's area with its report.
func (s *Service) ImportOf(ctx context.Context, caller model.Caller, id string) (Import, error) {
	var row model.RosterImport
	err := s.DB.Read(ctx).Raw("SELECT * "+importsFrom+" AND id = ?", caller.AreaCode+"%", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Import{}, fault.ErrNotFound
	}
	if err != nil {
		return Import{}, fmt.Errorf("read import %s: %w", id, err)
	}
	return importOf(row)
}

func importOf(row model.RosterImport) (Import, error) {
	i := Import{StaffID: row.StaffID, At: row.At}
	if err := json.Unmarshal([]byte(row.Report), &i.Report); err != nil {
		return Import{}, fmt.Errorf("read the report of import %s: %w", row.ID, err)
	}
	return i, nil
}
