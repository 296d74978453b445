package voting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/evidence"
)

// errCountsDiffer stops a seal: the sum over the roll and the replay of all
// ballot versions must say the same before anybody signs.
var errCountsDiffer = errors.New("the tally differs from the replay of the ballots")

// seal counts for the last time and signs (封存). The caller holds the motion
// alone, so no ballot is under way.
func (s *Service) seal(ctx context.Context, tx *gorm.DB, m *model.Motion) error {
	proof, err := proven(tx, m.ID)
	if err != nil {
		return err
	}
	now := s.now()
	for _, line := range proof.ballots { // another replica's clock may be ahead of ours
		if line.CastAt.After(now) {
			now = line.CastAt
		}
	}
	m.Stage, m.SealedAt, m.UpdatedAt = model.StageSealed, &now, now
	tally, err := count(tx, m, now)
	if err != nil {
		return err
	}
	events, err := eventsOf(tx, m.ID)
	if err != nil {
		return err
	}
	composed := evidence.Compose(evidence.MotionOf(m, events, now), m.Rule(), proof.roll, proof.corrections, proof.ballots)
	if composed.Tally.Totals() != tally.Totals || composed.Roll.Digest != m.RollDigest {
		return fmt.Errorf("seal motion %s: %w", m.ID, errCountsDiffer)
	}
	signed, err := s.Key.Seal(composed)
	if err != nil {
		return fmt.Errorf("seal motion %s: %w", m.ID, err)
	}
	text, err := json.Marshal(tally)
	if err != nil {
		return fmt.Errorf("seal motion %s: %w", m.ID, err)
	}
	result := model.Result{
		MotionID: m.ID, SealedAt: now, Tally: string(text),
		SealedText: signed.Text, Signature: signed.Signature, KeyName: signed.KeyName, PublicKey: signed.PublicKey,
	}
	if err := gorm.G[model.Result](tx).Create(ctx, &result); err != nil {
		return fmt.Errorf("keep the result of motion %s: %w", m.ID, err)
	}
	return save(tx, m)
}

const eventsOfMotion = "SELECT * FROM motion_events WHERE motion_id = ? ORDER BY at, id"

func eventsOf(tx *gorm.DB, motionID string) ([]model.MotionEvent, error) {
	var events []model.MotionEvent
	if err := tx.Raw(eventsOfMotion, motionID).Scan(&events).Error; err != nil {
		return nil, fmt.Errorf("read the events of motion %s: %w", motionID, err)
	}
	return events, nil
}

const (
	rolledVoters     = "SELECT id, ref, area, incomplete FROM roll_voters WHERE motion_id = ? ORDER BY ref"
	rolledProperties = "SELECT * FROM roll_properties WHERE motion_id = ? ORDER BY voter_id, property_id"
	allVersions      = "SELECT * FROM ballots WHERE motion_id = ? ORDER BY cast_at, id"
	refsOfMotion     = "SELECT id, ref FROM roll_voters WHERE motion_id = ? UNION ALL SELECT id, ref FROM struck_voters WHERE motion_id = ?"
)

// proof is what a result is proven from: the roll and how it came to be, and
// every version of every ballot, under the voters' references.
type proof struct {
	roll        []evidence.RollLine
	corrections []evidence.Correction
	ballots     []evidence.BallotLine
}

func proven(tx *gorm.DB, motionID string) (p proof, err error) {
	if p.roll, err = rolled(tx, motionID); err != nil {
		return p, err
	}
	if p.corrections, err = correctionLines(tx, motionID); err != nil {
		return p, err
	}
	var versions []model.Ballot
	var voters []model.StruckVoter
	err = errors.Join(
		tx.Raw(allVersions, motionID).Scan(&versions).Error,
		tx.Raw(refsOfMotion, motionID, motionID).Scan(&voters).Error,
	)
	if err != nil {
		return p, fmt.Errorf("read the ballots of motion %s: %w", motionID, err)
	}
	refs := make(map[string]string, len(voters))
	for _, v := range voters {
		refs[v.ID] = v.Ref
	}
	p.ballots = make([]evidence.BallotLine, 0, len(versions))
	for i := range versions {
		b := &versions[i]
		p.ballots = append(p.ballots, evidence.BallotLine{Version: versionOf(b, refs[b.VoterID]), Recorded: b.Digest})
	}
	return p, nil
}

// rolled is the roll as it stands, by reference.
func rolled(tx *gorm.DB, motionID string) ([]evidence.RollLine, error) {
	var voters []model.RollVoter
	var properties []model.RollProperty
	err := errors.Join(
		tx.Raw(rolledVoters, motionID).Scan(&voters).Error,
		tx.Raw(rolledProperties, motionID).Scan(&properties).Error,
	)
	if err != nil {
		return nil, fmt.Errorf("read the roll of motion %s: %w", motionID, err)
	}
	own := map[string][]model.RollProperty{}
	for _, p := range properties {
		own[p.VoterID] = append(own[p.VoterID], p)
	}
	lines := make([]evidence.RollLine, 0, len(voters))
	for i := range voters {
		lines = append(lines, rollLine(&voters[i], own[voters[i].ID]))
	}
	return lines, nil
}

const resultOfMotion = "SELECT * FROM results WHERE motion_id = ?"

func result(tx *gorm.DB, motionID string) (*model.Result, error) {
	var r model.Result
	if err := tx.Raw(resultOfMotion, motionID).Take(&r).Error; err != nil {
		return nil, fmt.Errorf("read the result of motion %s: %w", motionID, err)
	}
	return &r, nil
}

// sealedTally is the tally as it was sealed.
func (s *Service) sealedTally(ctx context.Context, m *model.Motion) (*Tally, error) {
	r, err := result(s.DB.Read(ctx), m.ID)
	if err != nil {
		return nil, err
	}
	var t Tally
	if err := json.Unmarshal([]byte(r.Tally), &t); err != nil {
		return nil, fmt.Errorf("read the sealed tally of motion %s: %w", m.ID, err)
	}
	return &t, nil
}

// Over is a motion whose result is final, sealed now if the job has not come
// to it; it refuses with ErrMotionNotClosed before.
func (s *Service) Over(ctx context.Context, id string) (*model.Motion, error) {
	m, err := motion(s.DB.Read(ctx), motionByID, id)
	if err != nil {
		return nil, err
	}
	if m.StatusAt(s.now()) != model.StatusClosed {
		return nil, ErrMotionNotClosed
	}
	if m.Stage == model.StageSealed {
		return m, nil
	}
	return s.sealed(ctx, id)
}
