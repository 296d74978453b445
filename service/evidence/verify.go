package evidence

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"gongdi/model/rule/vote"
)

// Verify checks a bundle without a database: what it says it is, against what
// can be computed from it. With trusted, a public key that came from elsewhere,
// the signature must be of that key; with nil only the bundle's own key is at
// hand, and the report says so in a remark. A bundle that cannot be opened is
// ErrBundle; everything else is a finding.
func Verify(r io.ReaderAt, size int64, trusted *PublicKey) (Report, error) {
	b, err := Open(r, size)
	if err != nil {
		return Report{}, err
	}
	return b.Verify(trusted), nil
}

// Verify is the check of a bundle that is open already.
func (b *Bundle) Verify(trusted *PublicKey) Report {
	c := &check{Bundle: b, found: findings{list: slices.Clone(b.found.list), further: b.found.further}}
	c.files()
	c.signature(trusted)
	report := Report{Sealed: b.sealed, Pinned: trusted != nil}
	if b.legible {
		c.motion()
		c.rule()
		c.rollLines()
		c.walkBack()
		c.ballotLines()
		counted := Compose(b.sealed.Motion, b.sealed.Rule.vote(), b.roll, b.corrections, b.ballots)
		c.result(counted)
		report.Tally, report.Result = counted.Tally, counted.Result
	}
	report.Findings, report.Further, report.Remarks = c.found.list, c.found.further, c.remarked.list
	return report
}

// A check goes through one bundle once.
type check struct {
	*Bundle
	found    findings
	remarked findings
}

// files compares every file with the manifest.
func (c *check) files() {
	if c.manifest.Format != bundleFormat {
		c.found.add("format_unknown", manifestFile, "证据包的格式不是 %s", bundleFormat)
	}
	if c.manifest.MotionID != c.sealed.Motion.ID {
		c.found.add("motion_differs", manifestFile, "清单与封存结果说的不是同一个事项")
	}
	var listed []string
	for _, said := range c.manifest.Files {
		listed = append(listed, said.Name)
		if is, ok := c.facts[said.Name]; ok && is != said {
			c.found.add("file_changed", said.Name, "文件与清单不符：清单为 %d 字节、摘要 %s，实际为 %d 字节、摘要 %s",
				said.Size, short(said.Digest), is.Size, short(is.Digest))
		}
	}
	if !slices.Equal(listed, contentFiles(c.sealed)) {
		c.found.add("manifest_incomplete", manifestFile, "清单所列的文件与证据包应有的文件不一致")
	}
	if c.legible && string(c.explained) != explanation(c.sealed) {
		c.remarked.add("explanation_differs", explanationFile, "说明文件与本程序所写的不同，请勿以它为准")
	}
}

func (c *check) signature(trusted *PublicKey) {
	if trusted == nil {
		c.remarked.add("key_not_pinned", keyFile,
			"没有用证据包以外取得的公钥核对，只能证明证据包前后一致，不能证明出自何人；请核对公钥指纹")
	}
	if c.key != nil && c.legible && c.key.Fingerprint() != c.sealed.Key.Fingerprint {
		c.found.add("key_differs", keyFile, "公钥与封存结果中写明的指纹不符")
	}
	if c.key != nil && trusted != nil && c.key.Fingerprint() != trusted.Fingerprint() {
		c.found.add("key_not_trusted", keyFile, "证据包中的公钥不是指定的公钥")
	}
	key := trusted
	if key == nil {
		key = c.key
	}
	if key == nil || !key.Signed(c.resultText, c.manifest.Signature) {
		c.found.add("signature_invalid", resultFile, "封存结果的签名不成立：内容被改动过，或者不是这把密钥签的")
	}
}

func (c *check) motion() {
	m := c.sealed.Motion
	if c.sealed.Format != resultFormat {
		c.found.add("format_unknown", resultFile, "封存结果的格式不是 %s", resultFormat)
	}
	if m.TextDigest != digestOf(c.text) {
		c.found.add("text_changed", motionFile, "表决原文与封存结果中的摘要不符")
	}
	if m.ClosesAt.Before(m.OpensAt) || m.CountUntil.Before(m.ClosesAt) || m.SealedAt.Before(m.PublishedAt) {
		c.found.add("period_wrong", resultFile, "发布、开始、截止、计票截止、封存的时间先后不对")
	}
	if m.ClosedEarly != m.SealedAt.Before(m.ClosesAt) {
		c.found.add("closed_early_wrong", resultFile, "是否提前截止与截止、封存的时间不符")
	}
}

// rule holds the sealed rule against the law's own: whoever seals does not
// choose the majority of an owners' vote.
func (c *check) rule() {
	r := c.sealed.Rule.vote()
	lawful := r
	switch r.Code {
	case vote.Special.Code:
		lawful = vote.Special
	case vote.Ordinary.Code:
		lawful = vote.Ordinary
	case vote.DefaultWillingness.Code:
		lawful.HeadsOnly = true
	default:
		c.found.add("rule_unknown", resultFile, "不认识的表决规则")
		return
	}
	lawful.Citation = r.Citation // its wording may have been improved since
	if r != lawful || !r.Valid() || r.Code != c.sealed.Motion.Kind {
		c.found.add("rule_differs", resultFile, "封存结果写明的参与、同意比例不是这类事项的规则")
	}
}

func (c *check) rollLines() {
	for i, l := range c.roll {
		where := line(rollFile, c.rollAt[i])
		switch {
		case i > 0 && l.Ref == c.roll[i-1].Ref:
			c.found.add("ref_twice", where, "同一个表决人在名册上出现了两次：%s", short(l.Ref))
		case i > 0 && l.Ref < c.roll[i-1].Ref:
			c.found.add("roll_order", where, "名册没有按编号排列")
		}
		if l.Ref == "" || l.Heads != 1 || l.Area < 0 {
			c.found.add("roll_value", where, "名册这一行的编号、人数或者面积不对：一个表决人计一人，面积不小于零")
		}
	}
}

// result compares what is sealed with what comes out, figure by figure.
func (c *check) result(counted Sealed) {
	said := c.sealed
	counted.Key = said.Key
	c.figures("roll_differs", rollFile, said.Roll.figures(), counted.Roll.figures())
	c.figures("chain_differs", ballotsFile, said.Ballots.figures(), counted.Ballots.figures())
	c.figures("tally_differs", resultFile, said.Tally.figures(), counted.Tally.figures())
	c.figures("outcome_differs", resultFile, said.Result.figures(), counted.Result.figures())
	c.figures("corrected_differs", resultFile, said.Corrected.figures(), counted.Corrected.figures())
	a, errSaid := written(said)
	b, errCounted := written(counted)
	if errSaid != nil || errCounted != nil || !bytes.Equal(a, b) {
		c.found.add("result_differs", resultFile, "封存结果与按名册、表决票重新计算的结果不完全相同")
	}
}

func (c *check) figures(code, where string, said, counted []figure) {
	for i, f := range counted {
		switch {
		case i >= len(said) || said[i].name != f.name:
			c.found.add(code, where, "%s：封存结果中没有，重新计算为 %s", f.name, f.value)
			return
		case said[i].value != f.value:
			c.found.add(code, where, "%s：封存结果为 %s，重新计算为 %s", f.name, short(said[i].value), f.value)
		}
	}
}

// short keeps a text from a file that may be anybody's to a printable size.
func short(text string) string {
	const most = 64
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}
