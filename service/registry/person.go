package registry

import (
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// person is one owner as the office reads them. Sound is false for a number
// that keeps no standard: it is kept, but joins no homes.
type person struct {
	ID       string          `json:"id"`
	Kind     model.OwnerKind `json:"kind"`
	Name     string          `json:"name"`
	Document string          `json:"document,omitempty"`
	Sound    bool            `json:"sound,omitempty"`
	Phone    string          `json:"phone,omitempty"`
	ShareNum int64           `json:"share_num,omitempty"`
	ShareDen int64           `json:"share_den,omitempty"`
}

var nameMarks = strings.NewReplacer("·", "", "•", "", "・", "", "‧", "", "∙", "", ".", "", "．", "")

// nameKey is a name as it is compared: one width, no spaces, and without the
// point within names such as 阿依古丽·买买提.
func nameKey(name string) string { return nameMarks.Replace(rule.Fold(name)) }

// How much of a number's end a resident tells, and staff look for.
const (
	tailLength = 6
	endLength  = 4
)

// ending is the end of a number; empty of a shorter one.
func ending(number string, length int) string {
	if len(number) < length {
		return ""
	}
	return strings.ToUpper(number[len(number)-length:])
}

// ends are the digests of the last four of a person's phone, without its
// extension, and document number.
func (s *Service) ends(p person) (phone, document string) {
	line, _, _ := strings.Cut(p.Phone, "-")
	phone = s.Vault.Index(ownerPhoneEnd, ending(line, endLength))
	if !p.several() {
		document = s.Vault.Index(ownerNumberEnd, ending(p.Document, endLength))
	}
	return phone, document
}

// seal makes the row of an owner.
func (s *Service) seal(p person, propertyID string, position int) model.Owner {
	o := model.Owner{
		ID: p.ID, PropertyID: propertyID, Position: position, Kind: p.Kind,
		Name: s.Vault.Seal(ownerName, p.Name), NameIndex: s.nameIndex(p.Name), NameMasked: p.masked(),
		Document: s.Vault.Seal(ownerNumber, p.Document), Phone: s.Vault.Seal(ownerPhone, p.Phone),
		PhoneIndex: s.Vault.Index(ownerPhone, p.Phone), ShareNum: p.ShareNum, ShareDen: p.ShareDen,
	}
	if o.ID == "" {
		o.ID = store.NewID()
	}
	if p.Sound {
		o.DocumentIndex = s.Vault.Index(ownerNumber, p.Document)
	}
	if !p.several() {
		o.DocumentTailIndex = s.Vault.Index(ownerTail, ending(p.Document, tailLength))
	}
	o.PhoneEndIndex, o.DocumentEndIndex = s.ends(p)
	return o
}

// several reports whether what stands as the number is a cell with more than one.
func (p person) several() bool {
	return len(p.Document) > 18 || strings.ContainsAny(p.Document, " 、,，;；/")
}

func (p person) masked() string { return rule.MaskName(rule.Kind(p.Kind), p.Name) }

func (s *Service) nameIndex(name string) string { return NameIndex(s.Vault, name) }

// NameIndex is the digest under which owners of a name are found.
func NameIndex(v *vault.Vault, name string) string { return v.Index(ownerName, nameKey(name)) }

// reveal reads the row of an owner.
func (s *Service) reveal(o model.Owner) (p person, err error) {
	p = person{ID: o.ID, Kind: o.Kind, Sound: o.DocumentIndex != "", ShareNum: o.ShareNum, ShareDen: o.ShareDen}
	if p.Name, err = s.Vault.Reveal(ownerName, o.Name); err != nil {
		return p, err
	}
	if p.Document, err = s.Vault.Reveal(ownerNumber, o.Document); err != nil {
		return p, err
	}
	p.Phone, err = s.Vault.Reveal(ownerPhone, o.Phone)
	return p, err
}

// identify sets what follows from the number and the name.
func (p *person) identify(today quantity.Date) {
	kind, sound := rule.DocumentKind(p.Document, p.Name, today)
	p.Kind, p.Sound = model.OwnerKind(kind), sound
}

// same reports whether an owner is one of before. The number decides where both
// have a sound one, else the name; two numbers are two people.
func (p person) same(before person) bool {
	if p.Sound && before.Sound {
		return p.Document == before.Document
	}
	return nameKey(p.Name) == nameKey(before.Name)
}

// recognise gives to each owner the id of the same person before, because
// bindings and frozen rolls refer to it; pairs with one number go first. It
// returns who was before, by position; nil for a new one.
func recognise(now, before []person) []*person {
	found, taken := make([]*person, len(now)), make([]bool, len(before))
	match := func(same func(p, b person) bool) {
		for i := range now {
			for j := range before {
				if found[i] == nil && !taken[j] && same(now[i], before[j]) {
					found[i], taken[j] = &before[j], true
					now[i].ID = before[j].ID
				}
			}
		}
	}
	match(func(p, b person) bool { return p.Sound && b.Sound && p.Document == b.Document })
	match(person.same)
	return found
}
