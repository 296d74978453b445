package voting

import (
	"fmt"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/service/fault"
)

// redrawing brings named homes of a roll to what the registry says now, and
// leaves every other home as it was frozen.
type redrawing struct {
	standing map[string]model.RollProperty // the roll, by home, as far as it is redrawn
	fresh    map[string]model.RollProperty
	mates    map[string][]string // homes that the registry counts together, by its voter
	named    map[string]bool
	done     map[string]bool
	made     int
}

func newRedrawing(standing []model.RollProperty, fresh *roll, named []string) *redrawing {
	d := &redrawing{
		standing: map[string]model.RollProperty{}, fresh: map[string]model.RollProperty{}, mates: map[string][]string{},
		named: map[string]bool{}, done: map[string]bool{},
	}
	for _, p := range standing {
		d.standing[p.PropertyID] = p
	}
	for _, p := range fresh.properties {
		d.fresh[p.PropertyID] = p
		d.mates[p.VoterID] = append(d.mates[p.VoterID], p.PropertyID)
	}
	for _, id := range named {
		d.named[id] = true
	}
	return d
}

// redraw plans what changes for each named home, in their order; homes that
// are on the roll as the registry has them give nothing.
func (d *redrawing) redraw(named []string) ([]model.HomeChange, error) {
	var changes []model.HomeChange
	for i, id := range named {
		was, on := d.standing[id]
		is, due := d.fresh[id]
		if !on && !due {
			return nil, fault.Unknown(fmt.Sprintf("body.property_ids[%d]", i), "这套房屋不在这次表决的范围内")
		}
		if d.done[id] {
			return nil, fault.Unknown(fmt.Sprintf("body.property_ids[%d]", i), "重复选择")
		}
		before := d.with(was)
		c := model.HomeChange{PropertyID: id, Label: was.Label, AreaBefore: was.Area}
		d.done[id] = true
		if !due {
			delete(d.standing, id)
			c.Kinds = []model.ChangeKind{model.ChangeRemove}
		} else {
			is.VoterID = d.voterFor(was, is, on)
			d.standing[id] = is
			c.Label, c.Voter, c.AreaAfter, c.OwnerIDs, c.IncompleteAfter = is.Label, is.VoterID, is.Area, is.OwnerIDs, is.Incomplete
			c.CountsWith, c.Kinds = d.with(is), kindsOf(was, is, on)
		}
		if c.CountedWith = before; len(c.Kinds) > 0 {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

func kindsOf(was, is model.RollProperty, on bool) []model.ChangeKind {
	if !on {
		return []model.ChangeKind{model.ChangeAdd}
	}
	var kinds []model.ChangeKind
	if was.VoterID != is.VoterID {
		kinds = append(kinds, model.ChangeMove)
	}
	if was.OwnerIDs != is.OwnerIDs {
		kinds = append(kinds, model.ChangeOwners)
	}
	same := was.Area == nil && is.Area == nil || was.Area != nil && is.Area != nil && *was.Area == *is.Area
	if !same || was.AreaSource != is.AreaSource || was.Use != is.Use || was.Incomplete != is.Incomplete {
		kinds = append(kinds, model.ChangeArea)
	}
	return kinds
}

// voterFor finds with whom a home counts: with the homes that the registry
// joins it to, as far as those are rightly on the roll; else as before, unless
// it has wholly other owners or leaves homes that it no longer counts with.
//
// Choice: a ballot of before stands while an owner of before is still one; an
// owner unknown so far does not undo it.
func (d *redrawing) voterFor(was, is model.RollProperty, on bool) string {
	for _, id := range d.mates[is.VoterID] {
		mate, there := d.standing[id]
		if id == is.PropertyID || !there {
			continue
		}
		if d.done[id] || !d.named[id] && mate.OwnerIDs == d.fresh[id].OwnerIDs {
			return mate.VoterID
		}
	}
	if on && !otherOwners(was.OwnerIDs, is.OwnerIDs) && len(d.with(was)) == 0 {
		return was.VoterID
	}
	d.made++
	return fmt.Sprintf("new-%d", d.made)
}

// with is the labels of the other homes of one voter.
func (d *redrawing) with(home model.RollProperty) []string {
	var labels []string
	for _, p := range d.standing {
		if p.VoterID == home.VoterID && home.VoterID != "" && p.PropertyID != home.PropertyID {
			labels = append(labels, p.Label)
		}
	}
	slices.Sort(labels)
	return labels
}

func otherOwners(was, is string) bool {
	if was == "" || is == "" {
		return false
	}
	still := strings.Split(is, ",")
	return !slices.ContainsFunc(strings.Split(was, ","), func(id string) bool { return slices.Contains(still, id) })
}
