package evidence

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/emmansun/gmsm/sm3"
)

// A record is a text that can be read one way only, so that its digest stands
// for its meaning: the format on the first line, then a line for each field,
// "name length:value", the length in bytes.
type record []byte

func newRecord(format string) record {
	r := make(record, 0, 768)
	return append(append(r, format...), '\n')
}

func (r *record) field(name, value string) {
	b := append(append(*r, name...), ' ')
	b = strconv.AppendInt(b, int64(len(value)), 10)
	*r = append(append(append(b, ':'), value...), '\n')
}

func (r *record) number(name string, n int64) { r.field(name, strconv.FormatInt(n, 10)) }

func (r *record) yes(name string, value bool) { r.field(name, strconv.FormatBool(value)) }

const instantLayout = "2006-01-02T15:04:05.000Z"

func (r *record) instant(name string, t time.Time) { r.field(name, t.UTC().Format(instantLayout)) }

func (r record) digest() string { return digestOf(r) }

// digestOf is the SM3 digest (GB/T 32905) in small hexadecimal digits.
func digestOf(content []byte) string {
	sum := sm3.Sum(content)
	return hex.EncodeToString(sum[:])
}

// millisecond is an instant as databases keep it.
func millisecond(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
