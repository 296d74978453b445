// Package evidence is what proves a result to somebody who has no database:
// the digest of every ballot version, the receipt that a voter holds, the
// sealed result, and the bundle (证据包) that carries them all and can be
// checked on any computer.
//
// What a bundle proves. Whoever has the office's public key from elsewhere (a
// notice, a website, another voter) can prove with it that the result, the roll
// and every ballot version are those that the office sealed. A bundle that is
// checked only with the key inside it proves that it agrees with itself, and no
// more: somebody could have made all of it anew under a key of their own. What
// the office left out or changed before the seal, a receipt proves.
//
// Voters stand under references that are made by chance. A reference leads to
// nobody by itself, but who holds both a bundle and somebody's receipt can read
// that person's choice; a bundle is therefore for those entitled to it.
package evidence

// The formats of what leaves the house. A change of meaning is a new number.
const (
	bundleFormat  = "gongdi-evidence/1"
	resultFormat  = "gongdi-result/1"
	receiptFormat = "gongdi-receipt/1"
	ballotFormat  = "gongdi-ballot/1"
	commentFormat = "gongdi-comment/1"
	partsFormat   = "gongdi-parts/1"
	rollFormat    = "gongdi-roll/1"
	chainFormat   = "gongdi-chain/1"
)
