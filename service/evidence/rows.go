package evidence

import "gongdi/model"

// LineOf is a kept ballot row as it is proven, under its voter's reference.
func LineOf(b *model.Ballot, ref string) BallotLine {
	return BallotLine{
		Version: Version{
			MotionID: b.MotionID, Ref: ref, Version: b.Version,
			Channel: b.Channel, Choice: b.Choice, Items: b.Items,
			CommentDigest: b.CommentDigest, InvalidReason: b.InvalidReason,
			SignedOn: b.SignedOn, ReceivedAt: b.ReceivedAt, CastAt: b.CastAt,
			Relation: b.Relation, Proof: b.Proof,
			DoubleCheck: b.DoubleCheck, Confirms: b.Confirms, Standing: b.Standing,
			Area: Area(b.Area), Salt: b.Salt,
		},
		Recorded: b.Digest,
	}
}

// RollLineOf is a voter of the frozen roll as it is proven, with the properties
// that the roll froze for that voter.
func RollLineOf(v *model.RollVoter, properties []model.RollProperty) RollLine {
	return RollLine{Ref: v.Ref, Heads: 1, Area: Area(v.Area), Incomplete: v.Incomplete, Parts: PartsDigest(properties)}
}
