package roster

import (
	"regexp"
	"strings"
)

// A Home is where a home is within its estate, in normalised words: 1栋, 1单元,
// 101. Building and Unit may be empty; without Room it is no home.
type Home struct{ Building, Unit, Room string }

const number = `(?:[A-Z]?[0-9]+|[` + numeralRunes + `]+|[A-Z]|[甲乙丙丁戊己庚辛])`

var (
	fullLabel    = regexp.MustCompile(`^.*?((?:[0-9` + numeralRunes + `]+[期区])?` + number + `(?:甲|乙|丙|丁)?(?:栋|幢|号楼|#楼|#|座))(.*)$`)
	unitLabel    = regexp.MustCompile(`^-?(` + number + `单元)(.*)$`)
	floorAndRoom = regexp.MustCompile(`^-?(?:` + number + `(?:层|楼))-?([0-9]{3,}.*)$`)
	threeParts   = regexp.MustCompile(`^([A-Z]?[0-9]+)-([0-9]+|[A-Z])-([0-9][0-9A-Z-]*[甲乙丙丁]?)$`)
	twoParts     = regexp.MustCompile(`^([A-Z]?[0-9]+|[A-Z])-([0-9]{3,}[0-9A-Z]*[甲乙丙丁]?)$`)
)

// Place reads where a home is from the three cells for it. Each of them may
// hold more than its own part: a room cell 1栋1单元101, 1-1-101 or 2-301, a
// building cell 1栋2单元. What a cell of its own says goes before what is read
// out of another.
//
// Choice: of two numbers in the room cell the first is the stairwell when the
// building is known, else the building, and only when the second has three
// digits; 3-1 alone is a room (third floor, first door).
func Place(building, unit, room string) Home {
	var h Home
	h.Building, h.Unit = splitBuilding(building, unit)
	words, rest := readLabel(roomLabel(room))
	if rest == "" {
		h.Room = Room(room)
		return h
	}
	h.adopt(words)
	h.Room = Room(h.shorten(rest))
	return h
}

// splitBuilding takes a stairwell out of the building's cell, or a building
// out of the stairwell's.
func splitBuilding(building, unit string) (string, string) {
	if normal(building, "栋") && (unit == "" || normal(unit, "单元")) {
		return building, unit
	}
	words, rest := readLabel(roomLabel(building))
	var h Home
	if words.Unit != "" && rest == "" {
		h = words
	} else {
		h.Building = Building(building)
	}
	if more, left := readLabel(roomLabel(unit)); left == "" && more.Building != "" {
		h.adopt(more)
	} else if own := Unit(unit); own != "" {
		h.Unit = own
	}
	return h.Building, h.Unit
}

func (h *Home) adopt(words Home) {
	if h.Building == "" {
		h.Building = words.Building
	}
	if h.Unit == "" {
		h.Unit = words.Unit
	}
}

func roomLabel(text string) string {
	if IsBlank(text) {
		return ""
	}
	return wholeNumber(strings.ToUpper(fold(text)))
}

// readLabel takes building and stairwell off the front of a full label and
// gives what is left, the room.
func readLabel(s string) (Home, string) {
	var h Home
	if allDigits(s) || !strings.ContainsAny(s, "栋幢楼#座单") {
		return h, s
	}
	rest := s
	if m := fullLabel.FindStringSubmatch(rest); m != nil {
		h.Building, rest = Building(m[1]), m[2]
	}
	if m := unitLabel.FindStringSubmatch(rest); m != nil {
		h.Unit, rest = Unit(m[1]), m[2]
	}
	if h == (Home{}) {
		return h, s
	}
	if m := floorAndRoom.FindStringSubmatch(rest); m != nil {
		rest = m[1]
	}
	return h, strings.Trim(rest, "-,、/")
}

// shorten takes the numbers of building and stairwell off 1-1-101 and 1-101.
func (h *Home) shorten(room string) string {
	if !strings.Contains(room, "-") {
		return room
	}
	core, _ := cutWord(room, roomWords)
	if m := threeParts.FindStringSubmatch(core); m != nil && h.agrees(m[1], m[2]) {
		h.adopt(Home{Building: Building(m[1]), Unit: Unit(m[2])})
		return m[3]
	}
	m := twoParts.FindStringSubmatch(core)
	switch {
	case m == nil:
		return room
	case h.Unit != "" && h.Unit == Unit(m[1]), h.Unit != "" && h.Building != "" && h.Building == Building(m[1]):
		return m[2]
	case h.Building != "" && h.Unit == "":
		h.Unit = Unit(m[1])
		return m[2]
	case h.Building == "":
		h.Building = Building(m[1])
		return m[2]
	}
	return room
}

func (h *Home) agrees(building, unit string) bool {
	return (h.Building == "" || h.Building == Building(building)) && (h.Unit == "" || h.Unit == Unit(unit))
}

// Section reads a line that only says which building, or which stairwell, the
// lines below it belong to: 1栋, 2号楼1单元.
func Section(text string) (Home, bool) {
	h, rest := readLabel(roomLabel(text))
	return h, rest == "" && h != (Home{}) && len([]rune(fold(text))) <= 16
}
