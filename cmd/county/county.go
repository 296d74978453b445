// Package county fills a database with a county that nobody lives in: estates,
// homes, votes, cases, money, projects and satisfaction of a year, for load
// tests and for the demo; its homes have no owners. It
// writes many rows at once and past the services, so its sealed results carry
// no signature and prove nothing.
package county

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
)

// Size says how large a county is made.
type Size struct {
	County     string // its code of six digits
	First      int    // the number of its first street, from which streets are numbered
	Streets    int
	Estates    int
	Homes      int // of an estate
	Until      time.Time
	Seed       uint64
	StreetName string // of the only one; «街道 n» when there are several
}

const communitiesOfStreet = 5

// Fill makes the county, an estate to a transaction, and ends early with the
// context. It tells after each how many estates there are.
func Fill(ctx context.Context, db *store.DB, size Size, made func(estates int)) (*History, error) {
	b := &builder{size: size, chance: rand.New(rand.NewPCG(size.Seed, 1)), history: &History{areas: map[string]bool{}}} //nolint:gosec // rows for tests
	if err := store.Tx(ctx, db, b.division); err != nil {
		return nil, fmt.Errorf("make the division: %w", err)
	}
	for i := range size.Estates {
		if err := ctx.Err(); err != nil {
			return b.history, err
		}
		street := size.First + i%size.Streets
		area := fmt.Sprintf("%s%03d%03d", size.County, street, 1+i/size.Streets%communitiesOfStreet)
		// fn may run again: what it draws, and what history notes, is made before.
		e := b.estate(i, area)
		if err := store.Tx(ctx, db, e.write); err != nil {
			return b.history, fmt.Errorf("make estate %d: %w", i, err)
		}
		made(i + 1)
	}
	return b.history, nil
}

type builder struct {
	size    Size
	chance  *rand.Rand
	history *History
	cases   int
}

func (b *builder) division(tx *gorm.DB) error {
	areas := []model.Area{}
	for s := range b.size.Streets {
		street := fmt.Sprintf("%s%03d", b.size.County, b.size.First+s)
		name := b.size.StreetName
		if name == "" {
			name = fmt.Sprintf("街道%d", b.size.First+s)
		}
		areas = append(areas, model.Area{Code: street, Name: name, Type: model.Street, Parent: b.size.County, CreatedAt: b.size.Until})
		for c := range communitiesOfStreet {
			areas = append(areas, model.Area{Code: fmt.Sprintf("%s%03d", street, c+1), Name: fmt.Sprintf("%s第%d社区", name, c+1), Type: model.Community, Parent: street, CreatedAt: b.size.Until})
		}
	}
	return tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(areas, 200).Error
}

// before is an instant so many days, and some hours, before the end.
func (b *builder) before(days int) time.Time {
	return b.size.Until.AddDate(0, 0, -days).Add(-time.Duration(b.chance.IntN(20)) * time.Hour).UTC().Truncate(time.Millisecond)
}

// estate draws the rows of one estate.
func (b *builder) estate(number int, area string) *rows {
	year := 1975 + b.chance.IntN(30)
	e := model.Estate{ID: store.NewID(), AreaCode: area, Name: fmt.Sprintf("模拟小区%04d", number+1), BuiltYear: &year, CreatedAt: b.before(360)}
	e.UpdatedAt = e.CreatedAt
	r := &rows{estate: e}
	b.renew(r)
	const perUnit, perBuilding = 20, 40
	for i := range b.size.Homes {
		if i%perBuilding == 0 {
			label := fmt.Sprintf("%d栋", i/perBuilding+1)
			r.buildings = append(r.buildings, model.Building{ID: store.NewID(), EstateID: e.ID, Label: label, SortKey: fmt.Sprintf("%06d", i/perBuilding+1)})
		}
		building := &r.buildings[len(r.buildings)-1]
		if i%perUnit == 0 {
			label := fmt.Sprintf("%d单元", i%perBuilding/perUnit+1)
			r.units = append(r.units, model.Unit{ID: store.NewID(), EstateID: e.ID, BuildingID: building.ID, Label: label, SortKey: label})
		}
		unit := &r.units[len(r.units)-1]
		floor, size := i%perUnit/2+1, quantity.Area(6000+b.chance.IntN(6000))
		room := fmt.Sprintf("%d%02d", floor, i%2+1)
		r.homes = append(r.homes, model.Property{
			ID: store.NewID(), EstateID: e.ID, BuildingID: building.ID, UnitID: unit.ID, Room: room, Label: building.Label + unit.Label + room,
			SortKey: fmt.Sprintf("%08d", i), Floor: &floor, Use: model.UseResidential, Area: &size, AreaSource: model.AreaRegistered, Version: 1,
			CreatedAt: e.CreatedAt, UpdatedAt: e.CreatedAt,
		})
	}
	b.vote(r, 20+b.chance.IntN(330), true)
	if number%3 == 0 {
		b.vote(r, 4+b.chance.IntN(8), false)
	}
	b.complain(r)
	b.pay(r)
	if number%5 == 0 {
		b.ask(r)
	}
	b.history.note(r)
	return r
}

// rows are an estate's, ready to be written.
type rows struct {
	estate     model.Estate
	excluded   bool // of the policy
	buildings  []model.Building
	units      []model.Unit
	homes      []model.Property
	motions    []model.Motion
	voters     []model.RollVoter
	rolled     []model.RollProperty
	ballots    []model.Ballot
	deliveries []model.Delivery
	results    []model.Result
	cases      []model.Complaint
	pledges    []model.Pledge
	parts      []model.PledgePart
	vouchers   []model.Voucher
	lines      []model.LedgerLine
	findings   []model.EstateFinding
	projects   []model.Project
	dates      []model.ProjectDate
	steps      []model.ProjectStep
	surveys    []model.Survey
	asked      []model.SurveyHome
	answers    []model.SurveyResponse
}

// many is how many rows one statement writes.
const many = 200

func (r *rows) write(tx *gorm.DB) error {
	if err := tx.Create(&r.estate).Error; err != nil {
		return err
	}
	for _, all := range []any{
		&r.buildings, &r.units, &r.homes, &r.motions, &r.voters, &r.rolled, &r.ballots, &r.deliveries, &r.results, &r.cases, &r.pledges, &r.parts, &r.vouchers, &r.lines,
		&r.findings, &r.projects, &r.dates, &r.steps, &r.surveys, &r.asked, &r.answers,
	} {
		if err := create(tx, all); err != nil {
			return err
		}
	}
	return nil
}

func create(tx *gorm.DB, all any) error {
	made := tx.CreateInBatches(all, many)
	if errors.Is(made.Error, gorm.ErrEmptySlice) {
		return nil
	}
	return made.Error
}
