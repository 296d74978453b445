package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/voting"
)

// town is a running server with motions before many voters.
type town struct {
	*apitest.House
	address string
	clerk   string
	tokens  []string              // of residents, each an owner of many homes
	motions []string              // open ones
	voters  map[string][][]string // by motion and resident
	client  *http.Client
}

const residents = 64

// found makes an estate of so many homes with motions over all of them, every
// home a voter of its own; the homes are shared out among the residents.
func found(b *testing.B, address string, homes, motions int) *town {
	b.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, address)
	apitest.Check(b, err)
	b.Cleanup(func() { apitest.Check(b, db.Close()) })
	t := &town{House: apitest.Open(b, db, nil), address: address, voters: map[string][][]string{}}
	t.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}
	t.clerk = t.Staff(model.RoleStreet, apitest.Street)
	ids := make([]string, residents)
	for i := range residents {
		t.tokens = append(t.tokens, t.Resident(fmt.Sprintf("bench-%02d", i)))
		ids[i] = t.Get(t.tokens[i], "/api/v1/me").Text("id")
	}
	estate := t.build(db, homes, ids)
	for i := range motions {
		t.open(db, estate, fmt.Sprintf("表决 %d", i), ids)
	}
	return t
}

func (t *town) build(db *store.DB, homes int, residents []string) string {
	estate, now := store.NewID(), time.Now().UTC()
	err := store.Tx(context.Background(), db, func(tx *gorm.DB) error {
		apitest.Check(t.T, tx.Create(&model.Estate{ID: estate, AreaCode: apitest.Street, Name: "测速小区", CreatedAt: now}).Error)
		var properties []model.Property
		var bindings []model.Binding
		var building, unit string
		for i := range homes {
			if i%200 == 0 {
				building = store.NewID()
				apitest.Check(t.T, tx.Create(&model.Building{ID: building, EstateID: estate, Label: fmt.Sprintf("%d栋", i/200+1)}).Error)
			}
			if i%50 == 0 {
				unit = store.NewID()
				apitest.Check(t.T, tx.Create(&model.Unit{ID: unit, EstateID: estate, BuildingID: building, Label: fmt.Sprintf("%d单元", i%200/50+1)}).Error)
			}
			area := quantity.Area(8000 + i%4000)
			p := model.Property{
				ID: store.NewID(), EstateID: estate, BuildingID: building, UnitID: unit, Room: fmt.Sprint(i), Label: fmt.Sprint(i),
				SortKey: fmt.Sprintf("%08d", i), Use: model.UseResidential, Area: &area, AreaSource: model.AreaRegistered, CreatedAt: now, UpdatedAt: now,
			}
			properties = append(properties, p)
			bindings = append(bindings, model.Binding{
				ID: store.NewID(), ResidentID: residents[i%len(residents)], PropertyID: p.ID, EstateID: estate,
				Relation: model.RelationOwner, Status: model.BindingVerified, Proof: model.ProofDocument, CreatedAt: now,
			})
		}
		apitest.Check(t.T, tx.CreateInBatches(properties, 300).Error)
		return tx.CreateInBatches(bindings, 300).Error
	})
	apitest.Check(t.T, err)
	return estate
}

// open publishes a motion and learns whose voters are whose.
func (t *town) open(db *store.DB, estate, title string, residents []string) {
	caller := model.Caller{Kind: model.StaffSession, Role: model.RoleStreet, AreaCode: apitest.Street}
	ctx := context.Background()
	m, err := t.Voting.Write(ctx, caller, voting.Draft{
		ScopeType: model.ScopeEstate, ScopeID: estate, Kind: model.Special, Title: title, Text: "是否同意",
		OpensAt: time.Now().Add(-time.Minute), ClosesAt: time.Now().Add(time.Hour),
	})
	apitest.Check(t.T, err)
	_, err = t.Voting.Publish(ctx, caller, m.ID)
	apitest.Check(t.T, err)
	var rows []struct{ ResidentID, VoterID string }
	apitest.Check(t.T, db.Read(ctx).Raw("SELECT b.resident_id, p.voter_id FROM roll_properties p JOIN bindings b ON b.property_id = p.property_id WHERE p.motion_id = ?", m.ID).Scan(&rows).Error)
	at := map[string]int{}
	for i, id := range residents {
		at[id] = i
	}
	own := make([][]string, len(residents))
	for _, r := range rows {
		own[at[r.ResidentID]] = append(own[at[r.ResidentID]], r.VoterID)
	}
	t.voters[m.ID] = own
	t.motions = append(t.motions, m.ID)
}

// send is one request of a phone, as lean as a client can be.
func (t *town) send(method, token, path, body string, want int, header ...string) error {
	request, err := http.NewRequestWithContext(context.Background(), method, t.URL+path, bytes.NewBufferString(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := t.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != want {
		err = fmt.Errorf("%d %s", response.StatusCode, content)
	}
	return err
}

// engines runs a benchmark on SQLite and on the server that is there.
func engines(b *testing.B, run func(b *testing.B, address string)) {
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLiteAddress(b)) })
	if dsn := os.Getenv("GONGDI_TEST_MYSQL"); dsn != "" {
		b.Run("mysql", func(b *testing.B) { run(b, dbtest.ServerAddress(b)) })
	}
}

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // a server's log goes to a file, not to a screen
	os.Exit(m.Run())
}
