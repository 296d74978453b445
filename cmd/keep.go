package cmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gongdi/config"
	"gongdi/model/quantity"
	"gongdi/service/files"
	"gongdi/service/keeping"
	"gongdi/service/store"
	"gongdi/service/vault"
)

type backupCommand struct {
	To       string `arg:"" help:"File to write; it must not exist." type:"path"`
	NoVerify bool   `help:"Do not restore it into a temporary place to see that it is whole."`
}

// Help shows an example.
func (backupCommand) Help() string {
	return "The passphrase comes on standard input. The office works on meanwhile.\n\nExample:\n  gongdi backup gongdi-2026-11-24.age < passphrase.txt"
}

var errBackupThere = errors.New("there is a file of that name already: a backup is never written over")

// Run writes a backup and restores it to see that it can be. Only then it
// takes its name.
func (c backupCommand) Run(s *surroundings) error {
	settings, passphrase, err := s.settingsAndPassphrase()
	if err != nil {
		return err
	}
	if _, err := os.Lstat(c.To); err == nil {
		return errBackupThere
	}
	draft, err := os.CreateTemp(filepath.Dir(c.To), ".gongdi-backup-")
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer os.Remove(draft.Name()) // gone already when all went well
	sum, err := backUp(s, settings, passphrase, draft)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	opened := 0
	if !c.NoVerify {
		if opened, err = rehearse(s, draft.Name(), passphrase); err != nil {
			return fmt.Errorf("the backup cannot be restored: %w", err)
		}
	}
	if err := os.Rename(draft.Name(), c.To); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	p := report(s.out, "备份完成，所含时点：", sum)
	if !c.NoVerify {
		p.line("已试恢复，逐表核对无误，%d 处加密内容都能用其中的密钥打开", opened)
	}
	return p.err
}

func backUp(s *surroundings, settings config.Settings, passphrase string, to io.Writer) (keeping.Summary, error) {
	db, folder, err := openStores(s, settings)
	if err != nil {
		return keeping.Summary{}, err
	}
	sum, err := keeping.Backup(s, keeping.Source{DB: db, Files: folder, KeyFile: settings.DataKeyFile, Now: s.now}, passphrase, to)
	return sum, errors.Join(err, folder.Close(), db.Close())
}

// rehearse restores a backup into a place beside it that is thrown away, and
// opens whatever is sealed there.
func rehearse(ctx context.Context, path, passphrase string) (int, error) {
	place, err := os.MkdirTemp(filepath.Dir(path), ".gongdi-rehearsal-")
	if err != nil {
		return 0, fmt.Errorf("make a place to restore into: %w", err)
	}
	defer os.RemoveAll(place)
	into := config.Settings{
		Database: "sqlite:" + filepath.Join(place, "gongdi.db"), Files: "file:" + filepath.Join(place, "files"), DataKeyFile: filepath.Join(place, "data.key"),
	}
	if _, err := restore(ctx, path, passphrase, into); err != nil {
		return 0, err
	}
	keys, err := vault.Open(into.DataKeyFile, false)
	if err != nil {
		return 0, err
	}
	db, folder, err := openStores(ctx, into)
	if err != nil {
		return 0, err
	}
	opened, err := keeping.Readable(ctx, db, folder, keys)
	return opened, errors.Join(err, folder.Close(), db.Close())
}

func restore(ctx context.Context, path, passphrase string, to config.Settings) (keeping.Summary, error) {
	from, err := os.Open(path)
	if err != nil {
		return keeping.Summary{}, fmt.Errorf("read the backup: %w", err)
	}
	defer from.Close()
	db, folder, err := openStores(ctx, to)
	if err != nil {
		return keeping.Summary{}, err
	}
	sum, err := keeping.Restore(ctx, bufio.NewReaderSize(from, 1<<20), passphrase, keeping.Target{DB: db, Files: folder, KeyFile: to.DataKeyFile})
	return sum, errors.Join(err, folder.Close(), db.Close())
}

func openStores(ctx context.Context, settings config.Settings) (*store.DB, files.Place, error) {
	db, err := store.Open(ctx, settings.Database)
	if err != nil {
		return nil, nil, err
	}
	folder, err := files.Open(ctx, settings.Files, fileKeys(settings))
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, folder, nil
}

type restoreCommand struct {
	From string `arg:"" help:"Backup to restore." type:"existingfile"`
}

