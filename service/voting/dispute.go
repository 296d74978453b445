package voting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused while co-owners differ.
var (
	ErrBallotDisputed   = fault.New(fault.Conflict, "ballot_disputed", "共有人对这张表决票有异议，解决之前不能更改")
	ErrBallotSettled    = fault.New(fault.Conflict, "ballot_settled", "共有人已就这张表决票达成一致，不能再由一人更改或提出异议")
	ErrNothingToDispute = fault.New(fault.Conflict, "nothing_to_dispute", "目前没有可以提出异议的表决票")
	ErrOwnBallot        = fault.New(fault.Conflict, "own_ballot", "这是您自己提交的，可以直接重新提交")
	ErrDisputeEnded     = fault.New(fault.Conflict, "dispute_ended", "这项异议已经撤回或解决")
	ErrSharesTooFew     = fault.New(fault.Invalid, "shares_too_few", "同意的共有人所占份额不足三分之二")
	ErrProofTooWeak     = fault.New(fault.Conflict, "proof_too_weak", "本次表决要求更高的身份核实，请持证件到社区当面核实后再提交，或使用纸质表决票")
)

const (
	disputeReason vault.Field = "dispute.reason"
	disputeWords  vault.Field = "dispute.words"
)

// Dispute is a co-owner's objection to the ballot that stands (共有人异议). Until
// it is withdrawn or settled the ballot is not counted.
func (s *Service) Dispute(ctx context.Context, caller model.Caller, e Entitlement, motionID, voterID, reason string) (*model.Dispute, error) {
	if e.Relation != model.RelationOwner {
		return nil, ErrNotYourBallot
	}
	d, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Dispute, error) {
		w, row, err := s.openBallot(tx, motionID, voterID)
		if err != nil {
			return nil, err
		}
		versions, ledger, err := ledgerOf(tx, motionID, voterID)
		if err != nil {
			return nil, err
		}
		switch current := ledger.Current(); {
		case ledger.OpenDispute().Version > 0:
			return nil, ErrBallotDisputed
		case ledger.Settled():
			return nil, ErrBallotSettled
		case current.Version == 0 || current.Choice == vote.Invalid:
			return nil, ErrNothingToDispute
		case versions[current.Version-1].ResidentID == caller.ID:
			return nil, ErrOwnBallot
		}
		b := model.Ballot{
			MotionID: motionID, VoterID: voterID, Version: row.Version + 1, ID: store.NewID(), Channel: vote.Online,
			Choice: vote.Invalid, InvalidReason: model.InvalidDisputed, CastAt: w.now, ResidentID: caller.ID,
			Relation: e.Relation, Proof: e.Proof, Word: vote.Dispute, Area: row.Area,
		}
		if err := s.settle(tx, versions, &b, row); err != nil {
			return nil, err
		}
		d := &model.Dispute{
			ID: store.NewID(), MotionID: motionID, VoterID: voterID, Version: b.Version, ResidentID: caller.ID,
			Reason: s.Vault.Seal(disputeReason, reason), Status: model.DisputeOpen, OpenedAt: w.now,
		}
		if err := gorm.G[model.Dispute](tx).Create(ctx, d); err != nil {
			return nil, fmt.Errorf("keep a dispute of voter %s: %w", voterID, err)
		}
		return d, tellOfDispute(tx, d, e.Others, "共有人对您名下房屋的表决票提出了异议，解决之前该票不计入；可协商一致后由社区登记")
	})
	if err == nil {
		s.tallies.forget(motionID)
	}
	return d, err
}

