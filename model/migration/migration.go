// Package migration holds the schema as numbered SQL files. Every statement
// is a step of its own, because DDL is not transactional on the MySQL protocol:
// a start that was cut off goes on where it stopped.
package migration

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Step is one statement of the schema. Its version is the file's number and
// its place in the file: the third statement of 0002 is 2003.
type Step struct {
	Version   int64
	Statement string
}

// Steps lists the whole schema in order.
func Steps() ([]Step, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var steps []Step
	for _, name := range names {
		number, err := strconv.ParseInt(name[:4], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		for i, statement := range statements(string(text)) {
			steps = append(steps, Step{Version: number*1000 + int64(i) + 1, Statement: statement})
		}
	}
	return steps, nil
}

func statements(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "--") {
			lines = append(lines, line)
		}
	}
	var out []string
	for part := range strings.SplitSeq(strings.Join(lines, ""), ";\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// Seeds are the statements that put the first rows into tables, and that
// change those, by table: what a new database holds before anybody has used it.
func Seeds() (map[string][]string, error) {
	steps, err := Steps()
	if err != nil {
		return nil, err
	}
	seeds := map[string][]string{}
	for _, step := range steps {
		if rest, ok := strings.CutPrefix(step.Statement, "INSERT INTO "); ok {
			table, _, _ := strings.Cut(rest, " ")
			seeds[table] = append(seeds[table], step.Statement)
		} else if rest, ok := strings.CutPrefix(step.Statement, "UPDATE "); ok {
			if table, _, _ := strings.Cut(rest, " "); seeds[table] != nil {
				seeds[table] = append(seeds[table], step.Statement)
			}
		}
	}
	return seeds, nil
}
