// Package cmd holds the commands. It wires the parts together and is the only
// place that reads the clock.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"gongdi/config"
)

// commands is what `gongdi --help` shows.
type commands struct {
	Config string `help:"Settings file of NAME=VALUE lines; the environment prevails." type:"path" placeholder:"FILE"`

	Serve   serveCommand   `cmd:"" help:"Serve the API."`
	Demo    demoCommand    `cmd:"" help:"Try it: an embedded database, a stand-in for WeChat and a street with seven estates."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date."`
	Staff   struct {
		Create staffCreateCommand `cmd:"" help:"Make an account of the office; the password comes on standard input."`
	} `cmd:"" help:"Accounts of the office."`
	Roster struct {
		Import   rosterImportCommand   `cmd:"" help:"Import an owners' list (.xlsx)."`
		Template rosterTemplateCommand `cmd:"" help:"Write an empty owners' list to fill in."`
	} `cmd:"" help:"Owners' lists."`
	Calendar struct {
		Import calendarImportCommand `cmd:"" help:"Take the State Council's notice of a year's holidays."`
	} `cmd:"" help:"Holidays and working days."`
	Figures struct {
		Rebuild figuresCommand `cmd:"" help:"Reckon every figure of the overview anew from the rows."`
	} `cmd:"" help:"Figures that are kept ready."`
	Generate generateCommand `cmd:"" help:"Fill an empty database with a made-up county, to measure with."`
	Backup   backupCommand   `cmd:"" help:"Write everything into one sealed file, while the office works on."`
	Restore  restoreCommand  `cmd:"" help:"Restore a backup into a new database."`
	Rotate   rotateCommand   `cmd:"" name:"rotate-key" help:"Change the data key without a stop."`
	Verify   verifyCommand   `cmd:"" help:"Check the evidence of a result; needs no database."`
	Standin  standinCommand  `cmd:"" name:"wechat-standin" help:"Play the WeChat platform for tests."`
	Show     configCommand   `cmd:"" name:"config" help:"Print the effective settings, secrets hidden."`
}

// surroundings are what a command works with.
type surroundings struct {
	context.Context
	config string
	in     io.Reader
	out    io.Writer
	now    func() time.Time
}

func (s *surroundings) settings() (config.Settings, error) {
	settings, err := config.Read(s.config)
	if err == nil {
		err = startLog(settings.LogLevel)
	}
	return settings, err
}

// Main runs a command and gives the process's exit code: 0 done, 1 failed, 2
// not understood.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(&surroundings{Context: ctx, in: os.Stdin, out: os.Stdout, now: time.Now}, args)
}

// errSaid is a failure that the command has told about itself.
var errSaid = errors.New("said")

func run(s *surroundings, args []string) int {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("gongdi"), kong.Description("Gongdi 共缔: rolls, votes and results of old estates' renewal, as the Civil Code counts them."),
		kong.UsageOnError(), kong.Writers(s.out, os.Stderr), kong.Exit(func(code int) { panic(exit(code)) }),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gongdi:", err)
		return 2
	}
	return guarded(func() int {
		k, err := parser.Parse(args)
		if err != nil {
			fmt.Fprintln(os.Stderr, "gongdi:", err)
			return 2
		}
		s.config = c.Config
		if err := k.Run(s); err != nil {
			if !errors.Is(err, errSaid) {
				fmt.Fprintln(os.Stderr, "gongdi:", err)
			}
			return 1
		}
		return 0
	})
}

// exit carries kong's wish to end, after --help, past the parser.
type exit int

func guarded(run func() int) (code int) {
	defer func() {
		switch failure := recover().(type) {
		case nil:
		case exit:
			code = int(failure)
		default:
			panic(failure)
		}
	}()
	return run()
}
