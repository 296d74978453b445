package cmd

import (
	"errors"
	"fmt"
)

type figuresCommand struct{}

// Help shows an example.
func (figuresCommand) Help() string {
	return "The figures follow the rows by themselves; this is for whoever changed rows by hand. The office works on meanwhile.\n\nExample:\n  gongdi figures rebuild"
}

// Run reckons the overview's figures anew.
func (figuresCommand) Run(s *surroundings) (err error) {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	h, err := open(s, settings, false, s.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.Reporting.Rebuild(s); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "the figures are those of the rows")
	return err
}
