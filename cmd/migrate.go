package cmd

import (
	"errors"
	"fmt"

	"gongdi/service/store"
)

type migrateCommand struct{}

// Help shows an example.
func (migrateCommand) Help() string {
	return "Example:\n  GONGDI_DATABASE=sqlite:data/gongdi.db gongdi migrate\n\nSafe while other replicas start or serve."
}

// Run migrates.
func (migrateCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	db, err := store.Open(s, settings.Database)
	if err != nil {
		return err
	}
	if err := errors.Join(store.Migrate(s, db), db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "the schema is up to date")
	return err
}

type configCommand struct{}

// Help shows an example.
func (configCommand) Help() string { return "Example:\n  gongdi config --config /etc/gongdi.env" }

// Run prints the settings.
func (configCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	return settings.Print(s.out)
}
