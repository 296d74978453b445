package document

import "io"

// Reminder is a door that is still to be reminded of something. Names are
// masked; it never says what anybody answered.
type Reminder struct{ Building, Unit, Homes, Who string }

// Reminders writes the doors to remind as .xlsx, in walking order, with room
// to tick them off: for whoever looks after a building (楼栋长).
func Reminders(w io.Writer, rows []Reminder, from Provenance) error {
	b := newBook(from)
	t := b.tab("待提醒名单", field{"楼栋", 12}, field{"单元", 12}, field{"房屋", 40}, field{"产权人", 24}, field{"已提醒", 10}, field{"备注", 30})
	for _, r := range rows {
		t.add(r.Building, r.Unit, r.Homes, r.Who, "", "")
	}
	t.end()
	return b.finish(w)
}
