package cmd

import (
	"context"
	"strconv"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/funds"
)

// liftMoney has the stairwell's homes pledge: one pledge stands in each state.
func (s *street) liftMoney(ctx context.Context) error {
	s.clock.daysAgo(2)
	p, err := s.Funds.PurposeOf(ctx, s.clerk, model.Purpose{Type: model.ForLift, ID: s.lift}, "")
	if err != nil {
		return err
	}
	plan, err := s.Lifts.PlanOf(ctx, s.clerk, s.lift)
	if err != nil {
		return err
	}
	read, err := s.Lifts.Read(ctx, plan, 0)
	if err != nil {
		return err
	}
	nothing := quantity.Fen(0)
	states := []struct {
		most                         *quantity.Fen
		confirm, withdraw            bool
		receivedPercent, backPercent quantity.Fen
	}{
		{receivedPercent: 100}, {}, {receivedPercent: 40}, {withdraw: true}, {confirm: true}, {most: &nothing}, {receivedPercent: 30, backPercent: 30},
	}
	n := 0
	for _, own := range read.Shares {
		if own.Fen == 0 || n == len(states) {
			continue
		}
		to := states[n]
		n++
		pledged, err := s.Funds.Enter(ctx, s.clerk, p, funds.Draft{
			Contributor: model.Household, PropertyID: own.PropertyID, Parts: []model.PledgePart{{Source: model.Cash, Amount: own.Fen}}, Most: to.most,
			DueOn: quantity.DateOf(s.clock.read()).AddDays(5),
		})
		if err == nil && to.confirm {
			_, err = s.Funds.Confirm(ctx, s.clerk, &pledged.Pledge, "")
		}
		if err == nil && to.withdraw {
			_, err = s.Funds.Withdraw(ctx, s.clerk, &pledged.Pledge)
		}
		if err == nil && to.receivedPercent > 0 {
			err = s.bookFor(ctx, s.Funds.Receive, &pledged.Pledge, own.Fen*to.receivedPercent/100)
		}
		if err == nil && to.backPercent > 0 {
			err = s.bookFor(ctx, s.Funds.Refund, &pledged.Pledge, own.Fen*to.backPercent/100)
		}
		if err != nil {
			return err
		}
	}
	return s.spend(ctx, p)
}

type entering func(context.Context, model.Caller, *model.Pledge, funds.Entry) (*model.Voucher, error)

// bookFor has the clerk enter, and the colleague check.
func (s *street) bookFor(ctx context.Context, enter entering, p *model.Pledge, fen quantity.Fen) error {
	v, err := enter(ctx, s.clerk, p, funds.Entry{Amount: fen, OnDate: quantity.DateOf(s.clock.read()), Reference: "回单" + p.Label + strconv.FormatInt(int64(fen), 10)})
	if err != nil {
		return err
	}
	_, err = s.Funds.Check(ctx, s.colleague, v)
	return err
}

func (s *street) spend(ctx context.Context, p *funds.Purpose) error {
	v, err := s.Funds.Spend(ctx, s.clerk, p, funds.Entry{
		Source: model.Cash, Amount: 300_000, OnDate: quantity.DateOf(s.clock.read()), Reference: "发票0001", Note: "地质勘察费", Payee: "勘察单位",
	})
	if err != nil {
		return err
	}
	_, err = s.Funds.Check(ctx, s.colleague, v)
	return err
}
