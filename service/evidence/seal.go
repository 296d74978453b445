package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Seal is a signed result as it is kept: the exact text and what proves it.
type Seal struct {
	Text      string // of the Sealed, to the byte
	Signature string // on Text
	KeyName   string
	PublicKey string // PEM
}

// Seal signs a result. What it signs names the key.
func (k *Key) Seal(s Sealed) (Seal, error) {
	s.Format = resultFormat
	s.Motion = s.Motion.normal()
	s.Key = KeyName{Name: k.Name, Fingerprint: k.fingerprint}
	text, err := written(s)
	if err != nil {
		return Seal{}, fmt.Errorf("write the result: %w", err)
	}
	signature, err := k.Sign(text)
	return Seal{Text: string(text), Signature: signature, KeyName: k.Name, PublicKey: k.public.PEM()}, err
}

var errNotAsWritten = errors.New("not as this program writes it")

// ParseSealed reads the text of a Seal. It refuses a text that is not, to the
// byte, what this program writes.
func ParseSealed(text string) (Sealed, error) {
	var s Sealed
	if err := read([]byte(text), &s); err != nil {
		return Sealed{}, fmt.Errorf("read the result: %w", err)
	}
	return s, nil
}

// written is the one text of a value in JSON, for people to read.
func written(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func read[T any](text []byte, value *T) error {
	if err := json.Unmarshal(text, value); err != nil {
		return err
	}
	again, err := written(value)
	if err == nil && !bytes.Equal(again, text) {
		err = errNotAsWritten
	}
	return err
}
