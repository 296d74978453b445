package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"gongdi/config"
	"gongdi/model"
	"gongdi/service/registry"
	"gongdi/service/roster"
)

type rosterImportCommand struct {
	File        string `arg:"" help:"The list, an .xlsx." type:"existingfile"`
	DryRun      bool   `help:"Report only; store nothing."`
	AcceptValid bool   `help:"Store the sound rows, and the faulty ones that name a home as incomplete."`
	JSON        bool   `help:"Print the report as JSON."`
}

// Help shows an example.
func (rosterImportCommand) Help() string {
	return "Example:\n  gongdi roster import roster.xlsx --dry-run\n  gongdi roster import roster.xlsx --accept-valid\n\nWith errors and without --accept-valid nothing is stored and the exit code is 1."
}

// Run imports for the whole street.
func (c rosterImportCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	code, _, err := config.Division(settings.Area, 9)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the list: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("open the list: %w", err)
	}
	h, err := open(s, settings, true, s.now)
	if err != nil {
		return err
	}
	street := model.Caller{Kind: model.StaffSession, Role: model.RoleStreet, AreaCode: code}
	report, err := h.Registry.ImportRoster(s, street, file, info.Size(), registry.ImportOptions{DryRun: c.DryRun, AcceptValid: c.AcceptValid})
	refused := errors.Is(err, registry.ErrRosterHasErrors)
	if err != nil && !refused {
		return errors.Join(explained(err), h.close())
	}
	if err := errors.Join(c.print(s, report), h.close()); err != nil {
		return err
	}
	if refused {
		return errSaid
	}
	return nil
}

func (c rosterImportCommand) print(s *surroundings, r registry.Report) error {
	if c.JSON {
		encoder := json.NewEncoder(s.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	out := &printer{to: s.out}
	for _, f := range r.Errors {
		out.line("错误 %s 第%d行 %s %s（%s）", f.Sheet, f.Row, f.Column, f.Message, f.Code)
	}
	for _, f := range r.Warnings {
		out.line("提示 %s 第%d行 %s %s（%s）", f.Sheet, f.Row, f.Column, f.Message, f.Code)
	}
	for _, e := range r.Estates {
		out.line("%s %s：%d 套，%s ㎡，%d 人，待补全 %d 套", e.Community, e.Name, e.Properties, e.Area, e.Heads, e.Incomplete)
	}
	done := "未写入"
	if r.Applied {
		done = "已写入"
	}
	out.line("共 %d 行，无误 %d 行，待补全 %d 行，错误 %d 处，提示 %d 处；%s",
		r.Rows, r.Valid, r.Incomplete, len(r.Errors), len(r.Warnings), done)
	return out.err
}

type rosterTemplateCommand struct {
	File string `arg:"" help:"Where to write it, an .xlsx." type:"path"`
}

// Help shows an example.
func (rosterTemplateCommand) Help() string { return "Example:\n  gongdi roster template 名册.xlsx" }

// Run writes the template.
func (c rosterTemplateCommand) Run(*surroundings) error {
	file, err := os.OpenFile(c.File, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	return errors.Join(roster.Template(file), file.Close())
}
