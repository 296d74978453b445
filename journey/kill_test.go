package journey

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

// TestNoAcknowledgedBallotIsLostWhenTheProcessDies kills the server at random
// moments of a vote and starts it again, over and over.
func TestNoAcknowledgedBallotIsLostWhenTheProcessDies(t *testing.T) {
	if os.Getenv("GONGDI_TEST_LONG") == "" {
		t.Skip("long: set GONGDI_TEST_LONG")
	}
	binary := filepath.Join(t.TempDir(), "gongdi")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		db, err := store.Open(t.Context(), address)
		apitest.Check(t, err)
		s := open(t, apitest.Open(t, db, nil))
		motion := s.put("临江花园", nil)
		type phone struct{ token, voter string }
		var phones []phone
		for i, v := range s.voters(motion)[:16] {
			voter, home := homeOf(v)
			phones = append(phones, phone{s.bind(fmt.Sprint("k-", i), home, "tenant"), voter})
		}
		apitest.Check(t, db.Close())
		server := &victim{t: t, binary: binary, database: address, keyFile: s.KeyFile}
		path := "/api/v1/motions/" + motion + "/ballots/"
		last := make([]int, len(phones)) // the last acknowledged version of each
		for range 8 {
			server.start()
			var voting sync.WaitGroup
			ctx, stop := context.WithCancel(t.Context())
			for i, p := range phones {
				voting.Go(func() {
					for n := 0; ctx.Err() == nil; n++ {
						version, ok := server.cast(ctx, p.token, path+p.voter, []string{"agree", "oppose"}[n%2])
						if !ok {
							return
						}
						last[i] = max(last[i], version)
					}
				})
			}
			time.Sleep(time.Duration(50+rand.IntN(150)) * time.Millisecond)
			server.kill()
			stop()
			voting.Wait()
		}
		db, err = store.Open(t.Context(), address)
		apitest.Check(t, err)
		defer db.Close()
		acknowledged := 0
		for i, p := range phones {
			var row model.RollVoter
			apitest.Check(t, db.Read(t.Context()).Raw("SELECT * FROM roll_voters WHERE motion_id = ? AND id = ?", motion, p.voter).Take(&row).Error)
			var kept int64
			apitest.Check(t, db.Read(t.Context()).Raw("SELECT COUNT(*) FROM ballots WHERE motion_id = ? AND voter_id = ?", motion, p.voter).Scan(&kept).Error)
			if row.CurrentVersion < last[i] || kept != int64(row.Version) {
				t.Errorf("acknowledged version %d, stands %d, kept %d", last[i], row.CurrentVersion, kept)
			}
			acknowledged += last[i]
		}
		if acknowledged == 0 {
			t.Error("nothing was cast between the kills")
		}
	})
}

// victim is a server of its own process.
type victim struct {
	t                         *testing.T
	binary, database, keyFile string
	url                       string
	settings                  []string // beside the usual
	process                   *exec.Cmd
}

func (v *victim) start() {
	v.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(v.t.Context(), "tcp", "127.0.0.1:0")
	apitest.Check(v.t, err)
	address := listener.Addr().String()
	apitest.Check(v.t, listener.Close())
	v.url = "http://" + address
	v.process = exec.CommandContext(v.t.Context(), v.binary, "serve")
	v.process.Env = append(os.Environ(), "GONGDI_LISTEN="+address, "GONGDI_DATABASE="+v.database, "GONGDI_RATE_LIMIT=0",
		"GONGDI_LOG_LEVEL=error", "GONGDI_DATA_KEY_FILE="+v.keyFile)
	v.process.Env = append(v.process.Env, v.settings...)
	v.process.Stderr = os.Stderr
	apitest.Check(v.t, v.process.Start())
	for range 200 {
		if response, err := http.Get(v.url + "/readyz"); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	v.t.Fatal("the server did not come up")
}

func (v *victim) kill() {
	v.t.Helper()
	apitest.Check(v.t, v.process.Process.Kill())
	_ = v.process.Wait()
}

// cast answers the version that was acknowledged.
func (v *victim) cast(ctx context.Context, token, path, choice string) (int, bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, v.url+path, bytes.NewBufferString(`{"choice":"`+choice+`"}`))
	if err != nil {
		return 0, false
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, false // killed meanwhile
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	var answer struct{ Receipt struct{ Version int } }
	if err != nil || json.Unmarshal(content, &answer) != nil {
		return 0, false
	}
	if response.StatusCode != http.StatusOK {
		v.t.Errorf("%d %s", response.StatusCode, content)
		return 0, false
	}
	return answer.Receipt.Version, true
}

// TestNobodyIsFoundInTheDatabaseFile searches the file and its log for what
// the list says about people.
func TestNobodyIsFoundInTheDatabaseFile(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		path, embedded := strings.CutPrefix(address, "sqlite:")
		if !embedded {
			t.Skip("a server's files are its own")
		}
		db, err := store.Open(t.Context(), address)
		apitest.Check(t, err)
		s := open(t, apitest.Open(t, db, nil))
		motion := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		token := s.bind("somebody", home, "tenant")
		s.Put(token, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree", "comment": "王小明的意见"}).Want(200)
		apitest.Check(t, db.Close())
		var stored []byte
		for _, file := range []string{path, path + "-wal"} {
			content, err := os.ReadFile(file)
			if err == nil {
				stored = append(stored, content...)
			}
		}
		for _, secret := range append(people(t), token, "王小明的意见") {
			if bytes.Contains(stored, []byte(secret)) {
				t.Errorf("found a text of %d characters that nobody may read", len([]rune(secret)))
			}
		}
	})
}
