package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
)

// Change is one entry of a home's history, personal data masked.
type Change struct {
	ID            string
	Version       int
	StaffID       string
	ImportID      string // of the list that brought it; empty when a person did
	Reason        string
	Fields        []string
	Before, After State
	At            time.Time
}

// State is a home at one point of its history.
type State struct {
	Area       *quantity.Area
	AreaSource model.AreaSource
	Floor      *int
	Use        model.Use
	Incomplete string
	Owners     []Owner
}

// HistoryOf lists the changes of a home, the latest first.
func (s *Service) HistoryOf(ctx context.Context, propertyID string, p Page) ([]Change, int64, error) {
	rows, total, err := store.Page[model.PropertyChange](s.DB.Read(ctx), store.List{
		Of: "the changes of home " + propertyID, Columns: "*", From: "FROM property_changes WHERE property_id = ?", Order: "version DESC", Args: []any{propertyID},
	}, p.Offset, p.Limit)
	if err != nil {
		return nil, 0, err
	}
	changes := make([]Change, 0, len(rows))
	for _, row := range rows {
		c := Change{
			ID: row.ID, Version: row.Version, StaffID: row.StaffID, ImportID: row.ImportID, Reason: row.Reason,
			Fields: strings.Split(row.Fields, ","), At: row.At,
		}
		if c.Before, err = s.state(row.BeforeState); err != nil {
			return nil, 0, err
		}
		if c.After, err = s.state(row.AfterState); err != nil {
			return nil, 0, err
		}
		changes = append(changes, c)
	}
	return changes, total, nil
}

func (s *Service) state(sealed string) (State, error) {
	text, err := s.Vault.Reveal(pastState, sealed)
	if err != nil {
		return State{}, fmt.Errorf("read a home's history: %w", err)
	}
	var h home
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return State{}, fmt.Errorf("read a home's history: %w", err)
	}
	return State{
		Area: h.Area, AreaSource: h.AreaSource, Floor: h.Floor, Use: h.Use, Incomplete: h.Incomplete, Owners: masked(h.Owners),
	}, nil
}
