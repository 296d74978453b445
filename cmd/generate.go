package cmd

import (
	"errors"
	"fmt"

	"gongdi/cmd/county"
)

type generateCommand struct {
	Estates int    `help:"How many estates." default:"1000"`
	Homes   int    `help:"How many homes an estate has." default:"200"`
	Streets int    `help:"How many streets they lie in." default:"20"`
	Seed    uint64 `help:"The same seed makes the same county." default:"1"`
}

// Help shows an example.
func (generateCommand) Help() string {
	return "Fills an empty database with a county that nobody lives in and a year of its work, to measure with. Its sealed results prove nothing.\n\nExample:\n  GONGDI_DATABASE=sqlite:load/gongdi.db gongdi generate --estates 1000"
}

var errInhabited = errors.New("there are estates in this database: a county is made up in an empty one only")

// Run makes a county up.
func (c generateCommand) Run(s *surroundings) (err error) {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	h, err := open(s, settings, true, s.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	var estates int64
	if err := h.db.Read(s).Raw("SELECT COUNT(*) FROM estates").Scan(&estates).Error; err != nil {
		return fmt.Errorf("count estates: %w", err)
	}
	if estates > 0 {
		return errInhabited
	}
	size := county.Size{County: streetCode[:6], First: 2, Streets: min(max(c.Streets, 1), 200), Estates: c.Estates, Homes: c.Homes, Until: s.now(), Seed: c.Seed}
	told := func(n int) {
		if n%100 == 0 {
			fmt.Fprintln(s.out, n, "estates")
		}
	}
	if _, err := county.Fill(s, h.db, size, told); err != nil {
		return err
	}
	return h.Reporting.Rebuild(s)
}
