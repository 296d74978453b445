package evidence

import (
	"encoding/hex"
	"slices"

	"github.com/emmansun/gmsm/sm3"
)

// Chain ties all versions of all ballots of a motion to one another and to its
// roll: it starts from the motion and the roll's digest, and each further value
// is SM3 of the one before and the next recorded digest. Whoever leaves out,
// adds, moves or changes one comes to another head.
func Chain(motionID, rollDigest string, lines []BallotLine) (head string, count int64) {
	if !slices.IsSortedFunc(lines, byTime) {
		lines = slices.SortedStableFunc(slices.Values(lines), byTime)
	}
	start := newRecord(chainFormat)
	start.field("motion_id", motionID)
	start.field("roll", rollDigest)
	link := sm3.Sum(start)
	pair := make([]byte, 0, 2*len(link))
	for _, l := range lines {
		pair = append(append(pair[:0], link[:]...), linkOf(l.Recorded)...)
		link = sm3.Sum(pair)
	}
	return hex.EncodeToString(link[:]), int64(len(lines))
}

// linkOf is the digest's bytes; of a text that is no digest, its own digest, so
// that no two texts are one link.
func linkOf(digest string) []byte {
	b, err := hex.DecodeString(digest)
	if err == nil && len(b) == sm3.Size && hex.EncodeToString(b) == digest {
		return b
	}
	sum := sm3.Sum([]byte(digest))
	return sum[:]
}

func byTime(a, b BallotLine) int { return a.Compare(b.Version) }
