package lifts

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// ErrOwnerHasSpoken says that a tenant's or relative's word does not replace
// the owner's.
var ErrOwnerHasSpoken = fault.New(fault.Conflict, "owner_has_answered", "产权人已经作答，不能再由其他人更改")

// LeastAnswers is how many households must have answered before neighbours are
// shown counts: of fewer one could tell who said what.
const LeastAnswers = 5

// Say records what a household thinks of a lift; the latest stands. It binds
// nobody.
func (s *Service) Say(ctx context.Context, caller model.Caller, t *Tie, in model.LiftIntent) error {
	in.UnitID, in.PropertyID, in.ResidentID, in.Relation, in.At = t.UnitID, t.PropertyID, caller.ID, t.Relation, s.now()
	in.Concerns = orderly(in.Concerns)
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var before model.LiftIntent
		err := tx.Raw(s.DB.Locked("SELECT * FROM lift_intents WHERE unit_id = ? AND property_id = ?"), t.UnitID, t.PropertyID).Take(&before).Error
		switch {
		case err != nil && !errors.Is(err, gorm.ErrRecordNotFound):
			return fmt.Errorf("read the intent of home %s: %w", t.PropertyID, err)
		case err == nil && before.Relation == model.RelationOwner && t.Relation != model.RelationOwner && before.ResidentID != caller.ID:
			return ErrOwnerHasSpoken
		}
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&in).Error; err != nil {
			return fmt.Errorf("keep the intent of home %s: %w", t.PropertyID, err)
		}
		return nil
	})
}

// orderly drops what is said twice, and never is nil: a nil list would be kept
// as NULL.
func orderly(said []model.Concern) []model.Concern {
	out := []model.Concern{}
	for _, c := range model.Concerns {
		if slices.Contains(said, c) {
			out = append(out, c)
		}
	}
	return out
}

// Intents is how a stairwell thinks of a lift.
type Intents struct {
	Homes    int
	Answers  int
	Stances  map[model.Stance]int
	WillPay  map[model.WillPay]int
	Concerns map[model.Concern]int
	// Campaign is when the stairwell began to ask; nil when it has not.
	Campaign *model.LiftCampaign
	Said     []Said // of every home that answered
}

// Said is what one home said.
type Said struct {
	model.LiftIntent
	Label string
	Floor *int
}

const (
	dwellingsOfUnit = "SELECT COUNT(*) FROM properties WHERE unit_id = ? AND property_use NOT IN ('parking', 'storage')"
	intentsOfUnit   = `SELECT i.*, p.label, COALESCE(p.floor_physical, p.floor) AS floor FROM lift_intents i JOIN properties p ON p.id = i.property_id
WHERE i.unit_id = ? ORDER BY p.sort_key, p.id`
)

// IntentsOf counts what the homes of a stairwell have said.
func (s *Service) IntentsOf(ctx context.Context, unitID string) (*Intents, error) {
	db := s.DB.Read(ctx)
	in := &Intents{Stances: map[model.Stance]int{}, WillPay: map[model.WillPay]int{}, Concerns: map[model.Concern]int{}}
	err := errors.Join(db.Raw(dwellingsOfUnit, unitID).Scan(&in.Homes).Error, db.Raw(intentsOfUnit, unitID).Scan(&in.Said).Error)
	if err != nil {
		return nil, fmt.Errorf("read the intents of unit %s: %w", unitID, err)
	}
	for _, said := range in.Said {
		in.Answers++
		in.Stances[said.Stance]++
		in.WillPay[said.WillPay]++
		for _, c := range said.Concerns {
			in.Concerns[c]++
		}
	}
	in.Campaign, err = campaign(db, unitID)
	return in, err
}

// Shown reports whether neighbours may be shown the counts.
func (in *Intents) Shown() bool { return in.Answers >= LeastAnswers }

const campaignOfUnit = "SELECT * FROM lift_campaigns WHERE unit_id = ?"

func campaign(tx *gorm.DB, unitID string) (*model.LiftCampaign, error) {
	var rows []model.LiftCampaign
	if err := tx.Raw(campaignOfUnit, unitID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the campaign of unit %s: %w", unitID, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// Start begins to ask a stairwell for a lift (发起): the neighbours are told, and
// the committee finds it in its list. One that has begun goes on.
func (s *Service) Start(ctx context.Context, caller model.Caller, unitID string) (*model.LiftCampaign, error) {
	ties, err := s.TiesTo(ctx, caller, unitID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(ties, func(t Tie) bool { return t.Relation == model.RelationOwner })
	if i < 0 {
		return nil, ErrOwnersOnly
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.LiftCampaign, error) {
		u, err := unit(tx, unitID)
		if err != nil {
			return nil, err
		}
		c := model.LiftCampaign{
			ID: store.NewID(), UnitID: u.ID, EstateID: u.EstateID, AreaCode: u.AreaCode, ResidentID: caller.ID, PropertyID: ties[i].PropertyID, StartedAt: s.now(),
		}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&c).Error; err != nil {
			return nil, fmt.Errorf("start a campaign in unit %s: %w", unitID, err)
		}
		if running, err := campaign(tx, unitID); err != nil || running.ID != c.ID {
			return running, err
		}
		news := messages.News{Kind: "lift", AboutType: "unit", AboutID: u.ID, Text: u.Label + "有业主发起加装电梯，请说说您的意愿；意愿不具约束力。"}
		return &c, tellNeighbours(tx, u.ID, news, s)
	})
}

// Campaign is a stairwell that asks for a lift, in the office's list.
type Campaign struct {
	model.LiftCampaign
	UnitLabel            string
	Homes, Answers, Want int64
	Plans                int64
}

const campaignColumns = `c.*, CONCAT(e.name, b.label, u.label) AS unit_label,
(SELECT COUNT(*) FROM properties p WHERE p.unit_id = c.unit_id AND p.property_use NOT IN ('parking', 'storage')) AS homes,
(SELECT COUNT(*) FROM lift_intents i WHERE i.unit_id = c.unit_id) AS answers,
(SELECT COUNT(*) FROM lift_intents i WHERE i.unit_id = c.unit_id AND i.stance = 'want') AS want,
(SELECT COUNT(*) FROM lift_plans l WHERE l.unit_id = c.unit_id AND l.stage = 'open') AS plans`

const campaignsOfArea = `FROM lift_campaigns c JOIN units u ON u.id = c.unit_id JOIN buildings b ON b.id = u.building_id JOIN estates e ON e.id = c.estate_id
WHERE c.area_code LIKE ?`

// Campaigns lists the stairwells of the caller's area that ask for a lift, the
// newest first.
func (s *Service) Campaigns(ctx context.Context, caller model.Caller, offset, limit int) ([]Campaign, int64, error) {
	return store.Page[Campaign](s.DB.Read(ctx), store.List{
		Of: "campaigns", Columns: campaignColumns, From: campaignsOfArea, Order: "c.started_at DESC, c.id DESC", Args: []any{caller.AreaCode + "%"},
	}, offset, limit)
}
