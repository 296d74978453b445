package server_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"gongdi/api"
	"gongdi/api/apitest"
)

// TestAFailureOfOursSaysNothingOfItself fails routes in every way there is:
// what answers is a sentence for people, never the error.
func TestAFailureOfOursSaysNothingOfItself(t *testing.T) {
	h := apitest.SQLite(t)
	for _, c := range []struct {
		name   string
		fail   func() error
		status int
		code   string
	}{
		{"panics", func() error { panic("张三 110101") }, 500, "internal_error"},
		{"fails", func() error { return errors.New("张三 110101") }, 500, "internal_error"},
		{"runs out of time", func() error { return context.DeadlineExceeded }, 503, "timeout"},
	} {
		api.Handle(h.API, api.Route{Method: http.MethodGet, Path: "/api/v1/" + c.code + c.name[:1], Who: api.Anyone, Name: c.name},
			func(context.Context, *struct{}) (*struct{}, error) { return nil, c.fail() })
		answer := h.Get("", "/api/v1/"+c.code+c.name[:1]).Code(c.status, c.code)
		if answer.Header.Get("Content-Type") != "application/problem+json" || len(answer.Body) > 5 {
			t.Errorf("%s: %s", c.name, answer.Raw)
		}
	}
}
