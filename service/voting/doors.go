package voting

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const visitNote vault.Field = "door_visit.note"

// Visit notes what came of a visit at a voter's door. It says nothing of the
// vote, and a voter who took part may be visited too.
func (s *Service) Visit(ctx context.Context, caller model.Caller, m *model.Motion, voterID string, result model.VisitResult, note string) (*model.DoorVisit, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.DoorVisit, error) {
		if m.Stage != model.StagePublished {
			return nil, ErrMotionClosed
		}
		v := &model.DoorVisit{
			ID: store.NewID(), MotionID: m.ID, VoterID: voterID, Result: result, Note: s.Vault.Seal(visitNote, note), StaffID: caller.ID, At: s.now(),
		}
		if err := gorm.G[model.DoorVisit](tx).Create(ctx, v); err != nil {
			return nil, fmt.Errorf("note a visit to voter %s: %w", voterID, err)
		}
		return v, s.record(ctx, tx, caller, m, model.VisitDoors, "visit", "")
	})
}

// Deliver notes that a voter was given the ballot, with the picture that shows
// it: of the signature, or of what was posted at the door.
func (s *Service) Deliver(ctx context.Context, caller model.Caller, m *model.Motion, voterID string, way model.DeliveryWay, proof []string) (*model.Delivery, error) {
	if way == model.Posted && len(proof) == 0 {
		return nil, fault.Unknown("body.file_ids", "张贴送达须上传照片")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Delivery, error) {
		if m.Stage != model.StagePublished {
			return nil, ErrMotionClosed
		}
		d := &model.Delivery{ID: store.NewID(), MotionID: m.ID, VoterID: voterID, Way: way, Proven: len(proof) > 0, StaffID: caller.ID, At: s.now()}
		if err := files.Attach(tx, caller, model.About{Type: "delivery", ID: d.ID}, proof, "body.file_ids"); err != nil {
			return nil, err
		}
		if err := gorm.G[model.Delivery](tx).Create(ctx, d); err != nil {
			return nil, fmt.Errorf("note a delivery to voter %s: %w", voterID, err)
		}
		return d, s.record(ctx, tx, caller, m, model.VisitDoors, "deliver", string(way))
	})
}

const alreadyOpened = "SELECT voter_id FROM deliveries WHERE motion_id = ? AND voter_id IN ? AND way = 'opened'"

// Opened notes, once, that a resident has looked at a motion on the phone: it
// reached the voters that they may cast for.
func (s *Service) Opened(ctx context.Context, m *model.Motion, mine []Mine) error {
	ids := make([]string, 0, len(mine))
	for _, v := range mine {
		ids = append(ids, v.Voter.ID)
	}
	if len(ids) == 0 || m.Stage != model.StagePublished {
		return nil
	}
	var known []string
	if err := s.DB.Read(ctx).Raw(alreadyOpened, m.ID, ids).Scan(&known).Error; err != nil {
		return fmt.Errorf("find what was opened of motion %s: %w", m.ID, err)
	}
	if len(known) >= len(ids) {
		return nil
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		for _, v := range mine {
			// Two phones at once may note it twice: it was opened twice.
			d := model.Delivery{ID: store.NewID(), MotionID: m.ID, VoterID: v.Voter.ID, Way: model.Opened, Proven: true, At: s.now()}
			if err := gorm.G[model.Delivery](tx).Create(ctx, &d); err != nil {
				return fmt.Errorf("note that voter %s was reached: %w", v.Voter.ID, err)
			}
		}
		return nil
	})
}

// Reached is what is known of a voter's door beside the vote.
type Reached struct {
	Visits     []model.DoorVisit // the latest first, with readable notes
	Deliveries []model.Delivery
}

const (
	visitsOfVoters     = "SELECT * FROM door_visits WHERE motion_id = ? AND voter_id IN ? ORDER BY at DESC, id DESC"
	deliveriesOfVoters = "SELECT * FROM deliveries WHERE motion_id = ? AND voter_id IN ? ORDER BY at, id"
)

// ReachedOf reads visits and deliveries of some voters.
func (s *Service) ReachedOf(ctx context.Context, motionID string, voterIDs []string) (map[string]Reached, error) {
	out := map[string]Reached{}
	if len(voterIDs) == 0 {
		return out, nil
	}
	db := s.DB.Read(ctx)
	var visits []model.DoorVisit
	var deliveries []model.Delivery
	if err := db.Raw(visitsOfVoters, motionID, voterIDs).Scan(&visits).Error; err != nil {
		return nil, fmt.Errorf("read the visits of motion %s: %w", motionID, err)
	}
	if err := db.Raw(deliveriesOfVoters, motionID, voterIDs).Scan(&deliveries).Error; err != nil {
		return nil, fmt.Errorf("read the deliveries of motion %s: %w", motionID, err)
	}
	for _, v := range visits {
		note, err := s.Vault.Reveal(visitNote, v.Note)
		if err != nil {
			return nil, fmt.Errorf("read visit %s: %w", v.ID, err)
		}
		v.Note = note
		r := out[v.VoterID]
		r.Visits = append(r.Visits, v)
		out[v.VoterID] = r
	}
	for _, d := range deliveries {
		r := out[d.VoterID]
		r.Deliveries = append(r.Deliveries, d)
		out[d.VoterID] = r
	}
	return out, nil
}
