package api

import (
	"time"

	"gongdi/service/voting"
)

// WaitingPaper is an entry that waits for its second check, for whoever
// compares it with the scan.
type WaitingPaper struct {
	VoterID       string     `json:"voter_id"`
	Building      string     `json:"building"`
	Unit          string     `json:"unit"`
	Properties    []Home     `json:"properties"`
	Channel       string     `json:"channel" enum:"paper,proxy"`
	Choice        string     `json:"choice" enum:"agree,oppose,abstain,invalid"`
	Items         []string   `json:"items"`
	InvalidReason string     `json:"invalid_reason,omitempty"`
	SignedOn      string     `json:"signed_on" format:"date"`
	ReceivedAt    *time.Time `json:"received_at,omitempty"`
	EnteredAt     time.Time  `json:"entered_at"`
	Scans         []string   `json:"scan_file_ids"`
}

// Home is a home by what it is called.
type Home struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// WaitingPaperOf shapes an entry.
func WaitingPaperOf(p voting.WaitingPaper) WaitingPaper {
	out := WaitingPaper{
		VoterID: p.VoterID, Building: p.Building, Unit: p.Unit, Properties: []Home{}, Channel: string(p.Channel),
		Choice: string(p.Choice), Items: append([]string{}, p.Items...), InvalidReason: string(p.InvalidReason),
		SignedOn: string(p.SignedOn), ReceivedAt: TimeOf(p.ReceivedAt), EnteredAt: Time(p.CastAt), Scans: append([]string{}, p.Scans...),
	}
	for _, h := range p.Properties {
		out.Properties = append(out.Properties, Home{ID: h.PropertyID, Label: h.Label})
	}
	return out
}

// Confirmations asks for a batch of second checks.
type Confirmations struct {
	VoterIDs []string `json:"voter_ids" minItems:"1" maxItems:"200" uniqueItems:"true"`
}

// Checked is what became of one entry of a batch.
type Checked struct {
	VoterID  string `json:"voter_id"`
	Standing string `json:"standing,omitempty" enum:"counted,unconfirmed,conflict,invalid"`
	Code     string `json:"code,omitempty" doc:"why it could not be confirmed"`
	Detail   string `json:"detail,omitempty"`
}

// CheckedOf shapes the answer to a batch.
func CheckedOf(rows []voting.Checked) List[Checked] {
	return AllOf(rows, func(c voting.Checked) Checked {
		out := Checked{VoterID: c.VoterID, Standing: string(c.Standing)}
		if c.Refused != nil {
			out.Code, out.Detail = c.Refused.Code, c.Refused.Detail
		}
		return out
	})
}
