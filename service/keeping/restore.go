package keeping

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"time"

	"filippo.io/age"

	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What can be wrong with a backup.
var (
	ErrPassphrase = errors.New("the passphrase is wrong, or this is no backup")
	ErrTorn       = errors.New("the backup is not whole, or was changed")
	ErrNewer      = errors.New("the backup was made by a newer program")
	ErrOtherFiles = errors.New("the folder of files holds another file of that name: restore into a new one")
)

// Target is what is restored into: an empty database, a folder, and where the
// data key file goes. A key file with the backup's keys may be there already.
type Target struct {
	DB      *store.DB
	Files   files.Place
	KeyFile string
}

// mostWork is the slowest passphrase that is tried.
const mostWork = 22

// Restore puts everything back and says which instant it is of. A backup that
// is not whole, or whose restoring is cut short, leaves the database empty and
// places no key; the files that were put back are taken up by the next try.
func Restore(ctx context.Context, from io.Reader, passphrase string, to Target) (Summary, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return Summary{}, fmt.Errorf("take the passphrase: %w", err)
	}
	identity.SetMaxWorkFactor(mostWork)
	opened, err := age.Decrypt(from, identity)
	if err != nil {
		return Summary{}, ErrPassphrase
	}
	unzipped, err := gzip.NewReader(opened)
	if err != nil {
		return Summary{}, ErrTorn
	}
	r := &restoring{zipped: unzipped, tar: tar.NewReader(unzipped), to: to, tallies: map[string]*tally{}}
	if err := r.begin(); err != nil {
		return Summary{}, err
	}
	err = store.Load(ctx, to.DB, r.start.Version, func(l *store.Loading) error { return r.all(ctx, l) })
	return r.sum, err
}

type restoring struct {
	zipped  io.Reader
	tar     *tar.Reader
	to      Target
	start   Start
	sum     Summary
	tallies map[string]*tally
	keys    []byte
	files   int
}

// begin reads what comes first: the format, and the keys, which must fit.
func (r *restoring) begin() error {
	name, content, err := r.next()
	if err != nil || name != startName || json.Unmarshal(content, &r.start) != nil || r.start.Format != format {
		return errors.Join(ErrTorn, err)
	}
	newest, err := store.Newest()
	if err != nil {
		return err
	}
	if r.start.Version > newest {
		return ErrNewer
	}
	name, content, err = r.next()
	if err != nil || name != keyName {
		return errors.Join(ErrTorn, err)
	}
	r.keys = content
	return vault.Fits(r.to.KeyFile, content)
}

// largest entry of a backup: an upload, sealed, with room.
const largest = 64 << 20

func (r *restoring) next() (string, []byte, error) {
	header, err := r.tar.Next()
	if err != nil {
		return "", nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r.tar, largest+1))
	if err == nil && len(content) > largest {
		err = ErrTorn
	}
	return header.Name, content, err
}

func (r *restoring) all(ctx context.Context, l *store.Loading) error {
	for r.sum.Format == "" {
		name, content, err := r.next()
		if err = errors.Join(err, ctx.Err()); err != nil {
			return errors.Join(ErrTorn, err)
		}
		if err := r.entry(ctx, l, name, content); err != nil {
			return err
		}
	}
	if err := r.whole(); err != nil {
		return err
	}
	return vault.Place(r.to.KeyFile, r.keys)
}

// whole compares what was restored with the summary, and reads to the end.
func (r *restoring) whole() error {
	counted := map[string]Table{}
	for table, t := range r.tallies {
		counted[table] = t.table()
	}
	if !maps.Equal(counted, r.sum.Tables) || r.files != r.sum.Files {
		return ErrTorn
	}
	if _, err := r.tar.Next(); !errors.Is(err, io.EOF) {
		return errors.Join(ErrTorn, err)
	}
	if _, err := io.Copy(io.Discard, r.zipped); err != nil { //nolint:gosec // nothing of it is kept
		return errors.Join(ErrTorn, err)
	}
	return nil
}

func (r *restoring) entry(ctx context.Context, l *store.Loading, name string, content []byte) error {
	if table, ok := strings.CutPrefix(name, tablePrefix); ok {
		table, _, _ = strings.Cut(table, "/")
		return r.rows(ctx, l, table, content)
	}
	if id, ok := strings.CutPrefix(name, filePrefix); ok {
		r.files++
		return r.file(ctx, id, content)
	}
	if name == keyName {
		r.keys = content
		return vault.Fits(r.to.KeyFile, content)
	}
	if name != summaryName || json.Unmarshal(content, &r.sum) != nil || r.sum.Format != format {
		return ErrTorn
	}
	return nil
}

// file is put where there is none: one that is there may be another office's,
// or sealed with a later key.
func (r *restoring) file(ctx context.Context, id string, content []byte) error {
	there, err := r.to.Files.Get(ctx, id)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r.to.Files.Put(ctx, id, content)
	case err == nil && !bytes.Equal(there, content):
		return ErrOtherFiles
	}
	return err
}

func (r *restoring) rows(ctx context.Context, l *store.Loading, table string, content []byte) error {
	lines := bufio.NewReader(bytes.NewReader(content))
	var columns []string
	first, err := lines.ReadBytes('\n')
	if err != nil || json.Unmarshal(first, &columns) != nil {
		return ErrTorn
	}
	if r.tallies[table] == nil {
		r.tallies[table] = &tally{}
	}
	var rows [][]any
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil {
			return ErrTorn
		}
		r.tallies[table].add(line)
		row, err := rowOf(line)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return l.Insert(ctx, table, columns, rows)
}

func rowOf(line []byte) ([]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var row []any
	if err := decoder.Decode(&row); err != nil {
		return nil, ErrTorn
	}
	for i, v := range row {
		var err error
		switch x := v.(type) {
		case json.Number:
			row[i], err = x.Int64()
		case map[string]any:
			text, _ := x["at"].(string)
			row[i], err = time.Parse(time.RFC3339Nano, text)
		}
		if err != nil {
			return nil, ErrTorn
		}
	}
	return row, nil
}
