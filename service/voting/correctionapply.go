package voting

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/evidence"
	"gongdi/service/messages"
	"gongdi/service/store"
)

const (
	dropHome    = "DELETE FROM roll_properties WHERE motion_id = ? AND property_id = ?"
	dropVoter   = "DELETE FROM roll_voters WHERE motion_id = ? AND id = ?"
	lastVoter   = "SELECT COALESCE(MAX(position), 0) FROM roll_voters WHERE motion_id = ?"
	lastHome    = "SELECT COALESCE(MAX(position), 0) FROM roll_properties WHERE motion_id = ?"
	renewVoter  = "UPDATE roll_voters SET building = ?, unit = ?, owners_masked = ?, area = ?, incomplete = ? WHERE motion_id = ? AND id = ?"
	endDisputes = "UPDATE disputes SET status = 'withdrawn', ended_at = ? WHERE motion_id = ? AND voter_id = ? AND status = 'open'"
)

// carryOut brings the rows of a roll to a plan: homes first, then the voters
// that they make.
func (s *Service) carryOut(tx *gorm.DB, p *correctionPlan, correctionID string) error {
	var voters, homes int
	err := errors.Join(tx.Raw(lastVoter, p.motion.ID).Scan(&voters).Error, tx.Raw(lastHome, p.motion.ID).Scan(&homes).Error)
	if err != nil {
		return fmt.Errorf("read the length of the roll of motion %s: %w", p.motion.ID, err)
	}
	made := p.nameVoters()
	for _, c := range p.changes {
		if err := tx.Exec(dropHome, p.motion.ID, c.PropertyID).Error; err != nil {
			return fmt.Errorf("redraw home %s: %w", c.PropertyID, err)
		}
		home, on := p.standing[c.PropertyID]
		if !on {
			continue
		}
		home.MotionID, home.Position = p.motion.ID, p.placeOf(c.PropertyID)
		if home.Position == 0 {
			homes++
			home.Position = homes
		}
		p.standing[c.PropertyID] = home
		if err := tx.Create(&home).Error; err != nil {
			return fmt.Errorf("redraw home %s: %w", c.PropertyID, err)
		}
	}
	for _, id := range p.touched() {
		if err := s.redrawVoter(tx, p, id, correctionID, slices.Contains(made, id), &voters); err != nil {
			return fmt.Errorf("redraw voter %s: %w", id, err)
		}
	}
	return nil
}

// nameVoters gives identifiers to the voters that a plan makes.
func (p *correctionPlan) nameVoters() []string {
	ids, made := map[string]string{}, []string(nil)
	for i := range p.changes {
		c := &p.changes[i]
		if c.Voter == "" || slices.ContainsFunc(p.before, func(h model.RollProperty) bool { return h.VoterID == c.Voter }) {
			continue
		}
		if ids[c.Voter] == "" {
			ids[c.Voter] = store.NewID()
			made = append(made, ids[c.Voter])
		}
		home := p.standing[c.PropertyID]
		home.VoterID = ids[c.Voter]
		p.standing[c.PropertyID] = home
		c.Voter = home.VoterID
	}
	return made
}

func (s *Service) redrawVoter(tx *gorm.DB, p *correctionPlan, id, correctionID string, isNew bool, last *int) error {
	own := p.homesOf(id)
	if len(own) == 0 {
		return s.strike(tx, p.motion.ID, id, correctionID)
	}
	row := model.RollVoter{MotionID: p.motion.ID, ID: id}
	describe(&row, own, p.owners)
	if !isNew {
		return tx.Exec(renewVoter, row.Building, row.Unit, row.OwnersMasked, row.Area, row.Incomplete, row.MotionID, id).Error
	}
	*last++
	row.Position, row.Ref = *last, evidence.NewRef()
	return tx.Create(&row).Error
}

// strike takes a voter without homes off the roll; the ballots stay.
func (s *Service) strike(tx *gorm.DB, motionID, id, correctionID string) error {
	struck := model.StruckVoter{MotionID: motionID, ID: id, CorrectionID: correctionID}
	if err := tx.Raw("SELECT ref FROM roll_voters WHERE motion_id = ? AND id = ?", motionID, id).Scan(&struck.Ref).Error; err != nil {
		return err
	}
	if err := tx.Create(&struck).Error; err != nil {
		return err
	}
	if err := tx.Exec(endDisputes, s.now(), motionID, id).Error; err != nil {
		return err
	}
	return tx.Exec(dropVoter, motionID, id).Error
}

// keepCorrection gives the roll its new fingerprint and figures, and keeps the
// lines that differ.
func (s *Service) keepCorrection(tx *gorm.DB, caller model.Caller, m *model.Motion, c *model.RollCorrection, before, after []evidence.RollLine) error {
	var applied int
	var incomplete int
	err := errors.Join(
		tx.Raw("SELECT COUNT(*) FROM roll_corrections WHERE motion_id = ? AND status = 'applied'", m.ID).Scan(&applied).Error,
		tx.Raw("SELECT COUNT(*) FROM roll_properties WHERE motion_id = ? AND incomplete <> ''", m.ID).Scan(&incomplete).Error,
	)
	if err != nil {
		return fmt.Errorf("count the corrections of motion %s: %w", m.ID, err)
	}
	struck, errBefore := json.Marshal(except(before, after))
	placed, errAfter := json.Marshal(except(after, before))
	if err := errors.Join(errBefore, errAfter); err != nil {
		return fmt.Errorf("write correction %s: %w", c.ID, err)
	}
	now := s.now()
	c.Number, c.Status, c.DecidedBy, c.DecidedAt = applied+1, model.CorrectionApplied, caller.ID, &now
	c.LinesBefore, c.LinesAfter = string(struck), string(placed)
	c.DigestBefore, c.DigestAfter = m.RollDigest, evidence.RollDigest(m.ID, after)
	m.RollDigest, m.RollHeads, m.RollArea, m.RollIncomplete, m.UpdatedAt = c.DigestAfter, int64(len(after)), 0, incomplete, now
	for _, l := range after {
		m.RollArea += quantity.Area(l.Area)
	}
	return errors.Join(saveCorrection(tx, c), save(tx, m))
}

// except is the lines that are not, to the letter, among others.
func except(lines, others []evidence.RollLine) []evidence.RollLine {
	known := make(map[evidence.RollLine]bool, len(others))
	for _, l := range others {
		known[l] = true
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l evidence.RollLine) bool { return known[l] })
}

const ownersOfHomes = `SELECT DISTINCT resident_id FROM bindings WHERE property_id IN ? AND status = 'verified' AND relation = 'owner'`

func tellOfCorrection(tx *gorm.DB, m *model.Motion, c *model.RollCorrection, now time.Time) error {
	var owners []string
	if err := tx.Raw(ownersOfHomes, homesIn(c.Changes)).Scan(&owners).Error; err != nil {
		return fmt.Errorf("find whom correction %s concerns: %w", c.ID, err)
	}
	return messages.Tell(tx, owners, messages.News{
		Kind: "roll_correction", AboutType: "motion", AboutID: m.ID,
		Text: "“" + m.Title + "”的表决名册作了更正，涉及您的房屋。请查看您的表决票是否仍在；如有变动请重新提交",
		Hint: "表决名册作了更正，请查看",
	}, now)
}
