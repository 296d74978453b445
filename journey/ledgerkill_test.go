package journey

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

// TestTheLedgerBalancesWhenTheProcessDies kills the server at random moments
// while clerks enter the rows of a bank's list and others book them, over and
// over: the ledger balances, no row is booked twice, and what was acknowledged
// stands.
func TestTheLedgerBalancesWhenTheProcessDies(t *testing.T) {
	if os.Getenv("GONGDI_TEST_LONG") == "" {
		t.Skip("long: set GONGDI_TEST_LONG")
	}
	binary := filepath.Join(t.TempDir(), "gongdi")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const payments, kills = 400, 8
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		db, err := store.Open(t.Context(), address)
		apitest.Check(t, err)
		m := moneyOf(open(t, apitest.Open(t, db, nil)), "供电局家属院")
		pledge := m.pledge(4, nil).Want(200).Text("id")
		rows := [][]any{bankHeads}
		for i := range payments {
			rows = append(rows, []any{m.day, "1.00", "", "某人", "电梯款", fmt.Sprintf("KILL-%08d", i)})
		}
		list := m.Upload(m.clerk, bankLists, "a.xlsx", workbook(t, rows...)).Want(http.StatusCreated).Text("id")
		apitest.Check(t, db.Close())
		server := &victim{t: t, binary: binary, database: address, keyFile: m.KeyFile}
		var mu sync.Mutex
		entered, booked, done := map[string]bool{}, map[string]bool{}, 0
		for range kills {
			server.start()
			ctx, stop := context.WithCancel(t.Context())
			var clerks sync.WaitGroup
			for range 3 { // they enter the same rows
				from := done
				clerks.Go(func() {
					for ; ctx.Err() == nil && from < payments; from += 5 {
						var choice []any
						for i := range min(5, payments-from) {
							choice = append(choice, from+i+2, pledge)
						}
						var answer struct {
							Entered []struct {
								ReceiptID string `json:"receipt_id"`
							}
						}
						if server.post(ctx, m.clerk, bankLists+"/"+list+"/book", chosen(choice...), &answer) != http.StatusOK {
							continue
						}
						mu.Lock()
						for _, e := range answer.Entered {
							entered[e.ReceiptID] = true
						}
						done = max(done, from-10)
						mu.Unlock()
					}
				})
				clerks.Go(func() {
					for ctx.Err() == nil {
						var waiting struct{ Items []struct{ ID string } }
						server.get(ctx, m.colleague, "/api/v1/staff/receipts", &waiting)
						for _, w := range waiting.Items {
							if server.post(ctx, m.colleague, "/api/v1/staff/receipts/"+w.ID+"/check", nil, nil) == http.StatusOK {
								mu.Lock()
								if booked[w.ID] {
									t.Errorf("%s was booked twice", w.ID)
								}
								booked[w.ID] = true
								mu.Unlock()
							}
						}
					}
				})
			}
			time.Sleep(time.Duration(100+rand.IntN(200)) * time.Millisecond)
			server.kill()
			stop()
			clerks.Wait()
		}
		db, err = store.Open(t.Context(), address)
		apitest.Check(t, err)
		defer db.Close()
		m.T, m.Funds.DB = t, db
		m.sound()
		number := func(query string, args ...any) (n int) {
			apitest.Check(t, db.Read(t.Context()).Raw(query, args...).Scan(&n).Error)
			return n
		}
		if n := number("SELECT COUNT(*) - COUNT(DISTINCT reference) FROM vouchers"); n != 0 {
			t.Errorf("%d rows are entered twice", n)
		}
		if n := number("SELECT COUNT(*) FROM vouchers v WHERE NOT EXISTS (SELECT 1 FROM bank_movements b WHERE b.voucher_id = v.id)"); n != 0 {
			t.Errorf("%d receipts are entered whose row does not know it", n)
		}
		if n := number("SELECT COUNT(*) FROM (SELECT voucher_id FROM ledger_lines GROUP BY voucher_id HAVING COUNT(*) <> 2) x"); n != 0 {
			t.Errorf("%d receipts have half their lines, or too many", n)
		}
		for id := range entered {
			if number("SELECT COUNT(*) FROM vouchers WHERE id = ?", id) != 1 {
				t.Errorf("receipt %s was acknowledged and is not there", id)
			}
		}
		for id := range booked {
			if number("SELECT COUNT(*) FROM ledger_lines WHERE voucher_id = ?", id) != 2 {
				t.Errorf("the booking of %s was acknowledged and is not there", id)
			}
		}
		if len(entered) == 0 || len(booked) == 0 {
			t.Error("nothing was done between the kills")
		}
		t.Logf("%d entered, %d booked, %d lines", len(entered), len(booked), number("SELECT COUNT(*) FROM ledger_lines"))
	})
}

// post answers the status; 0 when the server was killed meanwhile.
func (v *victim) post(ctx context.Context, token, path string, body, into any) int {
	content, err := json.Marshal(body)
	if err != nil {
		return 0
	}
	return v.ask(ctx, http.MethodPost, token, path, content, into)
}

func (v *victim) get(ctx context.Context, token, path string, into any) int {
	return v.ask(ctx, http.MethodGet, token, path, nil, into)
}

func (v *victim) ask(ctx context.Context, method, token, path string, content []byte, into any) int {
	request, err := http.NewRequestWithContext(ctx, method, v.url+path, bytes.NewReader(content))
	if err != nil {
		return 0
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if into != nil && json.NewDecoder(response.Body).Decode(into) != nil {
		return 0
	}
	if response.StatusCode >= http.StatusInternalServerError {
		v.t.Errorf("%s: %d", path, response.StatusCode)
	}
	return response.StatusCode
}