// Withdraw ends one's own dispute: what stood before it stands again.
func (s *Service) Withdraw(ctx context.Context, caller model.Caller, e Entitlement, motionID, voterID string) error {
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		w, row, err := s.holdForPaper(tx, motionID, voterID)
		if err != nil {
			return err
		}
		versions, ledger, err := ledgerOf(tx, motionID, voterID)
		if err != nil {
			return err
		}
		open := ledger.OpenDispute().Version
		if open == 0 || versions[open-1].ResidentID != caller.ID {
			return ErrDisputeEnded
		}
		b := model.Ballot{
			MotionID: motionID, VoterID: voterID, Version: row.Version + 1, ID: store.NewID(), Channel: vote.Online,
			Choice: vote.Invalid, InvalidReason: model.InvalidDisputed, CastAt: w.now, ResidentID: caller.ID,
			Relation: e.Relation, Proof: e.Proof, Word: vote.Withdraw, Confirms: open, Area: row.Area,
		}
		if err := s.settle(tx, versions, &b, row); err != nil {
			return err
		}
		d, err := endDispute(tx, motionID, voterID, open, model.DisputeWithdrawn, func(d *model.Dispute) { d.EndedAt = &w.now })
		if err != nil {
			return err
		}
		return tellOfDispute(tx, d, e.Others, "共有人撤回了对表决票的异议，原来的表决票继续有效")
	})
	if err == nil {
		s.tallies.forget(motionID)
	}
	return err
}

// Agreement is how co-owners in dispute came to one ballot, as the community
// records it from their signed paper.
type Agreement struct {
	MotionID, DisputeID string
	By                  model.Settlement
	Choice              vote.Choice
	Shares              [2]int64 // held by those who settled, when by shares
	SignedOn            quantity.Date
	Words               string
	Scans               []string
}

// SettleDispute records the co-owners' agreement, or the decision of holders of
// at least two thirds of the shares. Where papers are checked twice it waits
// for another's confirmation.
//
// Law: Civil Code art. 301.
func (s *Service) SettleDispute(ctx context.Context, caller model.Caller, a Agreement) (vote.Standing, error) {
	if a.By == model.ByShares && !twoThirds(a.Shares) {
		return "", ErrSharesTooFew.At("body.shares", "须占份额三分之二以上")
	}
	standing, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (vote.Standing, error) {
		return s.settleDispute(ctx, tx, caller, a)
	})
	if err == nil {
		s.tallies.forget(a.MotionID)
	}
	return standing, err
}

func (s *Service) settleDispute(ctx context.Context, tx *gorm.DB, caller model.Caller, a Agreement) (vote.Standing, error) {
	d, err := dispute(tx, a.DisputeID, a.MotionID)
	if err != nil {
		return "", err
	}
	w, row, err := s.holdForPaper(tx, a.MotionID, d.VoterID)
	if err != nil {
		return "", err
	}
	if a.SignedOn > quantity.DateOf(w.now) || a.SignedOn < quantity.DateOf(*w.PublishedAt) {
		return "", fault.Unknown("body.signed_on", "签署日期应在发布日与今天之间")
	}
	versions, ledger, err := ledgerOf(tx, a.MotionID, d.VoterID)
	if err != nil {
		return "", err
	}
	corrects := ledger.Settled() && ledger.Current().Confirms == d.Version
	if ledger.OpenDispute().Version != d.Version && !corrects {
		return "", ErrDisputeEnded
	}
	b := model.Ballot{
		MotionID: a.MotionID, VoterID: d.VoterID, Version: row.Version + 1, ID: store.NewID(), Channel: vote.Paper,
		Choice: a.Choice, SignedOn: a.SignedOn, CastAt: w.now, StaffID: caller.ID, Relation: model.RelationOwner,
		Proof: model.ProofPaper, Word: vote.Settle, Confirms: d.Version, DoubleCheck: w.PaperCheck == model.PaperDouble, Area: row.Area,
	}
	if err := s.settle(tx, versions, &b, row); err != nil {
		return "", err
	}
	if err := files.Attach(tx, caller, scansOf(b.ID), a.Scans, "body.file_ids"); err != nil {
		return "", err
	}
	return b.Standing, s.closeDispute(ctx, tx, caller, w, d, a)
}

// closeDispute notes how a dispute was settled, and tells the co-owners.
func (s *Service) closeDispute(ctx context.Context, tx *gorm.DB, caller model.Caller, w *window, d *model.Dispute, a Agreement) error {
	d, err := endDispute(tx, a.MotionID, d.VoterID, d.Version, model.DisputeSettled, func(d *model.Dispute) {
		d.SettledBy, d.SharesNum, d.SharesDen = a.By, a.Shares[0], a.Shares[1]
		d.Words, d.EndedAt = s.Vault.Seal(disputeWords, strings.TrimSpace(a.Words)), &w.now
	})
	if err != nil {
		return err
	}
	owners, err := ownersBound(tx, a.MotionID, d.VoterID)
	if err != nil {
		return err
	}
	if err := tellOfDispute(tx, d, owners, "共有人关于表决票的异议已由社区按共有人的书面意见登记解决"); err != nil {
		return err
	}
	return s.record(ctx, tx, caller, &w.Motion, model.CheckPaper, "settle_dispute", string(a.By))
}

