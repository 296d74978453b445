package registry

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

// What residents are told about bindings.
const (
	tidingRequested = "binding_requested" // somebody else asks for one's home
	tidingVerified  = "binding_verified"
	tidingRejected  = "binding_rejected"
	tidingReopened  = "binding_reopened" // the owners changed
)

func (s *Service) tiding(residentID, kind, bindingID, text string) model.Tiding {
	return model.Tiding{
		ID: store.NewID(), ResidentID: residentID, Kind: kind, AboutType: "binding", AboutID: bindingID, Text: text, At: s.now(),
	}
}

func tell(ctx context.Context, tx *gorm.DB, tidings []model.Tiding) error {
	if len(tidings) == 0 {
		return nil
	}
	if err := tx.WithContext(ctx).CreateInBatches(tidings, batch).Error; err != nil {
		return fmt.Errorf("tell residents: %w", err)
	}
	return nil
}
