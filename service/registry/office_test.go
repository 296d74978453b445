package registry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/registry"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
	"gongdi/service/wechat"
)

// start is ten in the morning in Shanghai.
var start = time.Date(2026, 9, 18, 2, 0, 0, 0, time.UTC)

const (
	streetCode  = "520523001"
	firstCode   = "520523001001"
	countyCode  = "520523"
	phoneOfLi   = "19900000001"
	phoneOfZhou = "19900000002"
)

var street = model.Caller{Kind: model.StaffSession, ID: "street", Role: model.RoleStreet, AreaCode: streetCode}

func clerkOf(code string) model.Caller {
	return model.Caller{Kind: model.StaffSession, ID: "clerk-" + code, Role: model.RoleCommunity, AreaCode: code}
}

// phones is a platform whose phone codes are the numbers themselves, each to
// be used once.
type phones struct {
	mu   sync.Mutex
	used map[string]bool
}

func (*phones) Login(context.Context, string) (wechat.Session, error) {
	return wechat.Session{}, errors.New("not asked for here")
}

func (p *phones) Phone(_ context.Context, code string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used[code] {
		return "", wechat.ErrCodeInvalid
	}
	p.used[code] = true
	return code[:11], nil
}

// office is the registry of one street on one database.
type office struct {
	t   testing.TB
	ctx context.Context
	db  *store.DB
	now time.Time
	*registry.Service
}

func each(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { test(t, newOffice(t, db)) })
}

func newOffice(t testing.TB, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, ctx: context.Background(), db: db, now: start}
	now := func() time.Time { return o.now }
	v, err := vault.Open(filepath.Join(t.TempDir(), "data.key"), true)
	o.must(err)
	log := &audit.Log{DB: db, Vault: v, Now: now}
	people := &identity.Service{DB: db, Vault: v, Audit: log, Platform: &phones{used: map[string]bool{}}, Now: now}
	o.Service = &registry.Service{DB: db, Vault: v, Audit: log, Identity: people, Now: now}
	o.must(store.Tx(o.ctx, db, createIn(&[]model.Area{
		{Code: countyCode, Name: "测试县", Type: model.County, CreatedAt: start},
		{Code: streetCode, Name: "测试街道", Type: model.Street, Parent: countyCode, CreatedAt: start},
	})))
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) refuses(err error, want *fault.Error) {
	o.t.Helper()
	if !errors.Is(err, want) {
		o.t.Fatalf("got %v, want %s", err, want.Code)
	}
}

// refusesAt wants a refusal that names a place.
func (o *office) refusesAt(err error, location string) {
	o.t.Helper()
	var got *fault.Error
	if !errors.As(err, &got) || len(got.Fields) != 1 || got.Fields[0].Location != location {
		o.t.Fatalf("got %+v, want a fault at %s", err, location)
	}
}

func (o *office) number(query string, args ...any) int64 {
	o.t.Helper()
	var n int64
	o.must(o.db.Read(o.ctx).Raw(query, args...).Scan(&n).Error)
	return n
}

func (o *office) text(query string, args ...any) string {
	o.t.Helper()
	var s string
	o.must(o.db.Read(o.ctx).Raw(query, args...).Scan(&s).Error)
	return s
}

func (o *office) exec(statement string, args ...any) {
	o.t.Helper()
	o.must(store.Tx(o.ctx, o.db, func(tx *gorm.DB) error { return tx.Exec(statement, args...).Error }))
}

// heading is that of the lists in these tests.
var heading = []string{"社区", "小区名称", "楼栋", "单元", "楼层", "房号", "房屋用途", "专有部分面积", "面积来源", "产权人", "证件号码", "联系电话", "产权性质", "建成年份"}

// A home of a list; the fields that are not named are usual.
type row struct {
	community, estate, building, unit, floor, room, use, area, source, owners, numbers, phones, tenure, year string
}

func (r row) cells() []string {
	return []string{r.community, r.estate, r.building, r.unit, r.floor, r.room, r.use, r.area, r.source, r.owners, r.numbers, r.phones, r.tenure, r.year}
}

// home is a usual home.
func home(room string) row {
	return row{
		community: "新城社区", estate: "甲园", building: "1栋", unit: "1单元", floor: room[:1], room: room,
		use: "住宅", area: "80.50", source: "登记", tenure: "私有", year: "1996",
	}
}

// owned sets who owns a home.
func (r row) owned(owners, numbers string) row {
	r.owners, r.numbers = owners, numbers
	return r
}

func sheetOf(t testing.TB, rows ...row) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	write := func(n int, cells []string) {
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n), values); err != nil {
			t.Fatal(err)
		}
	}
	write(1, heading)
	for i, r := range rows {
		write(i+2, r.cells())
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (o *office) take(caller model.Caller, options registry.ImportOptions, rows ...row) (registry.Report, error) {
	o.t.Helper()
	list := sheetOf(o.t, rows...)
	return o.ImportRoster(o.ctx, caller, bytes.NewReader(list), int64(len(list)), options)
}

// enter imports sound rows for the street.
func (o *office) enter(rows ...row) registry.Report {
	o.t.Helper()
	report, err := o.take(street, registry.ImportOptions{AcceptValid: true}, rows...)
	o.must(err)
	return report
}

// door is the id of a home by its label.
func (o *office) door(label string) string {
	o.t.Helper()
	id := o.text("SELECT id FROM properties WHERE label = ?", label)
	if id == "" {
		o.t.Fatalf("no home %s", label)
	}
	return id
}

func (o *office) resident() model.Caller {
	o.t.Helper()
	r := model.Resident{ID: store.NewID(), Nickname: "居民", CreatedAt: o.now}
	o.must(store.Tx(o.ctx, o.db, createIn(&r)))
	return model.Caller{Kind: model.ResidentSession, ID: r.ID}
}

func (o *office) correct(label string, c registry.Correction) registry.Sheet {
	o.t.Helper()
	c.Reason = "补正"
	sheet, err := o.Correct(o.ctx, street, o.door(label), c)
	o.must(err)
	return sheet
}

// bind asks to be bound as owner by name and last six.
func (o *office) bind(who model.Caller, label, name, last6 string) (registry.Bound, error) {
	o.t.Helper()
	return o.request(who, registry.BindRequest{PropertyID: o.door(label), Name: name, IDLast6: last6, Relation: model.RelationOwner})
}

// request asks with the present privacy notice.
func (o *office) request(who model.Caller, r registry.BindRequest) (registry.Bound, error) {
	o.t.Helper()
	r.PrivacyVersion, _ = o.Identity.Privacy()
	return o.Bind(o.ctx, who, r)
}
