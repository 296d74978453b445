package document

import "io"

// Worklist is what waits in an estate, building by building, to be taken along
// (今日待办清单). Names are masked, and nothing says what anybody chose.
type Worklist struct {
	Estate    string
	Buildings []WorkPlace
	From      Provenance
}

// WorkPlace is a building with what waits there.
type WorkPlace struct {
	Label string
	Parts []WorkPart
}

// WorkPart is one kind of work, a line to each thing to do.
type WorkPart struct {
	Title string
	Heads []WorkHead
	Rows  [][]string
}

// WorkHead is the head of a column: its name, its width in relation to the
// others', and whether its text is centred.
type WorkHead struct {
	Name    string
	Share   float64
	Centred bool
}

const keptApart = "本清单含住户信息，仅供入户和办理时使用，用后交回，不得拍照外传。"

// Work writes a work list: A4, each building on pages of its own.
func Work(w io.Writer, l Worklist) error {
	s, err := newSheet(l.Estate + "今日待办清单")
	if err != nil {
		return err
	}
	if len(l.Buildings) == 0 {
		s.title(l.Estate, "今日待办清单")
		s.dated(l.From)
		s.plain("没有待办事项。")
	}
	for _, b := range l.Buildings {
		s.fresh()
		s.own(l.Estate + b.Label + "今日待办清单")
		s.title(l.Estate+b.Label, "今日待办清单")
		s.note(keptApart)
		s.dated(l.From)
		for _, p := range b.Parts {
			s.heading(p.Title)
			s.table(p.table())
		}
	}
	return s.finish(w)
}

func (p WorkPart) table() table {
	t := table{rows: p.Rows}
	for _, h := range p.Heads {
		stand := flushLeft
		if h.Centred {
			stand = centred
		}
		t.columns = append(t.columns, column{h.Name, h.Share, stand})
	}
	return t
}

// dated sets as of when a paper's figures are and who made it.
func (s *sheet) dated(from Provenance) {
	s.note(from.words())
	s.skip(smallLead / 2)
}
