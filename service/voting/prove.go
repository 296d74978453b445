package voting

import (
	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
)

// prove gives a version its salt and digest, before it is written.
func prove(b *model.Ballot, ref string) {
	b.Salt = evidence.NewSalt()
	b.CommentDigest = evidence.CommentDigest(b.Comment, b.Salt)
	b.Digest = versionOf(b, ref).Digest()
}

// versionOf is a ballot's version as the evidence has it: who cast it is left out.
func versionOf(b *model.Ballot, ref string) evidence.Version {
	return evidence.Version{
		MotionID: b.MotionID, Ref: ref, Version: b.Version, Channel: b.Channel, Choice: b.Choice, Items: b.Items,
		CommentDigest: b.CommentDigest, InvalidReason: b.InvalidReason, SignedOn: b.SignedOn, ReceivedAt: b.ReceivedAt,
		CastAt: b.CastAt, Relation: b.Relation, Proof: b.Proof, DoubleCheck: b.DoubleCheck, Confirms: b.Confirms, Word: b.Word,
		Standing: b.Standing, Area: evidence.Area(b.Area), Salt: b.Salt,
	}
}

func entryOf(b *model.Ballot) vote.Entry { return versionOf(b, "").Entry() }

// castOf is a ballot with the office's signature under its receipt.
func (s *Service) castOf(b *model.Ballot, ref string) (Cast, error) {
	receipt, err := s.Key.Receipt(versionOf(b, ref))
	if err != nil {
		return Cast{}, err
	}
	return Cast{VoterID: b.VoterID, Choice: b.Choice, CastAt: b.CastAt, Receipt: receipt}, nil
}
