package api

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"gongdi/model/quantity"
)

// Area is an area in a body: a JSON number of square metres with at most two
// decimals.
type Area quantity.Area

// MarshalJSON writes two decimals.
func (a Area) MarshalJSON() ([]byte, error) { return quantity.Area(a).MarshalJSON() }

// UnmarshalJSON reads exactly, and no more than a home can have.
func (a *Area) UnmarshalJSON(b []byte) error {
	v, err := quantity.ParseArea(string(b))
	if err == nil {
		*a = Area(v)
	}
	return err
}

// Schema describes it.
func (Area) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Description: "square metres, at most two decimals", Examples: []any{86.52}}
}

// Degree is an angle on a map as a JSON number.
type Degree quantity.Degree

// MarshalJSON writes six decimals.
func (d Degree) MarshalJSON() ([]byte, error) { return []byte(quantity.Degree(d).String()), nil }

// UnmarshalJSON reads to a millionth.
func (d *Degree) UnmarshalJSON(b []byte) error {
	v, err := quantity.ParseDegree(string(b))
	if err == nil {
		*d = Degree(v)
	}
	return err
}

// Schema describes it.
func (Degree) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Description: "degrees in GCJ-02, as WeChat's maps use them; six decimals count", Examples: []any{106.223456}}
}

// AreaOf gives an area that may be unknown.
func AreaOf(a *quantity.Area) *Area { return (*Area)(a) }

// Maybe is an object that may be null: it is there, and says nothing yet.
type Maybe[T any] struct{ Value *T }

// Some is an object that is there.
func Some[T any](value T) Maybe[T] { return Maybe[T]{&value} }

// MarshalJSON writes the object or null.
func (m Maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.Value) }

// Schema describes it.
func (Maybe[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// Time gives an instant as it is sent out: in the office's zone.
func Time(t time.Time) time.Time { return t.In(quantity.Shanghai).Truncate(time.Millisecond) }

// TimeOf gives an instant that may not have come.
func TimeOf(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	out := Time(*t)
	return &out
}

// Page is what a list is asked for.
type Page struct {
	Page     int `query:"page" default:"1" minimum:"1" maximum:"1000000" doc:"which page, from 1"`
	PageSize int `query:"page_size" default:"50" minimum:"1" maximum:"200" doc:"how many to a page"`
}

// Offset is how many come before the page.
func (p Page) Offset() int { return (p.Page - 1) * p.PageSize }

// List is how a list is answered: a page of it, and how many there are.
type List[T any] struct {
	Items []T   `json:"items"`
	Total int64 `json:"total"`
}

// ListOf shapes rows into a list; no rows are an empty one.
func ListOf[Row, T any](rows []Row, total int64, shape func(Row) T) List[T] {
	list := List[T]{Items: make([]T, 0, len(rows)), Total: total}
	for _, row := range rows {
		list.Items = append(list.Items, shape(row))
	}
	return list
}

// AllOf shapes rows that are all there are.
func AllOf[Row, T any](rows []Row, shape func(Row) T) List[T] {
	return ListOf(rows, int64(len(rows)), shape)
}

// Body wraps what a handler answers with.
type Body[T any] struct{ Body T }

// Answer wraps a value for a handler to return.
func Answer[T any](value T) *Body[T] { return &Body[T]{Body: value} }

// Nothing is the answer of a call that has none.
type Nothing struct{}

// Save answers with a document that write makes.
func Save(mediaType, name string, write func(w io.Writer) error) (*File, error) {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return nil, err
	}
	return &File{
		ContentType: mediaType, ContentDisposition: `attachment; filename="` + name + `"`, Body: content.Bytes(),
	}, nil
}

// File is a document to save.
type File struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Body               []byte
}
