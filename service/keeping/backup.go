// Package keeping guards what the office has: it backs everything up and
// restores it, and changes the key that it is sealed with.
package keeping

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"filippo.io/age"

	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const format = "gongdi-backup/1"

// Start is the first thing in a backup.
type Start struct {
	Format  string    `json:"format"`
	At      time.Time `json:"at"` // all that was acknowledged before is in it
	Version int64     `json:"schema"`
}

// Table says how many rows a table has, and a digest of them in any order.
type Table struct {
	Rows   int64  `json:"rows"`
	Digest string `json:"sha256"`
}

// Summary is the last thing in a backup, and says that it is whole.
type Summary struct {
	Start
	Tables  map[string]Table `json:"tables"`
	Files   int              `json:"files"`
	Missing []string         `json:"missing_files,omitempty"` // named in the database, not in the folder
}

// Source is what is backed up.
type Source struct {
	DB      *store.DB
	Files   files.Place
	KeyFile string // without its keys nothing that is sealed could be read again
	Now     func() time.Time
}

// WorkFactor makes guessing a passphrase slow: two to this power of rounds,
// about a second.
var WorkFactor = 18

// Backup writes everything, sealed with a passphrase, while the office works
// on: the database as it stood at one instant, its files, and the data key.
func Backup(ctx context.Context, from Source, passphrase string, to io.Writer) (Summary, error) {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return Summary{}, fmt.Errorf("take the passphrase: %w", err)
	}
	recipient.SetWorkFactor(WorkFactor)
	sealed, err := age.Encrypt(to, recipient)
	if err != nil {
		return Summary{}, fmt.Errorf("seal the backup: %w", err)
	}
	zipped := gzip.NewWriter(sealed)
	b := &bundle{tar: tar.NewWriter(zipped), sum: Summary{Tables: map[string]Table{}}}
	if err := b.fill(ctx, from); err != nil {
		return Summary{}, err
	}
	return b.sum, errors.Join(b.tar.Close(), zipped.Close(), sealed.Close())
}

type bundle struct {
	tar     *tar.Writer
	sum     Summary
	uploads []string
}

func (b *bundle) add(name string, content []byte) error {
	err := b.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: b.sum.At, Format: tar.FormatPAX})
	if err == nil {
		_, err = b.tar.Write(content)
	}
	if err != nil {
		return fmt.Errorf("add %s to the backup: %w", name, err)
	}
	return nil
}

func (b *bundle) addJSON(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return b.add(name, text)
}

const (
	startName   = "start.json"
	keyName     = "data.key"
	summaryName = "summary.json"
	tablePrefix = "tables/"
	filePrefix  = "files/"
)

func (b *bundle) fill(ctx context.Context, from Source) error {
	keys, err := os.ReadFile(from.KeyFile)
	if err != nil {
		return fmt.Errorf("read the data key file: %w", err)
	}
	if err := store.TakeSnapshot(ctx, from.DB, from.Now, func(s *store.Snapshot) error { return b.database(ctx, s, keys) }); err != nil {
		return err
	}
	if err := b.files(ctx, from.Files); err != nil {
		return err
	}
	if err := b.lateKeys(from.KeyFile, keys); err != nil {
		return err
	}
	return b.addJSON(summaryName, b.sum)
}

func (b *bundle) database(ctx context.Context, s *store.Snapshot, keys []byte) error {
	b.sum.Start = Start{Format: format, At: s.At.UTC().Truncate(time.Millisecond), Version: s.Version}
	if err := errors.Join(b.addJSON(startName, b.sum.Start), b.add(keyName, keys)); err != nil {
		return err
	}
	tables, err := s.Tables(ctx)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := b.table(ctx, s, table); err != nil {
			return err
		}
	}
	return nil
}

// files may be read after the database: what a file holds never changes.
func (b *bundle) files(ctx context.Context, folder files.Place) error {
	for _, id := range b.uploads {
		content, err := folder.Get(ctx, id)
		if errors.Is(err, fs.ErrNotExist) {
			b.sum.Missing = append(b.sum.Missing, id)
			continue
		}
		if err = errors.Join(err, ctx.Err()); err == nil {
			err = b.add(filePrefix+id, content)
		}
		if err != nil {
			return err
		}
		b.sum.Files++
	}
	return nil
}

// lateKeys adds what the key file has become if keys changed meanwhile, so
// that no text in the backup lacks its key.
func (b *bundle) lateKeys(path string, before []byte) error {
	now, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the data key file: %w", err)
	}
	if bytes.Equal(now, before) {
		return nil
	}
	return b.add(keyName, vault.Together(before, now))
}

// chunk is how much of a table is one entry.
const chunk = 4 << 20

func (b *bundle) table(ctx context.Context, s *store.Snapshot, table string) error {
	var lines bytes.Buffer
	var columns []string
	part, sum := 0, &tally{}
	flush := func() error {
		part++
		err := b.add(fmt.Sprintf("%s%s/%06d.jsonl", tablePrefix, table, part), lines.Bytes())
		lines.Reset()
		return err
	}
	begin := func(names []string) error {
		columns = names
		return writeLine(&lines, columns)
	}
	err := s.Rows(ctx, table, begin, func(row []any) error {
		if table == "files" {
			b.uploads = append(b.uploads, row[slices.Index(columns, "id")].(string))
		}
		if lines.Len() == 0 {
			if err := writeLine(&lines, columns); err != nil {
				return err
			}
		}
		before := lines.Len()
		if err := writeLine(&lines, plain(row)); err != nil {
			return err
		}
		sum.add(lines.Bytes()[before:])
		if lines.Len() < chunk {
			return nil
		}
		return flush()
	})
	if err == nil && lines.Len() > 0 {
		err = flush()
	}
	b.sum.Tables[table] = sum.table()
	return err
}

func writeLine(to *bytes.Buffer, value any) error {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// moment is an instant as a row of a backup has it, to tell it from a text.
type moment struct {
	At time.Time `json:"at"`
}

func plain(row []any) []any {
	out := make([]any, len(row))
	for i, v := range row {
		if at, ok := v.(time.Time); ok {
			v = moment{at.Truncate(time.Millisecond)}
		}
		out[i] = v
	}
	return out
}

// tally digests rows whatever their order, which engines differ in.
type tally struct {
	rows int64
	all  [sha256.Size]byte
}

func (t *tally) add(line []byte) {
	t.rows++
	for i, b := range sha256.Sum256(line) {
		t.all[i] ^= b
	}
}

func (t *tally) table() Table { return Table{Rows: t.rows, Digest: hex.EncodeToString(t.all[:])} }
