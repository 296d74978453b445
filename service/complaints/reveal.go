package complaints

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// unseal reads what is sealed, masked for the reader.
func (s *Service) unseal(caller model.Caller, o *Opened) error {
	var errs [5]error
	o.Said, errs[0] = s.Vault.Reveal(caseWords, o.Words)
	o.Where, errs[1] = s.Vault.Reveal(casePlace, o.Place)
	o.Contact, errs[2] = s.Vault.Reveal(contactName, o.ContactName)
	o.Phone, errs[3] = s.Vault.Reveal(contactPhone, o.ContactPhone)
	o.RatingSaid, errs[4] = s.Vault.Reveal(ratingWords, o.RatingWords)
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	if caller.Kind == model.ResidentSession {
		o.Phone = roster.MaskPhone(o.Phone)
		return nil
	}
	o.Contact, o.Phone = roster.MaskName(roster.Person, o.Contact), roster.MaskPhone(o.Phone)
	if caller.Role == model.RoleDepartment {
		o.Said, o.Where, o.RatingSaid = mask(o.Said), mask(o.Where), mask(o.RatingSaid)
		o.ResidentID = ""
		if o.Anonymous {
			o.Contact, o.Phone = "", ""
		}
	}
	return nil
}

var personal = regexp.MustCompile(`[0-9]{17}[0-9Xx]|1[3-9][0-9]{9}`)

// mask hides the numbers that a text mentions: phones and document numbers.
func mask(text string) string {
	return personal.ReplaceAllStringFunc(text, func(number string) string {
		if len(number) > 11 {
			return roster.MaskDocument(number)
		}
		return roster.MaskPhone(number)
	})
}

// Revealed is what a case keeps hidden.
type Revealed struct {
	Said, Where, Contact, Phone string
}

// Reveal shows the words and the contact of a case in full, for a purpose that
// goes into the audit log with who asked. To a department an anonymous contact
// stays so.
func (s *Service) Reveal(ctx context.Context, caller model.Caller, c *model.Complaint, purpose string) (Revealed, error) {
	if strings.TrimSpace(purpose) == "" {
		return Revealed{}, fault.ErrInvalid.At("body.reason", "请填写用途")
	}
	var out Revealed
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var errs [4]error
		out.Said, errs[0] = s.Vault.Reveal(caseWords, c.Words)
		out.Where, errs[1] = s.Vault.Reveal(casePlace, c.Place)
		out.Contact, errs[2] = s.Vault.Reveal(contactName, c.ContactName)
		out.Phone, errs[3] = s.Vault.Reveal(contactPhone, c.ContactPhone)
		if err := errors.Join(errs[:]...); err != nil {
			return fmt.Errorf("reveal case %s: %w", c.ID, err)
		}
		if caller.Role == model.RoleDepartment && c.Anonymous {
			out.Contact, out.Phone, out.Said = "", "", mask(out.Said)
		}
		return s.record(ctx, tx, caller, model.RevealCase, c, "contact", purpose)
	})
	return out, err
}
