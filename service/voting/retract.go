package voting

import (
	"context"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// ErrNothingToRetract answers where no paper of a voter can be taken back.
var ErrNothingToRetract = fault.New(fault.Conflict, "nothing_to_retract", "没有可以撤回的纸质票录入")

// Retract takes back a paper that was entered for the wrong voter, for a reason
// (录错撤回): what it displaced stands again. Of several, the one that waits for
// its check goes first, then one that differs from the phone. Where papers are
// checked twice, whoever entered it does not take it back alone.
//
// It refuses with ErrNothingToRetract, ErrOwnEntry, ErrBallotDisputed,
// ErrBallotSettled, and with ErrMotionNotOpen after counting.
func (s *Service) Retract(ctx context.Context, caller model.Caller, motionID, voterID, reason string) (*model.RollVoter, error) {
	row, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.RollVoter, error) {
		w, row, err := s.holdForPaper(tx, motionID, voterID)
		if err != nil {
			return nil, err
		}
		versions, ledger, err := ledgerOf(tx, motionID, voterID)
		if err != nil {
			return nil, err
		}
		version, err := retractable(ledger)
		if err != nil {
			return nil, err
		}
		paper := &versions[version-1]
		if w.PaperCheck == model.PaperDouble {
			if err := identity.OtherThan(tx, caller, paper.StaffID, ErrOwnEntry); err != nil {
				return nil, err
			}
		}
		b := wordOn(paper, row, w.now)
		b.Word, b.StaffID, b.Proof, b.Reason = vote.Retract, caller.ID, paper.Proof, reason
		if err := s.settle(tx, versions, &b, row); err != nil {
			return nil, err
		}
		if err := tellOfRetraction(tx, &b); err != nil {
			return nil, err
		}
		return row, s.record(ctx, tx, caller, &w.Motion, model.CheckPaper, "retract", reason)
	})
	if err == nil {
		s.tallies.forget(motionID)
	}
	return row, err
}

// retractable is the version that a retraction takes back.
func retractable(ledger vote.Ledger) (int, error) {
	switch {
	case ledger.OpenDispute().Version > 0:
		return 0, ErrBallotDisputed
	case ledger.Settled():
		return 0, ErrBallotSettled
	}
	for _, e := range []vote.Entry{ledger.Unconfirmed(), ledger.OpenConflict(), ledger.Current()} {
		if ledger.Retractable(e.Version) {
			return e.Version, nil
		}
	}
	return 0, ErrNothingToRetract
}

func tellOfRetraction(tx *gorm.DB, b *model.Ballot) error {
	owners, err := ownersBound(tx, b.MotionID, b.VoterID)
	if err != nil {
		return err
	}
	return messages.Tell(tx, owners, messages.News{
		Kind: "ballot_retracted", AboutType: "motion", AboutID: b.MotionID, Hint: "您名下房屋的表决票有变动",
		Text: "社区把一张纸质表决票误录到您名下房屋，现已撤回；目前以撤回前您自己的表决票为准，没有的请在截止前提交",
	}, b.CastAt)
}

// retracted are the versions that were taken back.
func retracted(versions []model.Ballot) map[int]bool {
	gone := map[int]bool{}
	for i := range versions {
		if b := &versions[i]; b.Word == vote.Retract && b.Standing == vote.Counted {
			gone[b.Confirms] = true
		}
	}
	return gone
}
