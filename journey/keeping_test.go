package journey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/service/files"
	"gongdi/service/keeping"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

func (s *street) folder() files.Place {
	s.T.Helper()
	folder, err := files.OpenFolder("file:" + s.FilesFolder)
	apitest.Check(s.T, err)
	s.T.Cleanup(func() { apitest.Check(s.T, folder.Close()) })
	return folder
}

const passphrase = "correct horse battery staple"

func (s *street) backup(to *bytes.Buffer) keeping.Summary {
	s.T.Helper()
	keeping.WorkFactor = 10 // tests seal often
	sum, err := keeping.Backup(context.Background(), keeping.Source{DB: s.DB, Files: s.folder(), KeyFile: s.KeyFile, Now: s.Now}, passphrase, to)
	apitest.Check(s.T, err)
	return sum
}

// restoredTo opens a new database of another engine where there is one.
func restoredTo(t *testing.T, from []byte, engine string) (*store.DB, files.Place, keeping.Summary) {
	t.Helper()
	address := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
	if engine == "mysql" {
		address = dbtest.ServerAddress(t)
	}
	db, err := store.Open(t.Context(), address)
	apitest.Check(t, err)
	t.Cleanup(func() { apitest.Check(t, db.Close()) })
	folder, err := files.OpenFolder("file:" + t.TempDir())
	apitest.Check(t, err)
	t.Cleanup(func() { apitest.Check(t, folder.Close()) })
	sum, err := keeping.Restore(t.Context(), bytes.NewReader(from), passphrase, keeping.Target{
		DB: db, Files: folder, KeyFile: filepath.Join(t.TempDir(), "data.key"),
	})
	apitest.Check(t, err)
	return db, folder, sum
}

func engines() []string {
	if os.Getenv("GONGDI_TEST_MYSQL") != "" {
		return []string{"sqlite", "mysql"}
	}
	return []string{"sqlite"}
}

// TestABackupDuringVotingHasEveryBallotAcknowledgedBeforeIt backs up while
// phones vote, and restores into each engine.
func TestABackupDuringVotingHasEveryBallotAcknowledgedBeforeIt(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		picture := s.paperPicture(t)
		type ballot struct {
			voter   string
			version int
			at      time.Time // when the answer was there
		}
		var mu sync.Mutex
		var acknowledged []ballot
		var voting sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		for i, v := range s.voters(motion)[:8] {
			voter, home := homeOf(v)
			phone := s.bind(fmt.Sprint("b-", i), home, "tenant")
			voting.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					answer := s.Put(phone, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": []string{"agree", "oppose"}[n%2]})
					if answer.Status != 200 {
						t.Errorf("%d %s", answer.Status, answer.Raw)
						return
					}
					mu.Lock()
					acknowledged = append(acknowledged, ballot{voter, int(answer.Number("receipt", "version")), s.Now()})
					mu.Unlock()
				}
			})
		}
		time.Sleep(100 * time.Millisecond)
		var file bytes.Buffer
		sum := s.backup(&file)
		stop()
		voting.Wait()
		if bytes.Contains(file.Bytes(), []byte("临江花园")) || sum.Files != 1 {
			t.Error("the backup is readable, or lacks the picture")
		}
		for _, engine := range engines() {
			db, folder, restored := restoredTo(t, file.Bytes(), engine)
			if !restored.At.Equal(sum.At) {
				t.Errorf("restored %s, backed up %s", restored.At, sum.At)
			}
			old := 0
			for _, b := range acknowledged {
				if !b.at.Before(sum.At) {
					continue
				}
				old++
				var n int64
				apitest.Check(t, db.Read(t.Context()).Raw("SELECT COUNT(*) FROM ballots WHERE motion_id = ? AND voter_id = ? AND version = ?", motion, b.voter, b.version).Scan(&n).Error)
				if n != 1 {
					t.Errorf("version %d of %s, acknowledged %s before the backup, is lost", b.version, b.voter, sum.At.Sub(b.at))
				}
			}
			if old == 0 {
				t.Error("nobody voted before the backup")
			}
			if _, err := folder.Get(t.Context(), picture); err != nil {
				t.Errorf("the picture is lost: %v", err)
			}
			again, err := keeping.Backup(t.Context(), keeping.Source{DB: db, Files: folder, KeyFile: h.KeyFile, Now: s.Now}, passphrase, &bytes.Buffer{})
			apitest.Check(t, err)
			for table, was := range sum.Tables {
				if again.Tables[table] != was {
					t.Errorf("%s: backed up %+v, restored %+v", table, was, again.Tables[table])
				}
			}
			_, err = keeping.Restore(t.Context(), bytes.NewReader(file.Bytes()), passphrase, keeping.Target{DB: db, Files: folder, KeyFile: filepath.Join(t.TempDir(), "data.key")})
			if !errors.Is(err, store.ErrNotEmpty) {
				t.Errorf("restored over something: %v", err)
			}
		}
	})
}

