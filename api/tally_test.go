package api_test

import (
	"encoding/json"
	"testing"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/voting"
)

// TestResidentsSeeNoSmallChannel nor level of proof, the office sees all.
func TestResidentsSeeNoSmallChannel(t *testing.T) {
	heads := func(n int64) vote.Count { return vote.Count{Heads: n} }
	tally := &voting.Tally{
		Open: true,
		Channels: []voting.Channel{
			{Channel: vote.Online, Totals: vote.Totals{Agree: heads(9)}}, {Channel: vote.Paper, Totals: vote.Totals{Oppose: heads(5)}},
			{Channel: vote.Proxy, Totals: vote.Totals{Oppose: heads(1)}},
		},
		Proofs: []voting.ProofCount{{Proof: model.ProofDocument, Count: heads(10)}, {Proof: model.ProofPaper, Count: heads(5)}},
	}
	for _, c := range []struct {
		residents bool
		hidden    map[string]bool
	}{
		{true, map[string]bool{"paper": true, "proxy": true}},
		{false, nil},
	} {
		pages := api.TallyPages{ForResidents: c.residents}
		answer, err := pages.Answer("m", tally, "")
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			ByChannel []struct {
				Channel       string          `json:"channel"`
				Withheld      bool            `json:"withheld"`
				Participating json.RawMessage `json:"participating"`
				Oppose        json.RawMessage `json:"oppose"`
			} `json:"by_channel"`
			ByProof []struct {
				Withheld bool `json:"withheld"`
			} `json:"by_proof"`
		}
		if err := json.Unmarshal(answer.Body, &page); err != nil {
			t.Fatal(err)
		}
		for _, channel := range page.ByChannel {
			hidden := c.hidden[channel.Channel]
			if channel.Withheld != hidden || (string(channel.Participating) == "null") != hidden || (string(channel.Oppose) == "null") != hidden {
				t.Errorf("for residents %v: %+v", c.residents, channel)
			}
		}
		if len(page.ByChannel) != 3 || len(page.ByProof) != 2 || page.ByProof[0].Withheld {
			t.Errorf("%s", answer.Body)
		}
	}
}
