package registry

import (
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/roster"
)

// What the import of a list refuses.
var (
	ErrRosterHasErrors = fault.New(fault.Invalid, "roster_has_errors", "名册中有错误，没有导入；请改正后重新上传，或者选择先导入无误的部分")
	ErrOutsideArea     = fault.New(fault.Forbidden, "outside_area", "名册中有其他社区的房屋，您只能导入本社区的名册")
	ErrAreaFull        = fault.New(fault.Conflict, "area_full", "本街道的社区编码已经用完，请联系系统管理人员")
)

// Report is what a list of owners holds and what its import changed (导入报告).
// Valid counts the sound rows, Incomplete the faulty ones that still name a
// home. It quotes no cell.
type Report struct {
	ID         string          `json:"id"` // empty when nothing was stored
	Rows       int             `json:"rows"`
	Valid      int             `json:"valid"`
	Incomplete int             `json:"incomplete"`
	Errors     []Finding       `json:"errors"`
	Warnings   []Finding       `json:"warnings"`
	Estates    []EstateFigures `json:"estates"`
	Changes    Changes         `json:"changes"`
	Applied    bool            `json:"applied"`
}

// Finding is an error or a warning at its place in the workbook.
type Finding struct {
	Sheet   string `json:"sheet"`
	Row     int    `json:"row"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// EstateFigures are those of one estate in the list as it is stored
// afterwards, or would be. Properties, Area and Heads count sound homes,
// parking and storage too.
type EstateFigures struct {
	ID         string        `json:"id"` // empty while the estate is only in the list
	Name       string        `json:"name"`
	Community  string        `json:"community"`
	Properties int           `json:"properties"`
	Area       quantity.Area `json:"area_m2"`
	Heads      int           `json:"heads"`
	Incomplete int           `json:"incomplete"`
	Changes    Changes       `json:"changes"`
}

// Changes says what an import did to the registry. Missing homes are stored
// and not in the list; they are kept.
type Changes struct {
	Created     int `json:"created"`
	Updated     int `json:"updated"`
	Unchanged   int `json:"unchanged"`
	Missing     int `json:"missing"`
	Buildings   int `json:"buildings"`
	Units       int `json:"units"`
	Estates     int `json:"estates"`
	Communities int `json:"communities"`
}

func (c *Changes) add(more Changes) {
	c.Created += more.Created
	c.Updated += more.Updated
	c.Unchanged += more.Unchanged
	c.Missing += more.Missing
	c.Buildings += more.Buildings
	c.Units += more.Units
	c.Estates += more.Estates
	c.Communities += more.Communities
}

func reportOf(r roster.Report) Report {
	return Report{
		Rows: r.Rows, Valid: r.Valid, Incomplete: r.Incomplete,
		Errors: findings(r.Errors), Warnings: findings(r.Warnings), Estates: []EstateFigures{},
	}
}

func findings(found []roster.Finding) []Finding {
	out := make([]Finding, 0, len(found))
	for _, f := range found {
		out = append(out, Finding{Sheet: f.Sheet, Row: f.Row, Column: f.Column, Code: string(f.Code), Message: f.Message})
	}
	return out
}
