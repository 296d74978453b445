package api

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"gongdi/service/fault"
)

// The years of instants that are taken. What lies outside no deed of an office
// has, some databases cannot keep, and RFC 3339 in Shanghai's time could not
// write it again: one such row would spoil every list that holds it.
const (
	firstYear = 1900
	lastYear  = 2199
)

var instant = reflect.TypeFor[time.Time]()

// holdsInstant reports whether somewhere in a type an instant is sent.
func holdsInstant(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == instant {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() { //nolint:exhaustive // the others hold nothing
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return holdsInstant(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).IsExported() && holdsInstant(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// refuseStray refuses instants outside the years that are taken, each by its place.
func refuseStray(in any) error {
	refusal := fault.ErrInvalid
	stray(reflect.ValueOf(in), "", func(location string) {
		refusal = refusal.At(location, fmt.Sprintf("时间应在 %d 年至 %d 年之间", firstYear, lastYear))
	})
	if len(refusal.Fields) > 0 {
		return refusal
	}
	return nil
}

func stray(v reflect.Value, at string, found func(location string)) {
	if v.Type() == instant {
		if year := v.Interface().(time.Time).Year(); year < firstYear || year > lastYear {
			found(at)
		}
		return
	}
	switch v.Kind() { //nolint:exhaustive // the others hold nothing
	case reflect.Pointer:
		if !v.IsNil() {
			stray(v.Elem(), at, found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			stray(v.Index(i), fmt.Sprintf("%s[%d]", at, i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !leftOut(f, v.Field(i)) {
				stray(v.Field(i), placeOf(f, at), found)
			}
		}
	}
}

// leftOut reports whether an instant that need not be there is not.
func leftOut(f reflect.StructField, v reflect.Value) bool {
	if f.Type != instant || !v.IsZero() {
		return false
	}
	_, query := f.Tag.Lookup("query")
	return query || strings.Contains(f.Tag.Get("json"), ",omit")
}

func placeOf(f reflect.StructField, at string) string {
	if name, query := f.Tag.Lookup("query"); query {
		return "query." + name
	}
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case at == "" && f.Name == "Body":
		return "body"
	case f.Anonymous && name == "":
		return at
	case name == "":
		name = f.Name
	}
	return at + "." + name
}
