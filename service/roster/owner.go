package roster

import (
	"slices"

	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
)

const documentLimit = 500

// people are the cells of a row that say whose the home is.
type people struct {
	names       []string
	documents   []string
	phones      []string
	phonesSound bool
	raw         string // the documents' cell
	today       quantity.Date
}

func (s *sheet) people(r *record) people {
	names := r.text[owner]
	if s.columns.at[owner] < 0 {
		names = r.text[household]
	}
	p := people{documents: rule.Documents(r.text[document]), raw: r.text[document], today: s.options.Today}
	p.names = rule.Names(names, len(p.documents))
	p.phones, p.phonesSound = rule.Phones(r.text[phone])
	return p
}

// fault is the first error of a row's owners. No number at all is none.
func (p *people) fault() (Code, field) {
	switch {
	case len(p.names) == 0:
		return OwnerMissing, owner
	case p.unsound():
		return IDNumberInvalid, document
	case p.mismatched():
		return OwnerIDMismatch, document
	}
	return "", unknown
}

func (p *people) unsound() bool {
	return slices.ContainsFunc(p.documents, func(d string) bool {
		_, sound := rule.DocumentKind(d, "", p.today)
		return !sound
	})
}

func (p *people) mismatched() bool {
	return len(p.documents) > 0 && len(p.documents) != len(p.names)
}

// own gives names, numbers and phones to owners in the order in which they are
// written. Numbers that differ from the names in count are given to nobody.
func (p *people) own(row *Row) {
	for i, name := range p.names {
		o := Owner{Name: name}
		if !p.mismatched() && i < len(p.documents) {
			o.Document = p.documents[i]
		}
		o.Kind, o.DocumentSound = rule.DocumentKind(o.Document, name, p.today)
		if i < len(p.phones) {
			o.Phone = p.phones[i]
		}
		row.Owners = append(row.Owners, o)
	}
	row.SparePhones = p.phones[min(len(p.names), len(p.phones)):]
	if p.unsound() || p.mismatched() {
		row.RawDocument = rule.Clean(p.raw, documentLimit)
	}
}
