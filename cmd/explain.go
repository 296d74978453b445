package cmd

import (
	"errors"
	"fmt"

	"gongdi/service/fault"
)

// explained says a refusal in words, where a command has no problem answer.
func explained(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	text := f.Detail
	for _, field := range f.Fields {
		text += fmt.Sprintf("\n  %s：%s", field.Location, field.Message)
	}
	return fmt.Errorf("%s (%s)", text, f.Code)
}
