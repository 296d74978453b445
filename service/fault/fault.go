// Package fault is the vocabulary of what can be told to a person: an error
// with a stable code for programs and a Chinese sentence for people. Any other
// error is ours to mend and is never shown.
package fault

import (
	"maps"
	"time"
)

// Kind says what sort of refusal an error is. The API turns it into a status;
// nothing else does.
type Kind int

// The kinds, in the order of the API's statuses.
const (
	Unreadable      Kind = iota + 1 // cannot be read at all
	Unauthenticated                 // nobody, or no longer anybody
	Forbidden                       // somebody else's to do
	NotFound                        // not there, or not visible to the caller
	Conflict                        // the state does not allow it
	TooLarge                        // above a limit of size
	Invalid                         // readable but wrong
	TooMany                         // tried too often
	Unavailable                     // a service we depend on does not answer
)

// Field is one wrong place in what was sent: a location such as
// "body.closes_at" and a sentence in Chinese.
type Field struct {
	Location string
	Message  string
}

// Error is a refusal that a person may read. Declare it once, as a sentinel,
// at the top of the file that returns it; errors.Is compares by Code.
type Error struct {
	Kind       Kind
	Code       string
	Detail     string
	Fields     []Field
	RetryAfter time.Duration
	Extra      map[string]any // further members of the problem answer
}

// New makes a sentinel.
func New(kind Kind, code, detail string) *Error {
	return &Error{Kind: kind, Code: code, Detail: detail}
}

// Error gives the code: what is logged says no more than that.
func (e *Error) Error() string { return e.Code }

// Is reports whether target is the same refusal, whatever it was decorated with.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At returns a copy that names a wrong place.
func (e *Error) At(location, message string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{Location: location, Message: message})
	return &c
}

// After returns a copy that says when to try again.
func (e *Error) After(wait time.Duration) *Error {
	c := *e
	c.RetryAfter = wait
	return &c
}

// Carrying returns a copy with a further member of the problem answer.
func (e *Error) Carrying(name string, value any) *Error {
	c := *e
	c.Extra = maps.Clone(e.Extra)
	if c.Extra == nil {
		c.Extra = map[string]any{}
	}
	c.Extra[name] = value
	return &c
}

// Refusals that every capability shares.
var (
	ErrNotFound  = New(NotFound, "not_found", "没有找到，或者您无权查看")
	ErrForbidden = New(Forbidden, "forbidden", "您没有权限进行这项操作")
	ErrInvalid   = New(Invalid, "invalid_request", "填写的内容有误，请检查后重试")
)

// Unknown says that a body names something that is not there.
func Unknown(location, message string) *Error { return ErrInvalid.At(location, message) }
