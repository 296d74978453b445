package voting

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
)

// correctionPlan is what a correction would do to a roll.
type correctionPlan struct {
	motion   *model.Motion
	changes  []model.HomeChange
	standing map[string]model.RollProperty // the roll's homes afterwards
	before   []model.RollProperty
	owners   map[string][]model.Owner
}

const homesOfRoll = "SELECT * FROM roll_properties WHERE motion_id = ? ORDER BY position"

func planCorrection(tx *gorm.DB, m *model.Motion, homes []string) (*correctionPlan, error) {
	p := &correctionPlan{motion: m}
	if err := tx.Raw(homesOfRoll, m.ID).Scan(&p.before).Error; err != nil {
		return nil, fmt.Errorf("read the homes on the roll of motion %s: %w", m.ID, err)
	}
	fresh, err := drawRoll(tx, m)
	if err != nil {
		return nil, err
	}
	drawing := newRedrawing(p.before, fresh, homes)
	if p.changes, err = drawing.redraw(homes); err != nil {
		return nil, err
	}
	p.standing, p.owners = drawing.standing, fresh.owners
	switch {
	case len(p.changes) == 0:
		return nil, ErrCorrectionEmpty
	case len(p.standing) == 0:
		return nil, fault.Unknown("body.property_ids", "更正后名册是空的")
	}
	for _, c := range p.changes {
		if m.OwnersVote() && c.Voter != "" && c.AreaAfter == nil {
			return nil, fault.Unknown(fmt.Sprintf("body.property_ids[%d]", slices.Index(homes, c.PropertyID)), "面积不明的房屋不能列入业主表决的名册，请先补全")
		}
	}
	return p, p.nameOwners(tx)
}

// nameOwners says, masked, whose the homes were on the roll and are now.
func (p *correctionPlan) nameOwners(tx *gorm.DB) error {
	masked := map[string]string{}
	var voters []model.RollVoter
	if err := tx.Raw("SELECT id, owners_masked FROM roll_voters WHERE motion_id = ?", p.motion.ID).Scan(&voters).Error; err != nil {
		return fmt.Errorf("read the voters of motion %s: %w", p.motion.ID, err)
	}
	for _, v := range voters {
		masked[v.ID] = v.OwnersMasked
	}
	for i := range p.changes {
		c := &p.changes[i]
		at := slices.IndexFunc(p.before, func(h model.RollProperty) bool { return h.PropertyID == c.PropertyID })
		if at >= 0 {
			c.OwnersBefore = masked[p.before[at].VoterID]
		}
		if home, on := p.standing[c.PropertyID]; on {
			var row model.RollVoter
			describe(&row, []model.RollProperty{home}, p.owners)
			c.OwnersAfter = row.OwnersMasked
		}
	}
	return nil
}

func homesIn(changes []model.HomeChange) []string {
	homes := make([]string, 0, len(changes))
	for _, c := range changes {
		homes = append(homes, c.PropertyID)
	}
	return homes
}

// touched are the voters that lose or gain homes, or whose homes change.
func (p *correctionPlan) touched() []string {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, c := range p.changes {
		for _, h := range p.before {
			if h.PropertyID == c.PropertyID {
				add(h.VoterID)
			}
		}
		add(c.Voter)
	}
	return ids
}

// homesOf are a voter's homes afterwards, in the roll's order.
func (p *correctionPlan) homesOf(voterID string) []model.RollProperty {
	var own []model.RollProperty
	for _, h := range p.standing {
		if h.VoterID == voterID {
			own = append(own, h)
		}
	}
	slices.SortFunc(own, func(a, b model.RollProperty) int { return a.Position - b.Position })
	return own
}

func (p *correctionPlan) lostBallots(tx *gorm.DB) (int, error) {
	lost := 0
	for _, id := range p.touched() {
		if len(p.homesOf(id)) > 0 {
			continue
		}
		var n int
		err := tx.Raw("SELECT COUNT(*) FROM roll_voters WHERE motion_id = ? AND id = ? AND choice <> ''", p.motion.ID, id).Scan(&n).Error
		if err != nil {
			return 0, fmt.Errorf("count the ballots that a correction of motion %s strikes: %w", p.motion.ID, err)
		}
		lost += n
	}
	return lost, nil
}

// sameAsProposed plans anew and refuses when it is not what was proposed and
// read by whoever applies it.
func (s *Service) sameAsProposed(tx *gorm.DB, m *model.Motion, c *model.RollCorrection) (*correctionPlan, error) {
	plan, err := planCorrection(tx, m, homesIn(c.Changes))
	var refused *fault.Error
	if errors.As(err, &refused) {
		return nil, ErrCorrectionOutdated
	}
	if err != nil {
		return nil, err
	}
	was, errWas := json.Marshal(c.Changes)
	is, errIs := json.Marshal(plan.changes)
	if err := errors.Join(errWas, errIs); err != nil {
		return nil, fmt.Errorf("compare correction %s: %w", c.ID, err)
	}
	if string(was) != string(is) {
		return nil, ErrCorrectionOutdated
	}
	return plan, nil
}

// placeOf is where a home stood on the roll, and 0 when it is added.
func (p *correctionPlan) placeOf(propertyID string) int {
	for _, h := range p.before {
		if h.PropertyID == propertyID {
			return h.Position
		}
	}
	return 0
}
