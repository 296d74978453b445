package bench

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/wechat"
)

// BenchmarkOutbox drains a thousand messages by one worker and by two, beside
// what bounds them: as many bare sendings to the stand-in, and as many bare
// durable updates of a row, by the same number of senders.
func BenchmarkOutbox(b *testing.B) {
	engines(b, func(b *testing.B, address string) {
		t := found(b, address, 20, 1)
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprint(workers, "-workers"), func(b *testing.B) { outbox(b, t, workers) })
		}
	})
}

const letters, sendersOfAWorker = 1000, 8

func outbox(b *testing.B, t *town, workers int) {
	b.Helper()
	templates, err := messages.ReadTemplates("", true)
	apitest.Check(b, err)
	t.Messages.Templates, t.Messages.Quiet = templates, messages.Quiet{}
	var ids, people []string
	apitest.Check(b, t.DB.Read(b.Context()).Raw("SELECT id FROM residents ORDER BY id").Scan(&people).Error)
	note := wechat.Note{To: "bench-00", Template: "standin-news", Page: "pages/inbox/index", Data: map[string]string{"thing1": "您有一条新消息"}}
	tell := func() {
		told := make([]string, letters)
		for i := range told {
			told[i] = people[i%len(people)]
		}
		apitest.Check(b, store.Tx(b.Context(), t.DB, func(tx *gorm.DB) error {
			return messages.Tell(tx, told, messages.News{Kind: "bench", AboutType: "notice", AboutID: "n"}, t.Now())
		}))
	}
	tell()
	apitest.Check(b, t.Messages.Push(b.Context()))
	apitest.Check(b, t.DB.Read(b.Context()).Raw("SELECT id FROM resident_tidings LIMIT ?", letters).Scan(&ids).Error)
	var drained, sent, updated []float64
	b.ResetTimer()
	for range b.N {
		for range 3 {
			tell()
			drained = append(drained, rate(b, workers, func(int) error { return t.Messages.Push(b.Context()) }))
			sent = append(sent, rate(b, workers*sendersOfAWorker, func(me int) error {
				for i := me; i < letters; i += workers * sendersOfAWorker {
					if _, err := t.Messages.Platform.Notify(b.Context(), note); err != nil {
						return err
					}
				}
				return nil
			}))
			updated = append(updated, rate(b, workers*sendersOfAWorker, func(me int) error {
				for i := me; i < letters; i += workers * sendersOfAWorker {
					err := store.Tx(b.Context(), t.DB, func(tx *gorm.DB) error {
						return tx.Exec("UPDATE resident_tidings SET push_tries = push_tries + 1 WHERE id = ?", ids[i]).Error
					})
					if err != nil {
						return err
					}
				}
				return nil
			}))
		}
	}
	b.ReportMetric(median(drained), "messages/s")
	b.ReportMetric(median(sent), "bare-sends/s")
	b.ReportMetric(median(updated), "bare-updates/s")
	b.ReportMetric(median(divide(drained, sent)), "of-sends")
	b.ReportMetric(median(divide(drained, updated)), "of-updates")
	p, err := t.Messages.ProgressOf(b.Context(), model.About{Type: "notice", ID: "n"})
	apitest.Check(b, err)
	if p.States["sent"] != p.Total {
		b.Errorf("not all were sent: %+v", p)
	}
}

// rate is how many letters a second so many workers got through.
func rate(b *testing.B, workers int, work func(me int) error) float64 {
	b.Helper()
	failed := make([]error, workers)
	var group sync.WaitGroup
	start := time.Now()
	for me := range workers {
		group.Go(func() { failed[me] = work(me) })
	}
	group.Wait()
	took := time.Since(start)
	for _, err := range failed {
		apitest.Check(b, err)
	}
	return letters / took.Seconds()
}
