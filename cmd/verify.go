package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"gongdi/service/evidence"
)

type verifyCommand struct {
	Bundle  string `arg:"" help:"The evidence, a .zip." type:"existingfile"`
	Key     string `help:"The office's public key (PEM), from somewhere else than the bundle." type:"existingfile" placeholder:"FILE"`
	Receipt string `help:"A receipt to look up in the bundle, as JSON." type:"existingfile" placeholder:"FILE"`
}

// Help shows an example.
func (verifyCommand) Help() string {
	return "Example:\n  gongdi verify evidence.zip --key office.pem --receipt receipt.json\n\nExit code 0 when everything matches, 1 when something does not; what does not is named. Without --key it shows only that the bundle agrees with itself."
}

// Run checks the bundle.
func (c verifyCommand) Run(s *surroundings) error {
	trusted, err := c.trusted()
	if err != nil {
		return explained(err)
	}
	file, err := os.Open(c.Bundle)
	if err != nil {
		return fmt.Errorf("open the bundle: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("open the bundle: %w", err)
	}
	bundle, err := evidence.Open(file, info.Size())
	if err != nil {
		return explained(err)
	}
	report := bundle.Verify(trusted)
	sound := report.Sound()
	if err := printReport(s, report); err != nil {
		return err
	}
	if c.Receipt != "" {
		found, err := c.checkReceipt(s, bundle, trusted)
		if err != nil {
			return err
		}
		sound = sound && found
	}
	if !sound {
		return errSaid
	}
	return nil
}

func (c verifyCommand) trusted() (*evidence.PublicKey, error) {
	if c.Key == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Key)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	return evidence.ParsePublicKey(string(text))
}

func (c verifyCommand) checkReceipt(s *surroundings, bundle *evidence.Bundle, trusted *evidence.PublicKey) (bool, error) {
	text, err := os.ReadFile(c.Receipt)
	if err != nil {
		return false, fmt.Errorf("read the receipt: %w", err)
	}
	var receipt evidence.Receipt
	if err := json.Unmarshal(text, &receipt); err != nil {
		return false, errors.New("the receipt cannot be read: expected its JSON")
	}
	report := bundle.CheckReceipt(receipt, trusted)
	out := &printer{to: s.out}
	out.line("回执：%s", report.Message)
	if report.Version != nil {
		out.line("第 %d 版，选择 %s，计入面积 %s ㎡", report.Version.Version, report.Version.Choice, report.Version.Area)
		if !report.Current {
			out.line("这一版之后又有更改，计票的是后来的一版")
		}
	}
	return report.Presence == evidence.Present && report.Signed == nil, out.err
}

func printReport(s *surroundings, r evidence.Report) error {
	out := &printer{to: s.out}
	out.line("%s（%s）", r.Sealed.Motion.Title, r.Sealed.Motion.ID)
	out.line("名册 %d 人 %s ㎡，指纹 %s", r.Tally.Roll.Heads, r.Tally.Roll.Area, r.Sealed.Roll.Digest)
	out.line("参与 %d 人 %s ㎡；同意 %d 人 %s ㎡；反对 %d 人 %s ㎡；弃权 %d 人 %s ㎡；无效 %d 人 %s ㎡",
		r.Tally.Participating.Heads, r.Tally.Participating.Area, r.Tally.Agree.Heads, r.Tally.Agree.Area,
		r.Tally.Oppose.Heads, r.Tally.Oppose.Area, r.Tally.Abstain.Heads, r.Tally.Abstain.Area, r.Tally.Invalid.Heads, r.Tally.Invalid.Area)
	out.line("重新计算的结论：%s", r.Result.Outcome)
	for _, f := range r.Findings {
		out.line("不符 %s：%s（%s）", f.Where, f.Message, f.Code)
	}
	if r.Further > 0 {
		out.line("另有 %d 处不符", r.Further)
	}
	for _, f := range r.Remarks {
		out.line("说明 %s：%s（%s）", f.Where, f.Message, f.Code)
	}
	if r.Sound() {
		out.line("全部相符")
	}
	return out.err
}
