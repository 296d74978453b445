package funds

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/notices"
)

// Publish shows income and use to whom they concern, as a notice (收支公布): by
// source and entry, households without their homes.
func (s *Service) Publish(ctx context.Context, caller model.Caller, n *notices.Service, p *Purpose) (*model.Notice, error) {
	text, err := s.account(ctx, p)
	if err != nil {
		return nil, err
	}
	d := notices.Draft{
		Kind: model.Announcement, Title: p.Label + "收支公布（" + string(quantity.DateOf(s.now())) + "）", Body: text,
		AudienceType: model.ToEstate, AudienceID: p.EstateID, AboutType: string(p.Type), AboutID: p.ID, AboutVersion: p.Version,
	}
	if p.Type == model.ForLift {
		d.AudienceType, d.AudienceID = model.ToUnit, p.UnitID
	}
	written, err := n.Write(ctx, caller, d)
	if err != nil {
		return nil, err
	}
	shown, err := n.Publish(ctx, caller, written.ID, nil)
	if errors.Is(err, notices.ErrReviewMissing) {
		return written, nil // another person looks at it first
	}
	return shown, err
}

// mostEntries of a notice; a longer ledger shows its newest by source alone.
const mostEntries = 200

func (s *Service) account(ctx context.Context, p *Purpose) (string, error) {
	view, err := s.OverviewOf(ctx, p.Purpose)
	if err != nil {
		return "", err
	}
	rows, total, err := s.Ledger(ctx, Filter{Purpose: p.Purpose}, 0, mostEntries)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "有效认缴 %d 笔，共 %s 元。\n\n| 资金来源 | 收入（元） | 支出（元） | 结余（元） |\n|---|---|---|---|\n", view.Pledges, view.Pledged)
	for _, t := range view.Sources {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", model.Sources[model.Source(t.Key)], t.In, t.Out, t.Balance())
	}
	if total > mostEntries {
		return b.String(), nil
	}
	b.WriteString("\n支出明细：\n\n| 日期 | 事由 | 金额（元） | 凭证号 |\n|---|---|---|---|\n")
	for _, r := range rows {
		if r.Kind == model.Expense && r.Stage == model.VoucherBooked {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.OnDate, cell(r.Note), r.Amount, cell(r.Reference))
		}
	}
	return b.String(), nil
}

func cell(text string) string {
	return strings.NewReplacer("|", "／", "\n", " ", "\r", " ").Replace(text)
}
