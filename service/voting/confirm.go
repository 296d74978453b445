package voting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// What is refused of a check.
var (
	ErrNothingWaiting = fault.New(fault.Conflict, "nothing_to_confirm", "没有等待确认的表决票")
	ErrOwnEntry       = fault.New(fault.Forbidden, "own_entry", "不能复核自己录入的表决票")
)

// Confirm is the second person's word on an entry that waits for it (复核): of
// another member of staff, or of a scrutineer of the motion.
func (s *Service) Confirm(ctx context.Context, caller model.Caller, motionID, voterID string) (vote.Standing, error) {
	standing, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (vote.Standing, error) {
		return s.confirm(ctx, tx, caller, motionID, voterID)
	})
	if err == nil {
		s.tallies.forget(motionID)
	}
	return standing, err
}

// Checked is what became of one entry of a batch: how it stands, or why it
// could not be confirmed.
type Checked struct {
	VoterID  string
	Standing vote.Standing
	Refused  *fault.Error
}

// ConfirmAll confirms entries in a batch; each is judged by itself, in the
// order given.
func (s *Service) ConfirmAll(ctx context.Context, caller model.Caller, motionID string, voterIDs []string) ([]Checked, error) {
	checked, err := store.Do(ctx, s.DB, func(tx *gorm.DB) ([]Checked, error) {
		out := make([]Checked, len(voterIDs))
		for _, i := range inOrder(voterIDs) { // as every batch does, so that two do not wait for each other
			standing, err := s.confirm(ctx, tx, caller, motionID, voterIDs[i])
			out[i] = Checked{VoterID: voterIDs[i], Standing: standing}
			if err != nil && !errors.As(err, &out[i].Refused) {
				return nil, err
			}
		}
		return out, nil
	})
	if err == nil {
		s.tallies.forget(motionID)
	}
	return checked, err
}

func inOrder(ids []string) []int {
	order := make([]int, len(ids))
	for i := range ids {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case ids[a] < ids[b]:
			return -1
		case ids[a] > ids[b]:
			return 1
		}
		return 0
	})
	return order
}

func (s *Service) confirm(ctx context.Context, tx *gorm.DB, caller model.Caller, motionID, voterID string) (vote.Standing, error) {
	w, row, err := s.holdForPaper(tx, motionID, voterID)
	if err != nil {
		return "", err
	}
	if row.Unconfirmed == 0 {
		return "", ErrNothingWaiting
	}
	versions, err := ballots(tx, motionID, voterID)
	if err != nil {
		return "", err
	}
	waiting := &versions[row.Unconfirmed-1]
	if row.InvalidReason == model.InvalidDisputed && waiting.Word != vote.Settle {
		return "", ErrBallotDisputed
	}
	if err := mayCheck(tx, caller, waiting); err != nil {
		return "", err
	}
	b, told := wordOn(waiting, row, w.now), row.OpenConflict == waiting.Version
	b.Proof = waiting.Proof
	signBy(&b, caller)
	if err := s.settle(tx, versions, &b, row); err != nil {
		return "", err
	}
	if !told {
		if err := tellOfPaper(tx, &b, "", w.now); err != nil {
			return "", err
		}
	}
	return b.Standing, s.record(ctx, tx, caller, &w.Motion, model.CheckPaper, "confirm", "")
}

// mayCheck refuses whoever entered the paper, by whatever account, and a
// scrutineer whose own home it is.
func mayCheck(tx *gorm.DB, caller model.Caller, waiting *model.Ballot) error {
	err := identity.OtherThan(tx, caller, waiting.StaffID, ErrOwnEntry)
	if err != nil || caller.Kind == model.StaffSession {
		return err
	}
	owners, err := ownersBound(tx, waiting.MotionID, waiting.VoterID)
	if err != nil {
		return err
	}
	if slices.Contains(owners, caller.ID) {
		return ErrOwnEntry
	}
	return nil
}

// wordOn is a version that says something on an earlier one, and repeats it.
func wordOn(b *model.Ballot, row *model.RollVoter, now time.Time) model.Ballot {
	return model.Ballot{
		MotionID: b.MotionID, VoterID: b.VoterID, Version: row.Version + 1, ID: store.NewID(),
		Channel: b.Channel, Choice: b.Choice, Items: b.Items, InvalidReason: b.InvalidReason,
		SignedOn: b.SignedOn, ReceivedAt: b.ReceivedAt, CastAt: now, Confirms: b.Version, FormID: b.FormID, Area: row.Area,
	}
}

func signBy(b *model.Ballot, caller model.Caller) {
	if caller.Kind == model.StaffSession {
		b.StaffID = caller.ID
		return
	}
	b.ResidentID = caller.ID
}

const boundOwners = `SELECT DISTINCT b.resident_id FROM roll_properties p
JOIN bindings b ON b.property_id = p.property_id AND b.status = 'verified' AND b.relation = 'owner'
WHERE p.motion_id = ? AND p.voter_id = ?`

// ownersBound are the residents bound as owners to a voter's homes.
func ownersBound(tx *gorm.DB, motionID, voterID string) ([]string, error) {
	var ids []string
	if err := tx.Raw(boundOwners, motionID, voterID).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("find the owners of voter %s: %w", voterID, err)
	}
	return ids, nil
}

// tellOfPaper tells the owners on the phone, except who did it, that a paper
// was counted for their home, or that it differs and waits for them.
func tellOfPaper(tx *gorm.DB, b *model.Ballot, except string, now time.Time) error {
	news := messages.News{AboutType: "motion", AboutID: b.MotionID, Hint: "您名下房屋的表决票有变动"}
	switch b.Standing {
	case vote.Conflict:
		news.Kind = "ballot_conflict"
		news.Text = "收到您名下房屋的纸质表决票，与手机上提交的不一致。目前以手机上的为准；请在计票结束前打开表决，确认以哪一份为准"
	case vote.Counted, vote.Rejected:
		news.Kind = "ballot_entered"
		news.Text = "您名下房屋的纸质表决票已由社区录入；如有不符，请在截止前在手机上重新提交或联系社区"
	case vote.Unconfirmed:
		return nil
	}
	owners, err := ownersBound(tx, b.MotionID, b.VoterID)
	if err != nil {
		return err
	}
	owners = slices.DeleteFunc(owners, func(id string) bool { return id == except })
	return messages.Tell(tx, owners, news, now)
}
