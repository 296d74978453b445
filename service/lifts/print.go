package lifts

import (
	"context"
	"fmt"
	"io"
	"math/big"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/share"
	"gongdi/service/document"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// PrintAgreement writes the cost agreement on a version (费用分摊协议), A4, to be
// read and signed. It names homes and nobody's name.
func (s *Service) PrintAgreement(state *State, w io.Writer) error {
	return document.LiftAgreement(w, paper(state))
}

// PrintCompensation writes who is compensated by how much (补偿清单).
func (s *Service) PrintCompensation(state *State, w io.Writer) error {
	return document.LiftCompensation(w, paper(state))
}

// PrintSignatures writes the sheet that the homes sign on (签字表).
func (s *Service) PrintSignatures(state *State, w io.Writer) error {
	return document.LiftSignatures(w, paper(state))
}

// PrintShares writes what each home pays (分摊表), A4; SharesBook as .xlsx. That
// they left is logged before.
func (s *Service) PrintShares(state *State, from document.Provenance, w io.Writer) error {
	return document.LiftShares(w, paper(state), from)
}

// SharesBook writes what each home pays as .xlsx.
func (s *Service) SharesBook(state *State, from document.Provenance, w io.Writer) error {
	return document.LiftSharesBook(w, paper(state), from)
}

// SharesLeave logs that the table of shares left the office, and says when and
// by whom.
func (s *Service) SharesLeave(ctx context.Context, caller model.Caller, p *model.LiftPlan) (document.Provenance, error) {
	from, err := identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now())
	if err != nil {
		return from, err
	}
	return from, store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.record(ctx, tx, caller, model.ReadLifts, p, "export", "")
	})
}

func paper(state *State) document.LiftPaper {
	as, t := state.Plan.As, state.Plan.As.Terms
	p := document.LiftPaper{
		Unit: state.Plan.Plan.UnitLabel, Title: as.Title, Version: as.Version, Digest: as.Digest, WrittenAt: as.CreatedAt, Withdrawn: state.Plan.Plan.Stage == model.LiftWithdrawn,
		Cost: t.Bill.Cost, Compensation: t.Bill.Compensation, Subsidy: as.Subsidy, Other: t.Bill.Other, ToShare: as.ToShare, Yearly: t.Running.Yearly,
		Sharing: modeWords[t.Sharing.Mode],
	}
	for _, item := range t.Items {
		p.Items = append(p.Items, document.LiftItem{Name: item.Name, Fen: item.Fen})
	}
	whole := int64(0)
	for i := range state.Homes {
		whole += state.Homes[i].Share.Weight
	}
	for i := range state.Homes {
		h := &state.Homes[i]
		home := document.LiftHome{
			Label: h.Share.Label, Floor: h.Share.Floor, Area: h.Share.Area, Joins: h.Share.Joins, Weight: weightWords(t.Sharing.Mode, h.Share.Weight, whole), Fen: h.Share.Fen, Yearly: h.Share.Yearly,
			Compensation: h.Share.Compensation, Occupied: h.Share.Occupied, Organisation: h.Share.Tenure == model.TenureOrganisation,
		}
		if h.Signed() {
			home.SignedOn, home.OnPhone = h.Agreement.SignedOn, h.Agreement.Channel == model.LiftByPhone
		}
		p.Homes = append(p.Homes, home)
	}
	return p
}

// weightWords is a weight as a reader can reckon with it: a coefficient, that
// times square metres, square metres, or a part of the whole in per cent.
func weightWords(mode share.Mode, weight, whole int64) string {
	switch mode {
	case share.CoefficientArea:
		return fmt.Sprintf("%d.%04d", weight/10_000, weight%10_000)
	case share.PercentByFloor:
		if whole == 0 {
			return "0.00%"
		}
		bp := new(big.Int).Mul(big.NewInt(weight), big.NewInt(10_000))
		return hundredths(bp.Quo(bp, big.NewInt(whole)).Int64()) + "%"
	case share.Fixed:
		return "约定"
	case share.Coefficient, share.Area, share.Equal:
	}
	return hundredths(weight)
}

var modeWords = map[share.Mode]string{
	share.Coefficient: "按楼层系数", share.CoefficientArea: "按楼层系数乘以专有部分面积", share.PercentByFloor: "按各层比例，层内参加的各户均摊",
	share.Area: "按专有部分面积", share.Equal: "参加的各户均摊", share.Fixed: "按逐户约定的金额",
}
