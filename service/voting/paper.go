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
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Paper is a signed paper (纸质表决票) that a member of staff enters.
type Paper struct {
	MotionID, VoterID string
	Channel           vote.Channel // paper or proxy
	Choice            vote.Choice
	Items             []string
	InvalidReason     model.InvalidReason
	SignedOn          quantity.Date
	ReceivedAt        *time.Time
	Proxy             *Proxy
	Reason            string // why an earlier entry is changed
	Scans             []string
	SheetID           string // the printed sheet that it stands on
	RepresentationID  string // of who signed in the owner's place
	Form              Form   // what else stands on the paper
}

// Proxy is what a power of attorney must say.
//
// Law: Civil Code art. 165, 「应当载明代理人的姓名或者名称、代理事项、权限和期限」.
type Proxy struct {
	Agent  string
	Matter string
	Scope  string
	Until  quantity.Date
}

const ballotProxy vault.Field = "ballot.proxy"

// What is refused of paper.
var (
	ErrPaperLate     = fault.New(fault.Invalid, "paper_late", "收到时间不在表决期间内，逾期的表决票不能计入")
	ErrReasonMissing = fault.New(fault.Invalid, "reason_required", "更改已录入的表决票须说明理由")
)

// Enter records a paper and says how it stands. It is possible from the opening
// until the end of counting; the same entry again is the same entry.
func (s *Service) Enter(ctx context.Context, caller model.Caller, p Paper) (vote.Standing, error) {
	standing, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (vote.Standing, error) {
		return s.enter(ctx, tx, caller, p)
	})
	if err == nil {
		s.tallies.forget(p.MotionID)
	}
	return standing, err
}

func (s *Service) enter(ctx context.Context, tx *gorm.DB, caller model.Caller, p Paper) (vote.Standing, error) {
	w, row, err := s.holdForPaper(tx, p.MotionID, p.VoterID)
	if err != nil {
		return "", err
	}
	if err := errors.Join(w.checkPaper(p), w.checkItems(p.Items)); err != nil {
		return "", firstFault(err)
	}
	if err := represents(tx, p); err != nil {
		return "", err
	}
	versions, ledger, err := ledgerOf(tx, p.MotionID, p.VoterID)
	if err != nil {
		return "", err
	}
	switch {
	case ledger.OpenDispute().Version > 0:
		return "", ErrBallotDisputed
	case ledger.Settled():
		return "", ErrBallotSettled
	}
	b, err := s.paper(caller, p, w, row)
	if err != nil {
		return "", err
	}
	if b.FormID, err = p.Form.lay(tx, row); err != nil {
		return "", err
	}
	if last := lastPaper(versions); last != nil {
		same, err := s.samePaper(last, &b)
		if err != nil {
			return "", err
		}
		if same { // typed twice, perhaps now with its scan
			return standsNow(row, last), files.Attach(tx, caller, scansOf(last.ID), p.Scans, "body.scan_file_ids")
		}
		if p.Reason == "" {
			return "", ErrReasonMissing.At("body.reason", "请填写更改的理由")
		}
	}
	err = s.keepPaper(ctx, tx, caller, w, versions, &b, row, p)
	return b.Standing, err
}

// keepPaper stores an entry with its scans, and tells the owners.
func (s *Service) keepPaper(ctx context.Context, tx *gorm.DB, caller model.Caller, w *window, versions []model.Ballot, b *model.Ballot, row *model.RollVoter, p Paper) error {
	if err := s.settle(tx, versions, b, row); err != nil {
		return err
	}
	if err := files.Attach(tx, caller, scansOf(b.ID), p.Scans, "body.scan_file_ids"); err != nil {
		return err
	}
	if err := tellOfPaper(tx, b, "", w.now); err != nil {
		return err
	}
	return s.record(ctx, tx, caller, &w.Motion, model.EnterPaper, "enter", p.Reason)
}

// scansOf is what the scans of one ballot version belong to.
func scansOf(ballotID string) model.About { return model.About{Type: "ballot", ID: ballotID} }

func (s *Service) holdForPaper(tx *gorm.DB, motionID, voterID string) (*window, *model.RollVoter, error) {
	w, row, err := s.hold(tx, motionID, voterID)
	if err != nil {
		return nil, nil, err
	}
	if status := w.StatusAt(w.now); status != model.StatusOpen && status != model.StatusCounting {
		return nil, nil, ErrMotionNotOpen
	}
	return w, row, nil
}

// checkPaper holds the paper's dates against the vote's: signed from the day
// of publication to the closing day, received before the close.
func (w *window) checkPaper(p Paper) error {
	switch {
	case (p.Choice == vote.Invalid) != (p.InvalidReason != model.InvalidNone):
		return fault.Unknown("body.invalid_reason", "无效票须说明原因，有效票不填")
	case (p.Channel == vote.Proxy) != (p.Proxy != nil):
		return fault.Unknown("body.proxy", "委托投票须填写代理人、事项、权限和期限")
	case p.SignedOn > quantity.DateOf(w.now):
		return fault.Unknown("body.signed_on", "签署日期不能在将来")
	case p.SignedOn < quantity.DateOf(*w.PublishedAt) || p.SignedOn > quantity.DateOf(w.ClosesAt):
		return fault.Unknown("body.signed_on", "签署日期应在发布日至截止日之间")
	case p.ReceivedAt != nil && p.ReceivedAt.After(w.now):
		return fault.Unknown("body.received_at", "收到时间不能在将来")
	case p.ReceivedAt != nil && p.InvalidReason != model.InvalidLate && !w.inTime(*p.ReceivedAt):
		return ErrPaperLate.At("body.received_at", "应在发布后、截止前")
	}
	return nil
}

