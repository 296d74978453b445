package registry

import "slices"

// merge is what a stored home becomes by a list's line. What the list says
// replaces what was; where it says nothing, or where it is faulty and the
// office has completed the home, the stored values stay.
func merge(before, said home) home {
	after := said
	if after.Area == nil {
		after.Area, after.AreaSource = before.Area, before.AreaSource
	} else if after.AreaSource == "" && alike(after.Area, before.Area) {
		after.AreaSource = before.AreaSource
	}
	if after.Floor == nil {
		after.Floor = before.Floor
		after.FloorPrinted = either(after.FloorPrinted, before.FloorPrinted)
	}
	after.Use = either(after.Use, before.Use)
	after.Certificate = either(after.Certificate, before.Certificate)
	after.Tenure = either(after.Tenure, before.Tenure)
	after.Note = either(after.Note, before.Note)
	after.Owners = mergeOwners(before, said)
	after.assess(said.Incomplete, before.Incomplete)
	return after
}

func either[T ~string](a, b T) T {
	if a == "" {
		return b
	}
	return a
}

func mergeOwners(before, said home) []person {
	unsound := slices.ContainsFunc(said.Owners, func(p person) bool { return p.Document != "" && !p.Sound })
	if len(said.Owners) == 0 || unsound && before.Incomplete == "" {
		return before.Owners
	}
	owners := slices.Clone(said.Owners)
	others := len(owners) != len(before.Owners)
	for i, was := range recognise(owners, before.Owners) {
		if was == nil {
			others = true
			continue
		}
		o := &owners[i]
		if was.Sound && !o.Sound {
			o.Document, o.Sound, o.Kind = was.Document, true, was.Kind
		}
		o.Phone = either(o.Phone, was.Phone)
		o.ShareNum, o.ShareDen = was.ShareNum, was.ShareDen
	}
	if others { // the shares were those of other people together
		for i := range owners {
			owners[i].ShareNum, owners[i].ShareDen = 0, 0
		}
	}
	return owners
}
