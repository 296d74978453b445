package assessment

import (
	"context"
	"fmt"
	"io"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/assess"
	"gongdi/service/audit"
	"gongdi/service/document"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// Bulletin writes a frozen table as a circular (考核通报): places, the figures
// behind each score, items by hand. That it was printed is logged.
func (s *Service) Bulletin(ctx context.Context, caller model.Caller, p assess.Period, version int, w io.Writer) error {
	t, err := frozen(s.DB.Read(ctx), p, tableArea(caller), version)
	if err != nil {
		return ErrNotFrozen
	}
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.record(ctx, tx, caller, audit.Entry{Verb: "print", ObjectType: "assessment", ObjectID: t.ID, AreaCode: t.AreaCode})
	})
	if err != nil {
		return err
	}
	var issuer string
	if err := s.DB.Read(ctx).Raw("SELECT COALESCE((SELECT name FROM areas WHERE code = ?), '')", t.AreaCode).Scan(&issuer).Error; err != nil {
		return fmt.Errorf("read who issues a bulletin: %w", err)
	}
	if len(t.AreaCode) == 9 {
		issuer += "办事处"
	} else {
		issuer += "推进老旧小区改造工作组办公室"
	}
	from, err := identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, t.AsOf)
	if err != nil {
		return err
	}
	return document.AssessmentBulletin(w, t.printed(issuer, from.By))
}

func (t *Table) printed(issuer, author string) document.Assessment {
	d := document.Assessment{
		Period: t.Span.Words(), Author: author, From: t.Span.From, Until: t.Span.Until, Issuer: issuer, Day: quantity.DateOf(t.AsOf), AsOf: t.AsOf, Version: t.Version, Reason: t.Reason, Ranked: t.Ranked,
	}
	for _, l := range t.Lines {
		unit := document.AssessedUnit{Place: l.Place, Name: l.UnitName, Community: l.UnitKind == assess.Community, Score: int64(l.Score), Measured: l.Measured}
		for _, m := range l.Marks {
			if m.Indicator == "" {
				unit.Items = append(unit.Items, document.AssessedItem{Points: int64(m.Score), Reason: m.Label})
				continue
			}
			share := assess.Share{Num: m.Num, Den: m.Den}
			unit.Marks = append(unit.Marks, document.AssessedMark{
				Label: m.Label, NumLabel: m.NumLabel, DenLabel: m.DenLabel, Weight: m.Weight, Num: m.Num, Den: m.Den, Percent: int64(share.Percent()), Score: int64(m.Score),
			})
		}
		d.Units = append(d.Units, unit)
	}
	return d
}