// twoThirds compares without dividing; shares above the whole are no shares.
func twoThirds(shares [2]int64) bool {
	const most = 1 << 40 // no parcel is cut so fine, and the products stay small
	n, d := shares[0], shares[1]
	return 0 < n && n <= d && d <= most && 3*n >= 2*d
}

// Disagreement is a dispute as the office sees it: who, and why, never a choice.
type Disagreement struct {
	model.Dispute
	Reason     string
	Properties []model.RollProperty
}

// DisputesOf lists a motion's disputes, the oldest first.
func (s *Service) DisputesOf(ctx context.Context, motionID string) ([]Disagreement, error) {
	db := s.DB.Read(ctx)
	var rows []model.Dispute
	if err := db.Raw("SELECT * FROM disputes WHERE motion_id = ? ORDER BY opened_at, id", motionID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the disputes of motion %s: %w", motionID, err)
	}
	voters := make([]model.RollVoter, 0, len(rows))
	for _, d := range rows {
		voters = append(voters, model.RollVoter{ID: d.VoterID})
	}
	properties, err := s.propertiesOf(ctx, motionID, voters)
	if err != nil {
		return nil, err
	}
	out := make([]Disagreement, 0, len(rows))
	for _, d := range rows {
		reason, err := s.Vault.Reveal(disputeReason, d.Reason)
		if err != nil {
			return nil, fmt.Errorf("read dispute %s: %w", d.ID, err)
		}
		out = append(out, Disagreement{Dispute: d, Reason: reason, Properties: properties[d.VoterID]})
	}
	return out, nil
}

// HasDispute refuses, with not found, a dispute that is not on a motion.
func (s *Service) HasDispute(ctx context.Context, motionID, id string) error {
	_, err := dispute(s.DB.Read(ctx), id, motionID)
	return err
}

func ledgerOf(tx *gorm.DB, motionID, voterID string) ([]model.Ballot, vote.Ledger, error) {
	versions, err := ballots(tx, motionID, voterID)
	if err != nil {
		return nil, vote.Ledger{}, err
	}
	entries := make([]vote.Entry, 0, len(versions))
	for i := range versions {
		entries = append(entries, entryOf(&versions[i]))
	}
	return versions, vote.Replay(entries), nil
}

func dispute(tx *gorm.DB, id, motionID string) (*model.Dispute, error) {
	return store.One[model.Dispute](tx, "dispute "+id, "SELECT * FROM disputes WHERE id = ? AND motion_id = ?", id, motionID)
}

func endDispute(tx *gorm.DB, motionID, voterID string, version int, status model.DisputeStatus, end func(d *model.Dispute)) (*model.Dispute, error) {
	var d model.Dispute
	err := tx.Raw("SELECT * FROM disputes WHERE motion_id = ? AND voter_id = ? AND version = ?", motionID, voterID, version).Take(&d).Error
	if err == nil {
		d.Status = status
		end(&d)
		err = tx.Select("*").Where("id = ?", d.ID).UpdateColumns(&d).Error
	}
	if err != nil {
		return nil, fmt.Errorf("end the dispute of voter %s: %w", voterID, err)
	}
	return &d, nil
}

func tellOfDispute(tx *gorm.DB, d *model.Dispute, residents []string, text string) error {
	return messages.Tell(tx, slices.Clone(residents), messages.News{
		Kind: "ballot_dispute", AboutType: "motion", AboutID: d.MotionID, Text: text, Hint: "您名下房屋的表决票有争议",
	}, when(d))
}

// when is the instant of a dispute's last step.
func when(d *model.Dispute) time.Time {
	if d.EndedAt != nil {
		return *d.EndedAt
	}
	return d.OpenedAt
}