// Help shows an example.
func (restoreCommand) Help() string {
	return "Restores into the database, the folder and the key file that the settings name. The database must be new; a backup of one engine restores into the other. The passphrase comes on standard input.\n\nExample:\n  GONGDI_DATABASE=sqlite:new/gongdi.db gongdi restore gongdi-2026-11-24.age < passphrase.txt"
}

// Run restores a backup.
func (c restoreCommand) Run(s *surroundings) error {
	settings, passphrase, err := s.settingsAndPassphrase()
	if err != nil {
		return err
	}
	sum, err := restore(s, c.From, passphrase, settings)
	if err != nil {
		return err
	}
	return report(s.out, "恢复完成，逐表核对无误，数据的时点：", sum).err
}

func report(out io.Writer, what string, sum keeping.Summary) *printer {
	var rows int64
	for _, t := range sum.Tables {
		rows += t.Rows
	}
	p := &printer{to: out}
	p.line("%s%s（北京时间）", what, sum.At.In(quantity.Shanghai).Format("2006-01-02 15:04:05.000"))
	p.line("此前已确认的记录都在其中。数据 %d 行、%d 张表，文件 %d 个", rows, len(sum.Tables), sum.Files)
	for _, id := range sum.Missing {
		p.line("文件 %s 在数据库中有记载，但不在文件夹里", id)
	}
	return p
}

var errNoPassphrase = errors.New("the passphrase comes on standard input and has at least 12 characters")

const passphraseLeast = 12

func (s *surroundings) settingsAndPassphrase() (config.Settings, string, error) {
	settings, err := s.settings()
	if err != nil {
		return settings, "", err
	}
	line, err := bufio.NewReader(s.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return settings, "", fmt.Errorf("read the passphrase: %w", err)
	}
	passphrase := strings.TrimRight(line, "\r\n")
	if len([]rune(passphrase)) < passphraseLeast {
		return settings, "", errNoPassphrase
	}
	return settings, passphrase, nil
}

type rotateCommand struct {
	ResealOnly bool `help:"Add no key; go on sealing with the current one, as after a rotation that was cut short."`
	Retire     bool `help:"Remove the earlier keys from the file when nothing is sealed with them any more; takes some minutes."`
}

// Help shows an example.
func (rotateCommand) Help() string {
	return "Adds a data key, which running servers take up within seconds, and seals everything anew with it while they work. With --retire the earlier keys go; a backup of before needs them no longer, it holds its own.\n\nExample:\n  gongdi rotate-key --retire"
}

// Run changes the data key.
func (c rotateCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	keys, err := vault.Open(settings.DataKeyFile, false)
	if err != nil {
		return err
	}
	db, folder, err := openStores(s, settings)
	if err != nil {
		return err
	}
	r := rotation{db: db, folder: folder, keys: keys, out: &printer{to: s.out}}
	err = r.run(s, c)
	return errors.Join(err, r.out.err, folder.Close(), db.Close())
}

type rotation struct {
	db     *store.DB
	folder files.Place
	keys   *vault.Vault
	out    *printer
}

// How long it takes until running servers have read a new key, and until what
// they sealed before has been written down.
var (
	takenUp = 12 * time.Second
	settled = writeTimeout + readTimeout
)

func (r *rotation) run(ctx context.Context, c rotateCommand) error {
	if !c.ResealOnly {
		if err := r.keys.Rotate(); err != nil {
			return err
		}
		r.out.line("现用密钥 %s，等待运行中的服务读取", r.keys.Current())
	}
	if err := r.reseal(ctx, takenUp); err != nil || !c.Retire {
		return err
	}
	r.out.line("等待进行中的写入完成，再移除更早的密钥")
	if err := r.reseal(ctx, settled); err != nil {
		return err
	}
	if err := r.keys.Retire(); err != nil {
		return err
	}
	r.out.line("已移除更早的密钥")
	return nil
}

// reseal waits, and then seals anew until nothing is left to.
func (r *rotation) reseal(ctx context.Context, after time.Duration) error {
	if err := pause(ctx, after); err != nil {
		return err
	}
	for again := 1; again > 0; {
		var err error
		if again, err = keeping.Reseal(ctx, r.db, r.folder, r.keys); err != nil {
			return err
		}
		r.out.line("用密钥 %s 重新封存 %d 处", r.keys.Current(), again)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