func (w *window) inTime(received time.Time) bool {
	return received.Before(w.ClosesAt) && !received.Before(*w.PublishedAt)
}

func (s *Service) paper(caller model.Caller, p Paper, w *window, row *model.RollVoter) (model.Ballot, error) {
	proxy := ""
	if p.Proxy != nil {
		text, err := json.Marshal(p.Proxy)
		if err != nil {
			return model.Ballot{}, fmt.Errorf("write a proxy: %w", err)
		}
		proxy = s.Vault.Seal(ballotProxy, string(text))
	}
	received := p.ReceivedAt
	if received != nil {
		at := instant(*received)
		received = &at
	}
	return model.Ballot{
		MotionID: p.MotionID, VoterID: p.VoterID, Version: row.Version + 1, ID: store.NewID(),
		Channel: p.Channel, Choice: p.Choice, Items: p.Items, InvalidReason: p.InvalidReason,
		SignedOn: p.SignedOn, ReceivedAt: received, CastAt: w.now, StaffID: caller.ID,
		Relation: model.RelationOwner, Proof: model.ProofPaper, Proxy: proxy,
		DoubleCheck: w.PaperCheck == model.PaperDouble, Reason: p.Reason, SheetID: p.SheetID, RepresentationID: p.RepresentationID, Area: row.Area,
	}, nil
}

const ballotsOfVoter = "SELECT * FROM ballots WHERE motion_id = ? AND voter_id = ? ORDER BY version"

func ballots(tx *gorm.DB, motionID, voterID string) ([]model.Ballot, error) {
	var rows []model.Ballot
	if err := tx.Raw(ballotsOfVoter, motionID, voterID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the ballot versions of voter %s: %w", voterID, err)
	}
	return rows, nil
}

// settle judges the next version by the versions before it, keeps it, and
// brings the roll's row to what now stands.
func (s *Service) settle(tx *gorm.DB, versions []model.Ballot, b *model.Ballot, row *model.RollVoter) error {
	entries := make([]vote.Entry, 0, len(versions)+1)
	for i := range versions {
		entries = append(entries, entryOf(&versions[i]))
	}
	ledger := vote.Replay(entries)
	b.Standing = ledger.Apply(entryOf(b))
	row.Version = b.Version
	row.OpenConflict, row.Unconfirmed = ledger.OpenConflict().Version, ledger.Unconfirmed().Version
	if current := ledger.Current().Version; current != row.CurrentVersion {
		standing := b
		switch {
		case current == 0:
			standing = &model.Ballot{}
		case current <= len(versions):
			standing = &versions[current-1]
		}
		stand(row, standing)
	}
	prove(b, row.Ref)
	return s.write(tx, b, row)
}

// stand makes a version the one that counts; the zero one, that none does.
func stand(row *model.RollVoter, b *model.Ballot) {
	row.Choice, row.Channel, row.InvalidReason = b.Choice, b.Channel, b.InvalidReason
	row.ByOwner, row.CurrentVersion = b.Relation == model.RelationOwner || b.Relation == model.RelationAgent, b.Version
}

// lastPaper is the latest entry of a paper that was not taken back, or nil.
func lastPaper(versions []model.Ballot) *model.Ballot {
	gone := retracted(versions)
	for i := len(versions) - 1; i >= 0; i-- {
		if b := &versions[i]; !entryOf(b).Phone && b.Confirms == 0 && !gone[b.Version] {
			return b
		}
	}
	return nil
}

// samePaper reports whether two entries are of one paper: typed twice, it is
// one. No text is sealed alike twice, so that proxies are compared revealed.
func (s *Service) samePaper(a, b *model.Ballot) (bool, error) {
	was, err := s.Vault.Reveal(ballotProxy, a.Proxy)
	if err != nil {
		return false, fmt.Errorf("read the proxy of ballot %s: %w", a.ID, err)
	}
	is, err := s.Vault.Reveal(ballotProxy, b.Proxy)
	if err != nil {
		return false, fmt.Errorf("read the proxy of ballot %s: %w", b.ID, err)
	}
	return a.Channel == b.Channel && a.Choice == b.Choice && a.InvalidReason == b.InvalidReason && was == is && a.RepresentationID == b.RepresentationID &&
		a.SignedOn == b.SignedOn && a.FormID == b.FormID && slices.Equal(a.Items, b.Items) && sameInstant(a.ReceivedAt, b.ReceivedAt), nil
}

// standsNow is how an entry of before stands after all that came since.
func standsNow(row *model.RollVoter, b *model.Ballot) vote.Standing {
	switch {
	case b.Version == row.OpenConflict:
		return vote.Conflict
	case b.Version == row.Unconfirmed:
		return vote.Unconfirmed
	case b.Choice != vote.Invalid && b.Choice == row.Choice:
		return vote.Counted
	}
	return vote.Rejected
}

func sameInstant(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
