package registry_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"gorm.io/gorm"

	"gongdi/service/registry"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// found are the doors of the people whom a word finds.
func (o *office) found(q string) (doors []string) {
	o.t.Helper()
	people, err := o.FindPeople(o.ctx, street, q, 50)
	o.must(err)
	for _, p := range people {
		doors = append(doors, p.Label)
	}
	slices.Sort(doors)
	return doors
}

const roomOf = "1栋1单元"

func TestWhichEndsFindSomebody(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		landline, several, unsound, twins := home("102").owned("吴某某", wu), home("103").owned("赵某某", li+"、"+zhou), home("104").owned("钱某某", "护照E1234567"), home("105").owned("孙某某、周某某", "")
		landline.phones, twins.phones = "0857-7224321转801", "19900008888、19900018888"
		unsound.phones = "9876543210987" // kept as written, and found all the same
		one := home("101").owned("李某某", "11010519491231002X")
		one.phones = "19900000001"
		o.enter(one, landline, several, unsound, twins)
		for q, want := range map[string][]string{
			"0001": {roomOf + "101"}, "002X": {roomOf + "101"}, "002x": {roomOf + "101"}, "２x": nil, "００２ｘ": {roomOf + "101"},
			"4321": {roomOf + "102"}, "0987": {roomOf + "104"}, "-801": nil, wu[14:]: {roomOf + "102"}, zhou[14:]: nil, "4567": {roomOf + "104"}, "8888": {roomOf + "105", roomOf + "105"},
			"": nil, "    ": nil, "____": nil, "%%%%": nil, "号码": nil, "😀": nil,
		} {
			if got := o.found(q); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", q, got, want)
			}
		}
		if people, err := o.FindPeople(o.ctx, street, "8888", 1); err != nil || len(people) != 1 {
			t.Errorf("%v, %v, want no more than asked for", people, err)
		}
	})
}

// TestWhatCannotBeOpenedHoldsNoOtherUp keys rows from before, one of which is
// damaged, and goes on when it is mended.
func TestWhatCannotBeOpenedHoldsNoOtherUp(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		broken := o.owner(door, 1)
		sealed := o.text("SELECT phone FROM owners WHERE id = ?", broken)
		o.exec("UPDATE owners SET phone_end_index = NULL, document_end_index = NULL")
		o.exec("UPDATE owners SET phone = '1:k1:AAAA' WHERE id = ?", broken)
		if err := o.KeyEnds(o.ctx); !errors.Is(err, vault.ErrTorn) {
			t.Errorf("%v", err)
		}
		if got, other := o.found("0001"), o.found("0002"); len(got) != 0 || len(other) != 1 || len(o.found("0Y43")) != 1 {
			t.Errorf("%v %v", got, other)
		}
		o.exec("UPDATE owners SET phone = ? WHERE id = ?", sealed, broken)
		o.must(o.KeyEnds(o.ctx))
		if got := o.found("0001"); !slices.Equal(got, []string{door}) {
			t.Errorf("%v", got)
		}
		if n := o.number("SELECT COUNT(*) FROM owners WHERE phone_end_index IS NULL OR document_end_index IS NULL"); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// TestAChangeMeanwhileStands keys again and again while the office changes a
// phone: what is found is what is kept.
func TestAChangeMeanwhileStands(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		const forget = "UPDATE owners SET phone_end_index = NULL, document_end_index = NULL"
		var keying sync.WaitGroup
		for range 2 {
			keying.Go(func() {
				for range 10 {
					err := store.Tx(o.ctx, o.db, func(tx *gorm.DB) error { return tx.Exec(forget).Error })
					if err = errors.Join(err, o.KeyEnds(o.ctx)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		ends := []string{"7001", "7002", "7003", "7004", "7005"}
		for _, end := range ends {
			o.correct(neighbour, registry.Correction{Owners: []registry.OwnerCorrection{{Name: "某某商贸有限公司", Phone: ptr("1990000" + end)}}})
		}
		keying.Wait()
		o.must(o.KeyEnds(o.ctx))
		for i, end := range ends {
			if got := o.found(end); (len(got) == 1) != (i == len(ends)-1) {
				t.Errorf("%s finds %v", end, got)
			}
		}
	})
}
