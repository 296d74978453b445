package cmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"gongdi/model"
	"gongdi/service/identity"
)

type staffCreateCommand struct {
	Username   string `required:"" help:"Name to log in with."`
	Role       string `required:"" enum:"street,community,grid,department,county,auditor,admin" help:"One of ${enum}."`
	Area       string `required:"" help:"Code of the area the account acts in, such as 520523001."`
	Department string `help:"Code of the department, for the role department: it sees what is assigned to it."`
	Name       string `help:"The person's name."`
}

// Help shows an example.
func (staffCreateCommand) Help() string {
	return "Example:\n  echo 'Gu-Chang-2026' | gongdi staff create --username clerk --role street --area 520523001\n  echo 'Gu-Chang-2026' | gongdi staff create --username lift --role department --department market_regulation --area 520523001\n\nThe account can be used at once."
}

// Run makes the account.
func (c staffCreateCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	password, err := bufio.NewReader(s.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the password: %w", err)
	}
	h, err := open(s, settings, true, s.now)
	if err != nil {
		return err
	}
	account, err := h.Identity.CreateStaff(s, identity.Console, identity.NewStaff{
		Username: c.Username, Role: model.Role(c.Role), AreaCode: c.Area, Department: c.Department, Name: c.Name,
		Password: strings.TrimRight(password, "\r\n"),
	})
	if err = errors.Join(explained(err), h.close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "made account %s (%s) for %s\n", account.Username, account.Role, account.AreaCode)
	return err
}
