package voting

import (
	"context"
	"time"

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
	return s.endConflict(ctx, ownersWord{motionID, voterID, which, caller, func(b *model.Ballot) {
		b.ResidentID, b.Proof = caller.ID, e.Proof
	}})
}

// SettleInPerson is an owner's word given before two named people (当面确认).
// Of a paper that nobody has checked yet, whoever entered it cannot record it.
func (s *Service) SettleInPerson(ctx context.Context, caller model.Caller, motionID, voterID string, which Which, witnesses []string) (vote.Standing, error) {
	if len(witnesses) < 2 {
		return "", ErrTwoWitnesses.At("body.witnesses", "请填写两名不同的见证人")
	}
	names, err := s.sealNames(ballotWitnesses, witnesses, "body.witnesses")
	if err != nil {
		return "", err
	}
	return s.endConflict(ctx, ownersWord{motionID, voterID, which, caller, func(b *model.Ballot) {
		b.StaffID, b.Proof, b.Witnesses = caller.ID, model.ProofInPerson, names
	}})
}

// ownersWord says which of two ballots stands, and who took it down.
type ownersWord struct {
	motionID, voterID string
	which             Which
	caller            model.Caller
	sign              func(b *model.Ballot)
}

func (s *Service) endConflict(ctx context.Context, word ownersWord) (vote.Standing, error) {
	standing, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (vote.Standing, error) {
		w, row, err := s.holdForPaper(tx, word.motionID, word.voterID)
		if err != nil {
			return "", err
		}
		versions, err := ballots(tx, word.motionID, word.voterID)
		if err != nil {
			return "", err
		}
		b, err := word.on(tx, row, versions, w.now)
		if err != nil {
			return "", err
		}
		if err := s.settle(tx, versions, &b, row); err != nil {
			return "", err
		}
		if err := tellOfPaper(tx, &b, b.ResidentID, w.now); err != nil || word.caller.Kind != model.StaffSession {
			return b.Standing, err
		}
		return b.Standing, s.record(ctx, tx, word.caller, &w.Motion, model.CheckPaper, "settle_conflict", "")
	})
	if err == nil {
		s.tallies.forget(word.motionID)
	}
	return standing, err
}

// on makes the version that ends the conflict of a voter.
func (o ownersWord) on(tx *gorm.DB, row *model.RollVoter, versions []model.Ballot, now time.Time) (model.Ballot, error) {
	switch {
	case row.InvalidReason == model.InvalidDisputed:
		return model.Ballot{}, ErrBallotDisputed
	case row.OpenConflict == 0:
		return model.Ballot{}, ErrNoConflict
	}
	paper := &versions[row.OpenConflict-1]
	if o.caller.Kind == model.StaffSession && row.Unconfirmed == row.OpenConflict {
		if err := mayCheck(tx, o.caller, paper); err != nil {
			return model.Ballot{}, err
		}
	}
	b := wordOn(paper, row, now)
	b.Relation = model.RelationOwner
	if o.which == PhoneStands {
		b.Word = vote.Keep
	}
	o.sign(&b)
	return b, nil
}
