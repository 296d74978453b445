package voting

import (
	"context"
	"io"
	"iter"
	"slices"

	"gongdi/model"
	"gongdi/service/evidence"
)

// Bundle writes what a sealed result is proven from (证据包). Who took it, and
// an owner's reason, go into the log.
func (s *Service) Bundle(ctx context.Context, caller model.Caller, id, reason string, w io.Writer) error {
	m, err := s.Over(ctx, id)
	if err != nil {
		return err
	}
	db := s.DB.Read(ctx)
	kept, err := result(db, id)
	if err != nil {
		return err
	}
	proof, err := proven(db, id)
	if err != nil {
		return err
	}
	slices.SortFunc(proof.ballots, func(a, b evidence.BallotLine) int { return a.Compare(b.Version) })
	if err := s.exported(ctx, caller, id, model.ExportEvidence, "zip", reason); err != nil {
		return err
	}
	return evidence.Write(w, evidence.Contents{
		Seal: evidence.Seal{
			Text: kept.SealedText, Signature: kept.Signature, KeyName: kept.KeyName, PublicKey: kept.PublicKey,
		},
		Text: m.Text, Roll: each(proof.roll), Corrections: proof.corrections, Ballots: each(proof.ballots),
	})
}

func each[T any](rows []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}
