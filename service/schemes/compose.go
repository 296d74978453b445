package schemes

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/scheme"
	"gongdi/service/fault"
	"gongdi/service/files"
)

// Draft is what a version is written from.
type Draft struct {
	Title, Coverage, Focus, Measures string
	StartsOn, EndsOn                 quantity.Date
	Lines                            []scheme.Line
	Funds                            []model.SchemeFund // source, content, amount, ground, note
	Drawings                         []model.SchemeDrawing
	Reason                           string
}

// compose makes a version of a draft. A content that the catalogue no longer
// offers stays where the version before has it.
func (s *Service) compose(tx *gorm.DB, caller model.Caller, row model.Scheme, d Draft, before []model.SchemeLine) (*Version, error) {
	if d.EndsOn != "" && d.EndsOn < d.StartsOn {
		return nil, fault.Unknown("body.ends_on", "结束不能早于开始")
	}
	v := &Version{Scheme: row, As: model.SchemeVersion{
		SchemeID: row.ID, Version: row.Version, Title: d.Title, Coverage: d.Coverage, Focus: d.Focus, Measures: d.Measures,
		StartsOn: d.StartsOn, EndsOn: d.EndsOn, Drawings: append([]model.SchemeDrawing{}, d.Drawings...), Reason: d.Reason,
		CreatedBy: caller.ID, CreatedAt: s.now(),
	}}
	offered, err := wordsOf(tx, before)
	if err != nil {
		return nil, err
	}
	if err := v.write(d.Lines, offered); err != nil {
		return nil, err
	}
	if err := v.fund(d.Funds); err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(d.Drawings))
	for _, drawing := range d.Drawings {
		ids = append(ids, drawing.FileID)
	}
	return v, files.Attach(tx, caller, About(row.ID), ids, "body.drawings")
}

const offeredContents = `SELECT c.code, c.position, c.part, c.class_code, k.name AS class_name, c.name, c.unit
FROM scheme_contents c JOIN scheme_classes k ON k.code = c.class_code WHERE c.retired = 0`

// wordsOf gives the words of every content that a version may name.
func wordsOf(tx *gorm.DB, before []model.SchemeLine) (map[string]model.SchemeLine, error) {
	var rows []model.SchemeLine
	if err := tx.Raw(offeredContents).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	out := map[string]model.SchemeLine{}
	for _, l := range slices.Concat(before, rows) {
		out[l.Code] = l
	}
	return out, nil
}

func (v *Version) write(lines []scheme.Line, offered map[string]model.SchemeLine) error {
	seen := map[string]bool{}
	for i, l := range lines {
		words, known := offered[l.Code]
		at := fmt.Sprintf("body.contents[%d].code", i)
		switch {
		case !known:
			return fault.Unknown(at, "目录里没有这项改造内容")
		case seen[l.Code]:
			return fault.Unknown(at, "改造内容重复")
		}
		seen[l.Code] = true
		words.SchemeID, words.Version = v.Scheme.ID, v.As.Version
		words.State, words.Quantity, words.Estimate, words.Note = l.State, l.Quantity, l.Estimate, l.Note
		v.Lines = append(v.Lines, words)
		if l.State == scheme.Planned {
			v.As.Estimate += l.Estimate
		}
	}
	slices.SortFunc(v.Lines, func(a, b model.SchemeLine) int {
		if a.Position != b.Position {
			return a.Position - b.Position
		}
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return nil
}

func (v *Version) fund(funds []model.SchemeFund) error {
	for i, f := range funds {
		at := fmt.Sprintf("body.funds[%d].", i)
		planned := slices.ContainsFunc(v.Lines, func(l model.SchemeLine) bool { return l.Code == f.Content && l.State == scheme.Planned })
		switch {
		case model.Sources[f.Source] == "":
			return fault.Unknown(at+"source", "没有这种资金来源")
		case f.Content != "" && !planned:
			return fault.Unknown(at+"content", "只能用于纳入本次改造的内容")
		case f.Source == model.Fiscal && f.Ground == "":
			return fault.Unknown(at+"ground", "财政资金须说明使用的依据")
		case f.Source != model.Fiscal && f.Ground != "":
			return fault.Unknown(at+"ground", "只有财政资金需要使用的依据")
		}
		f.SchemeID, f.Version, f.Position = v.Scheme.ID, v.As.Version, i+1
		v.Funds = append(v.Funds, f)
		v.As.Funds += f.Amount
	}
	return nil
}
