package registry

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/roster"
)

// line is a row of a list that names a home: where it is, and what the list
// says of it. The home's Incomplete is the row's finding.
type line struct {
	sheet             string
	number            int
	community, estate string
	place             rule.Home
	printed           string
	builtYear         int
	home              home
	digest            string // keyed, of all that the list says
}

// paper is a list that was read.
type paper struct {
	lines  []line
	report Report
}

// Columns of the registry that a list could overflow.
const (
	labelLimit  = 64
	floorLimit  = 32
	numberLimit = 300
)

func (s *Service) reading(o ImportOptions) roster.Options {
	return roster.Options{Today: quantity.DateOf(s.Now()), BuiltThrough: s.BuiltUntil, FileName: o.FileName}
}

func (s *Service) read(ctx context.Context, src io.ReaderAt, size int64, o ImportOptions) (*paper, error) {
	p := &paper{}
	report, err := roster.Read(ctx, src, size, s.reading(o), func(row roster.Row) error {
		if row.Sound() || row.Incomplete() {
			p.lines = append(p.lines, lineOf(&row))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.report = reportOf(report)
	var failed error
	var once sync.Once
	parallel(len(p.lines), func(i int) {
		if err := s.digest(&p.lines[i]); err != nil {
			once.Do(func() { failed = err })
		}
	})
	return p, failed
}

// parallel does independent pieces of work on all cores.
func parallel(n int, work func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				work(i)
			}
		})
	}
	group.Wait()
}

func (s *Service) digest(l *line) error {
	text, err := l.home.text()
	if err != nil {
		return err
	}
	l.digest = s.Vault.Index(listLine, fmt.Sprintf("1 %q %s", l.printed, text))
	return nil
}

func lineOf(row *roster.Row) line {
	l := line{
		sheet: row.Sheet, number: row.Number, community: row.Community, estate: row.Estate,
		place: rule.Home{
			Building: rule.Clean(row.Building, labelLimit),
			Unit:     rule.Clean(row.Unit, labelLimit),
			Room:     rule.Clean(row.Room, labelLimit),
		},
		printed: row.Printed.Building + row.Printed.Unit + row.Printed.Room,
		home: home{
			Area: row.Area, AreaSource: model.AreaSource(row.AreaSource),
			Floor: row.Floor, FloorPrinted: rule.Clean(row.FloorLabel, floorLimit), Use: model.Use(row.Use),
			Certificate: row.Certificate, Tenure: model.Tenure(row.Tenure), Note: row.Note,
		},
	}
	if row.BuiltYear != nil {
		l.builtYear = *row.BuiltYear
	}
	if row.Finding != nil {
		l.home.Incomplete = string(row.Finding.Code)
	}
	l.people(row)
	return l
}

// people takes the owners over. What cannot be told to whom it belongs is kept
// where the office finds it: numbers with the first owner, unsound; further
// phones in the note.
func (l *line) people(row *roster.Row) {
	numbered := false
	for _, o := range row.Owners {
		numbered = numbered || o.Document != ""
		l.home.Owners = append(l.home.Owners, person{
			Kind: model.OwnerKind(o.Kind), Name: o.Name, Document: o.Document, Sound: o.DocumentSound, Phone: o.Phone,
		})
	}
	phones := slices.Clone(row.SparePhones)
	if mobile := slices.IndexFunc(phones, rule.IsMobile); len(l.home.Owners) == 1 && mobile >= 0 && !rule.IsMobile(l.home.Owners[0].Phone) {
		l.home.Owners[0].Phone, phones[mobile] = phones[mobile], l.home.Owners[0].Phone
	}
	if row.RawDocument != "" && !numbered {
		if len(l.home.Owners) > 0 {
			l.home.Owners[0].Document = rule.Clean(row.RawDocument, numberLimit)
		} else {
			l.remark("证件号码", row.RawDocument)
		}
	}
	if len(phones) > 0 {
		l.remark("其他电话", strings.Join(phones, "、"))
	}
}

func (l *line) remark(what, text string) {
	l.home.Note = strings.TrimPrefix(l.home.Note+"；"+what+"："+text, "；")
}

func (l *line) key() string { return rule.Key(l.place.Building, l.place.Unit, l.place.Room) }
