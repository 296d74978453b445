package voting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Vote is what a resident casts on the phone.
type Vote struct {
	MotionID, VoterID string
	Choice            vote.Choice
	Items             []string
	Comment           string
	Form              Form // what else stands on the paper
}

// Cast is a ballot that stands, with its receipt.
type Cast struct {
	VoterID string
	Choice  vote.Choice
	CastAt  time.Time
	Receipt evidence.Receipt
}

const ballotComment vault.Field = "ballot.comment"

// Cast records a new version of a ballot; earlier versions stay and the latest
// counts. The same again is the same ballot. It refuses with ErrMotionNotOpen
// outside the window, and with ErrOwnerHasAnswered when a tenant or relative
// follows an owner.
func (s *Service) Cast(ctx context.Context, caller model.Caller, e Entitlement, v Vote) (Cast, error) {
	out, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (Cast, error) {
		w, row, err := s.openBallot(tx, v.MotionID, v.VoterID)
		if err != nil {
			return Cast{}, err
		}
		if err := w.checkItems(v.Items); err != nil {
			return Cast{}, err
		}
		if err := errors.Join(s.stillGranted(tx, w, caller.ID, e.GrantID), unsettled(tx, row), w.mayFollow(row, e)); err != nil {
			return Cast{}, firstFault(err)
		}
		formID, err := v.Form.lay(tx, row)
		if err != nil {
			return Cast{}, err
		}
		again, err := repeated(tx, caller, e, row, v, formID)
		if err != nil {
			return Cast{}, err
		}
		if again != nil {
			return s.castOf(again, row.Ref)
		}
		b := online(caller, e, v, row, w.now)
		b.FormID = formID
		if err := s.keep(tx, &b, row); err != nil {
			return Cast{}, err
		}
		if err := messages.Tell(tx, e.Others, ballotCast(v.MotionID), w.now); err != nil {
			return Cast{}, err
		}
		return s.castOf(&b, row.Ref)
	})
	if err == nil {
		s.tallies.forget(v.MotionID)
	}
	return out, err
}

// mayFollow says whether a ballot may take the place of the one that stands:
// a tenant's or relative's no owner's, and an agent's no owner's own.
func (w *window) mayFollow(row *model.RollVoter, e Entitlement) error {
	switch {
	case row.InvalidReason == model.InvalidDisputed:
		return ErrBallotDisputed
	case w.DemandProof != "" && e.Proof.Rank() < w.DemandProof.Rank():
		return ErrProofTooWeak
	case !row.ByOwner || row.Choice == "" || row.Choice == vote.Invalid || e.Relation == model.RelationOwner:
		return nil
	case e.Relation == model.RelationAgent && row.Channel == vote.Proxy:
		return nil
	}
	return ErrOwnerHasAnswered
}

// unsettled refuses where co-owners have settled what stands: that is a paper.
func unsettled(tx *gorm.DB, row *model.RollVoter) error {
	if row.Channel != vote.Paper || row.CurrentVersion == 0 {
		return nil
	}
	current, err := ballot(tx, row.MotionID, row.ID, row.CurrentVersion)
	if err == nil && current.Word == vote.Settle {
		err = ErrBallotSettled
	}
	return err
}

func ballotCast(motionID string) messages.News {
	return messages.News{
		Kind: "ballot_cast", AboutType: "motion", AboutID: motionID,
		Text: "您名下房屋的表决票刚刚提交或更改；如非共有人或家人所为，请联系社区",
		Hint: "您名下房屋的表决票已提交或更改",
	}
}

// window is what a motion's row says about casting now.
type window struct {
	model.Motion
	now time.Time
}

const (
	motionWindow = "SELECT id, kind, stage, items, paper_check, demand_proof, published_at, opens_at, closes_at, count_until, area_code FROM motions WHERE id = ?"
	rollVoter    = "SELECT * FROM roll_voters WHERE motion_id = ? AND id = ?"
)

// openBallot holds the motion (shared: a close waits for us) and the voter's
// row (exclusive), in this order everywhere. The clock is read after both, so
// that whoever waited past the close is too late.
func (s *Service) openBallot(tx *gorm.DB, motionID, voterID string) (*window, *model.RollVoter, error) {
	w, row, err := s.hold(tx, motionID, voterID)
	if err != nil {
		return nil, nil, err
	}
	if w.StatusAt(w.now) != model.StatusOpen {
		return nil, nil, ErrMotionNotOpen
	}
	return w, row, nil
}

func (s *Service) hold(tx *gorm.DB, motionID, voterID string) (*window, *model.RollVoter, error) {
	m, err := motion(tx, s.DB.Shared(motionWindow), motionID)
	if err != nil {
		return nil, nil, err
	}
	var row model.RollVoter
	err = tx.Raw(s.DB.Locked(rollVoter), motionID, voterID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, nil, fmt.Errorf("hold voter %s: %w", voterID, err)
	}
	return &window{Motion: *m, now: s.now()}, &row, nil
}

