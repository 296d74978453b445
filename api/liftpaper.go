package api

import (
	"time"

	"gongdi/model"
	"gongdi/service/lifts"
)

// LiftSignatureBody is a declaration of one home on one version.
type LiftSignatureBody struct {
	ID         string           `json:"id"`
	PropertyID string           `json:"property_id"`
	Version    int              `json:"agreement_version"`
	Accept     bool             `json:"accept"`
	Status     string           `json:"status" enum:"signed,unconfirmed,taken_back"`
	Channel    string           `json:"channel" enum:"phone,paper"`
	SignedOn   string           `json:"signed_on" format:"date"`
	At         time.Time        `json:"at"`
	Receipt    *LiftReceiptBody `json:"receipt,omitempty" doc:"of a declaration on the phone"`
}

// LiftReceiptBody is the office's signed receipt of a declaration.
type LiftReceiptBody struct {
	Text      string `json:"text" doc:"what is signed"`
	Signature string `json:"signature" doc:"SM2 with SM3, DER in base64"`
}

// LiftSignature shows a declaration.
func LiftSignature(s *model.LiftSignature) LiftSignatureBody {
	b := LiftSignatureBody{
		ID: s.ID, PropertyID: s.PropertyID, Version: s.Version, Accept: s.Accept, Status: "signed", Channel: s.Channel, SignedOn: string(s.SignedOn), At: Time(s.At),
	}
	switch {
	case !s.Stands():
		b.Status = "unconfirmed"
	case !s.Accept:
		b.Status = "taken_back"
	}
	if s.Receipt != "" {
		b.Receipt = &LiftReceiptBody{Text: lifts.ReceiptText(s), Signature: s.Receipt}
	}
	return b
}

// LiftStateBody is how far the agreement on a version has come.
type LiftStateBody struct {
	Version int    `json:"version"`
	Verdict string `json:"verdict" enum:"none,pending,passed,not_passed,undetermined" doc:"of the owners' vote on this version"`
	Formed  bool   `json:"formed" doc:"all who pay have signed"`
	InForce bool   `json:"in_force" doc:"and the vote has passed it, and whoever's own part is occupied consents"`
	Paying  int    `json:"paying"`
	Signed  int    `json:"signed" doc:"of those who pay"`
	Waiting int    `json:"waiting" doc:"papers that are still to be compared"`

	Homes []LiftHomeStateBody `json:"homes"`
}

// LiftHomeStateBody is where one home stands.
type LiftHomeStateBody struct {
	LiftShareBody
	Signed    bool               `json:"signed"`
	Consents  bool               `json:"consents" doc:"or its consent is not needed"`
	Agreement *LiftSignatureBody `json:"agreement,omitempty"`
	Consent   *LiftSignatureBody `json:"consent,omitempty"`
	Paper     *LiftSignatureBody `json:"paper,omitempty" doc:"still to be compared"`
}

// LiftState shows how far an agreement has come.
func LiftState(s *lifts.State) LiftStateBody {
	b := LiftStateBody{
		Version: s.Plan.As.Version, Verdict: string(s.Verdict), Formed: s.Formed(), InForce: s.InForce(), Waiting: s.Waiting, Homes: make([]LiftHomeStateBody, 0, len(s.Homes)),
	}
	for i := range s.Homes {
		h := &s.Homes[i]
		if h.Share.Fen > 0 {
			b.Paying++
			if h.Signed() {
				b.Signed++
			}
		}
		b.Homes = append(b.Homes, LiftHomeStateBody{
			LiftShareBody: LiftShare(h.Share), Signed: h.Signed(), Consents: h.Consents(),
			Agreement: signatureOf(h.Agreement), Consent: signatureOf(h.Consent), Paper: signatureOf(h.Paper),
		})
	}
	return b
}

func signatureOf(s *model.LiftSignature) *LiftSignatureBody {
	if s == nil {
		return nil
	}
	b := LiftSignature(s)
	b.Receipt = nil // it is whose it is
	return &b
}
