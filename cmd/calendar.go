package cmd

import (
	"errors"
	"fmt"
	"os"

	"gongdi/model"
	"gongdi/service/identity"
)

type calendarImportCommand struct {
	File string `arg:"" help:"A year's notice, JSON {year, days:[{name, date, isOffDay}]}." type:"existingfile"`
}

// Help shows an example.
func (calendarImportCommand) Help() string {
	return "The State Council's notice of a year, as github.com/NateScarlet/holiday-cn publishes it. It takes effect at once; days that it does not list follow the week.\n\nExample:\n  gongdi calendar import 2027.json"
}

// Run takes a notice of holidays and says what it changes.
func (c calendarImportCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the notice: %w", err)
	}
	defer file.Close()
	h, err := open(s, settings, true, s.now)
	if err != nil {
		return err
	}
	change, err := h.Calendar.Publish(s, identity.Console, file)
	if err != nil {
		return errors.Join(explained(err), h.close())
	}
	out := &printer{to: s.out}
	for _, kind := range []struct {
		word string
		days []model.Holiday
	}{{"新增", change.Added}, {"更改", change.Changed}, {"删除", change.Removed}} {
		for _, d := range kind.days {
			out.line("%s %s %s %s", kind.word, d.Day, map[bool]string{true: "放假", false: "上班"}[d.Off], d.Name)
		}
	}
	out.line("%d 年：新增 %d 天，更改 %d 天，删除 %d 天", change.Year, len(change.Added), len(change.Changed), len(change.Removed))
	return errors.Join(out.err, h.close())
}
