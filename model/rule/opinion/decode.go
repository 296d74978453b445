package opinion

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrAnswers says that stored answers cannot be read.
var ErrAnswers = errors.New("answers that cannot be read")

// Encode writes answers as they are stored: one JSON object.
func Encode(answers Answers) (string, error) {
	text, err := json.Marshal(answers)
	if err != nil {
		return "", fmt.Errorf("encode answers: %w", err)
	}
	return string(text), nil
}

// Decode reads what Encode wrote, fast: a hundred thousand responses are read
// for one page of figures.
func Decode(text string) (Answers, error) {
	if strings.Contains(text, `\`) {
		answers := Answers{}
		if err := json.Unmarshal([]byte(text), &answers); err != nil {
			return nil, fmt.Errorf("decode answers: %w", err)
		}
		return answers, nil
	}
	r := reader{rest: text}
	answers := make(Answers, 12)
	if !r.take('{') {
		return nil, ErrAnswers
	}
	for !r.take('}') {
		code, ok := r.word()
		if !ok || !r.take(':') {
			return nil, ErrAnswers
		}
		if answers[code], ok = r.value(); !ok {
			return nil, ErrAnswers
		}
		if !r.take(',') && !strings.HasPrefix(r.rest, "}") {
			return nil, ErrAnswers
		}
	}
	return answers, nil
}

// reader reads JSON without escapes and blanks.
type reader struct{ rest string }

func (r *reader) take(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *reader) word() (string, bool) {
	if !r.take('"') {
		return "", false
	}
	word, rest, ok := strings.Cut(r.rest, `"`)
	r.rest = rest
	return word, ok
}

func (r *reader) value() (Value, bool) {
	switch {
	case strings.HasPrefix(r.rest, `"`):
		word, ok := r.word()
		return Value{Kind: Word, Text: word}, ok
	case r.take('['):
		return r.list()
	}
	end := strings.IndexAny(r.rest, ",}")
	if end < 0 {
		return Value{}, false
	}
	token := r.rest[:end]
	r.rest = r.rest[end:]
	if token == "true" || token == "false" {
		return Value{Kind: Flag, Yes: token == "true"}, true
	}
	n, err := ParseDecimal(token)
	return Value{Kind: Numeral, Number: n}, err == nil
}

func (r *reader) list() (Value, bool) {
	v := Value{Kind: List}
	for !r.take(']') {
		word, ok := r.word()
		if !ok {
			return v, false
		}
		v.Codes = append(v.Codes, word)
		if !r.take(',') && !strings.HasPrefix(r.rest, "]") {
			return v, false
		}
	}
	return v, true
}
