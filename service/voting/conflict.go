package voting

import (
	"context"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused of a conflict's end.
var (
	ErrNoConflict   = fault.New(fault.Conflict, "no_conflict", "没有与手机表决不一致的纸质票")
	ErrTwoWitnesses = fault.New(fault.Invalid, "two_witnesses", "当面确认须有两名见证人在场")
)

const ballotWitnesses vault.Field = "ballot.witnesses"

// Which of two ballots stands after an owner's word.
type Which string

// The ballots in conflict.
const (
	PaperStands Which = "paper"
	PhoneStands Which = "phone"
)

// SettleOwn is an owner's word, on the phone, on a paper that differs from the
// ballot cast there. It is possible until counting ends.
func (s *Service) SettleOwn(ctx context.Context, caller model.Caller, e Entitlement, motionID, voterID string, which Which) (vote.Standing, error) {
	if e.Relation != model.RelationOwner {
		return "", ErrNotYourBallot
	}
	return s.endConflict(ctx, motionID, voterID, which, func(b *model.Ballot) {
		b.ResidentID, b.Proof = caller.ID, e.Proof
	}, nil)
}

// SettleInPerson is an owner's word given before two named people (当面确认).
func (s *Service) SettleInPerson(ctx context.Context, caller model.Caller, motionID, voterID string, which Which, witnesses []string) (vote.Standing, error) {
	if len(witnesses) < 2 {
		return "", ErrTwoWitnesses.At("body.witnesses", "请填写两名不同的见证人")
	}
	names, err := s.sealNames(ballotWitnesses, witnesses, "body.witnesses")
	if err != nil {
		return "", err
	}
	return s.endConflict(ctx, motionID, voterID, which, func(b *model.Ballot) {
		b.StaffID, b.Proof, b.Witnesses = caller.ID, model.ProofInPerson, names
	}, func(tx *gorm.DB, m *model.Motion) error {
		return s.record(ctx, tx, caller, m, model.CheckPaper, "settle_conflict", "")
	})
}

func (s *Service) endConflict(ctx context.Context, motionID, voterID string, which Which, sign func(b *model.Ballot), record func(tx *gorm.DB, m *model.Motion) error) (vote.Standing, error) {
	standing, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (vote.Standing, error) {
		w, row, err := s.holdForPaper(tx, motionID, voterID)
		if err != nil {
			return "", err
		}
		switch {
		case row.InvalidReason == model.InvalidDisputed:
			return "", ErrBallotDisputed
		case row.OpenConflict == 0:
			return "", ErrNoConflict
		}
		versions, err := ballots(tx, motionID, voterID)
		if err != nil {
			return "", err
		}
		b := wordOn(&versions[row.OpenConflict-1], row, w.now)
		b.Relation = model.RelationOwner
		if which == PhoneStands {
			b.Word = vote.Keep
		}
		sign(&b)
		if err := s.settle(tx, versions, &b, row); err != nil {
			return "", err
		}
		if err := tellOfPaper(tx, &b, b.ResidentID, w.now); err != nil || record == nil {
			return b.Standing, err
		}
		return b.Standing, record(tx, &w.Motion)
	})
	if err == nil {
		s.tallies.forget(motionID)
	}
	return standing, err
}