func TestABackupThatIsNotWholeRestoresNothing(t *testing.T) {
	s := open(t, apitest.SQLite(t))
	var file bytes.Buffer
	s.backup(&file)
	for name, c := range map[string]struct {
		content    []byte
		passphrase string
		want       error
	}{
		"cut off":            {file.Bytes()[:file.Len()-100], passphrase, nil},
		"changed":            {append(bytes.Clone(file.Bytes()[:file.Len()/2]), bytes.Repeat([]byte{7}, file.Len()/2)...), passphrase, nil},
		"another passphrase": {file.Bytes(), "wrong horse battery staple", keeping.ErrPassphrase},
		"something else":     {[]byte("hello"), passphrase, keeping.ErrPassphrase},
	} {
		db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "new.db"))
		apitest.Check(t, err)
		_, err = keeping.Restore(t.Context(), bytes.NewReader(c.content), c.passphrase, keeping.Target{DB: db, Files: s.folder(), KeyFile: filepath.Join(t.TempDir(), "data.key")})
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		var n int64
		if db.Read(t.Context()).Raw("SELECT COUNT(*) FROM properties").Scan(&n).Error == nil && n > 0 {
			t.Errorf("%s: %d homes were restored", name, n)
		}
		apitest.Check(t, db.Close())
	}
}

// TestTheDataKeyChangesWhileTheOfficeWorks rotates, seals anew, retires.
func TestTheDataKeyChangesWhileTheOfficeWorks(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		phone := s.bind("rotated", home, "tenant")
		vote := map[string]any{"choice": "agree", "comment": "请尽快"}
		s.Put(phone, "/api/v1/motions/"+motion+"/ballots/"+voter, vote).Want(200)
		s.paperPicture(t)
		outside, err := vault.Open(h.KeyFile, false) // as the command does
		apitest.Check(t, err)
		apitest.Check(t, outside.Rotate())
		if outside.Current() == h.Vault.Current() {
			t.Error("the server has the key already")
		}
		n, err := keeping.Reseal(t.Context(), h.DB, s.folder(), outside)
		apitest.Check(t, err)
		if n < 100 {
			t.Errorf("%d texts were sealed anew", n)
		}
		// Now the server meets a key that it has not read yet.
		s.Post(s.clerk, "/api/v1/staff/properties/"+home+"/reveal", map[string]any{"reason": "核对"}).Want(200)
		if outside.Current() != h.Vault.Current() {
			t.Error("the server has not taken the key up")
		}
		apitest.Check(t, outside.Retire())
		apitest.Check(t, h.Vault.Refresh())
		if again, err := keeping.Reseal(t.Context(), h.DB, s.folder(), outside); err != nil || again != 0 {
			t.Errorf("%d are left: %v", again, err)
		}
		s.Post(s.clerk, "/api/v1/staff/properties/"+home+"/reveal", map[string]any{"reason": "核对"}).Want(200)
		s.Put(phone, "/api/v1/motions/"+motion+"/ballots/"+voter, vote).Want(200)
		s.sealedAllUnder(outside.Current())
	})
}

// sealedAllUnder looks into every text of the database, known or not.
func (s *street) sealedAllUnder(key string) {
	s.T.Helper()
	apitest.Check(s.T, store.TakeSnapshot(context.Background(), s.DB, s.Now, func(snap *store.Snapshot) error {
		tables, err := snap.Tables(context.Background())
		apitest.Check(s.T, err)
		for _, table := range tables {
			var columns []string
			err := snap.Rows(context.Background(), table, func(names []string) error { columns = names; return nil }, func(row []any) error {
				for i, v := range row {
					if text, ok := v.(string); ok && vault.Sealed(text) != "" && strings.HasPrefix(vault.Sealed(text), "k") && vault.Sealed(text) != key {
						s.T.Errorf("%s.%s is sealed under %s", table, columns[i], vault.Sealed(text))
					}
				}
				return nil
			})
			apitest.Check(s.T, err)
		}
		return nil
	}))
}

func eachSource(t *testing.T, look func(*ast.File)) {
	t.Helper()
	apitest.Check(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err == nil {
			look(file)
		}
		return err
	}))
}

// onlyIndexed are fields that serve look-up alone, or lie outside the database.
var onlyIndexed = []string{"staff.username", "owner.document_tail", "owner.document_end", "owner.phone_end", "roster.line", "audit.line", "grant.token", "file.content", "staff.recovery", "safety.media", "bank_movement.slot"}

// TestEveryFieldThatIsSealedIsSealedAnew finds the fields in the sources.
func TestEveryFieldThatIsSealedIsSealedAnew(t *testing.T) {
	known := slices.Clone(onlyIndexed)
	for _, c := range keeping.Columns {
		known = append(known, string(c.Field))
	}
	found := 0
	eachSource(t, func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			kind, ok := spec.Type.(*ast.SelectorExpr)
			if !ok || kind.Sel.Name != "Field" {
				return true
			}
			for _, v := range spec.Values {
				if text, ok := v.(*ast.BasicLit); ok && text.Kind == token.STRING {
					found++
					if field := strings.Trim(text.Value, `"`); !slices.Contains(known, field) {
						t.Errorf("say in keeping.Columns where %s is kept", field)
					}
				}
			}
			return true
		})
	})
	if found < 20 {
		t.Errorf("only %d fields found", found)
	}
}