func (w *window) checkItems(items []string) error {
	for i, code := range items {
		known := slices.ContainsFunc(w.Items, func(item model.Item) bool { return item.Code == code })
		if !known {
			return fault.Unknown(fmt.Sprintf("body.items[%d]", i), "没有这一项")
		}
		if slices.Contains(items[:i], code) {
			return fault.Unknown(fmt.Sprintf("body.items[%d]", i), "重复选择")
		}
	}
	return nil
}

const ballotVersion = "SELECT * FROM ballots WHERE motion_id = ? AND voter_id = ? AND version = ?"

// repeated finds the standing ballot when the same person casts the same
// again: a second tap is not a second ballot.
func repeated(tx *gorm.DB, caller model.Caller, e Entitlement, row *model.RollVoter, v Vote, formID string) (*model.Ballot, error) {
	if row.Choice != v.Choice || row.Channel != e.channel() || row.OpenConflict > 0 {
		return nil, nil
	}
	b, err := ballot(tx, row.MotionID, row.ID, row.CurrentVersion)
	if err != nil {
		return nil, err
	}
	same := b.ResidentID == caller.ID && slices.Equal(b.Items, v.Items) && b.FormID == formID &&
		b.CommentDigest == evidence.CommentDigest(v.Comment, b.Salt)
	if !same {
		return nil, nil
	}
	return b, nil
}

func ballot(tx *gorm.DB, motionID, voterID string, version int) (*model.Ballot, error) {
	var b model.Ballot
	if err := tx.Raw(ballotVersion, motionID, voterID, version).Take(&b).Error; err != nil {
		return nil, fmt.Errorf("read version %d of voter %s: %w", version, voterID, err)
	}
	return &b, nil
}

// channel is how somebody's ballot on the phone is counted.
func (e Entitlement) channel() vote.Channel {
	if e.GrantID != "" {
		return vote.Proxy
	}
	return vote.Online
}

func online(caller model.Caller, e Entitlement, v Vote, row *model.RollVoter, now time.Time) model.Ballot {
	return model.Ballot{
		MotionID: v.MotionID, VoterID: v.VoterID, Version: row.Version + 1, ID: store.NewID(),
		Channel: e.channel(), Choice: v.Choice, Items: v.Items, Comment: v.Comment, GrantID: e.GrantID, RepresentationID: e.RepresentationID,
		CastAt: now, ResidentID: caller.ID, Relation: e.Relation, Proof: e.Proof,
		Standing: vote.Counted, Area: row.Area,
	}
}

const insertBallot = `INSERT INTO ballots (motion_id, voter_id, version, id, channel, choice, items, comment, comment_digest,
invalid_reason, signed_on, received_at, cast_at, resident_id, staff_id, relation, proof, proxy, double_check, confirms,
word, sheet_id, grant_id, form_id, representation_id, witnesses, standing, reason, area, salt, digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateVoter = `UPDATE roll_voters SET choice = ?, channel = ?, invalid_reason = ?, by_owner = ?, version = ?,
current_version = ?, open_conflict = ?, unconfirmed = ? WHERE motion_id = ? AND id = ?`

// keep adds a version from the phone, which always stands and settles an open
// conflict: what vote.Ledger would say without reading the earlier ones.
func (s *Service) keep(tx *gorm.DB, b *model.Ballot, row *model.RollVoter) error {
	row.Version, row.OpenConflict = b.Version, 0
	stand(row, b)
	prove(b, row.Ref)
	return s.write(tx, b, row)
}

func (s *Service) write(tx *gorm.DB, b *model.Ballot, row *model.RollVoter) error {
	items, err := json.Marshal(append([]string{}, b.Items...))
	if err != nil {
		return fmt.Errorf("write the items of a ballot: %w", err)
	}
	err = tx.Exec(insertBallot, b.MotionID, b.VoterID, b.Version, b.ID, b.Channel, b.Choice, string(items),
		s.Vault.Seal(ballotComment, b.Comment), b.CommentDigest, b.InvalidReason, b.SignedOn, b.ReceivedAt, b.CastAt,
		b.ResidentID, b.StaffID, b.Relation, b.Proof, b.Proxy, b.DoubleCheck, b.Confirms,
		b.Word, b.SheetID, b.GrantID, b.FormID, b.RepresentationID, b.Witnesses, b.Standing, b.Reason, b.Area, b.Salt, b.Digest).Error
	if err != nil {
		return fmt.Errorf("write version %d of voter %s: %w", b.Version, b.VoterID, err)
	}
	err = tx.Exec(updateVoter, row.Choice, row.Channel, row.InvalidReason, row.ByOwner, row.Version,
		row.CurrentVersion, row.OpenConflict, row.Unconfirmed, row.MotionID, row.ID).Error
	if err != nil {
		return fmt.Errorf("update voter %s: %w", row.ID, err)
	}
	if s.Answered == nil {
		return nil
	}
	return s.Answered(tx, row)
}
