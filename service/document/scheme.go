package document

import (
	"fmt"
	"io"
	"slices"
	"time"

	"gongdi/model/quantity"
)

// Scheme is one version of a renovation scheme, as it is printed.
type Scheme struct {
	Place, Title              string
	Version                   int
	WrittenAt                 time.Time
	PublishedAt               *time.Time
	Withdrawn, Approved       bool
	Coverage, Focus, Measures string
	StartsOn, EndsOn          quantity.Date
	Classes                   []SchemeClass
	Estimate, Funds           quantity.Fen
	Money                     []SchemeMoney
	Drawings                  []string
	Warning, Digest, Reason   string
}

// SchemeClass is a class with its contents.
type SchemeClass struct {
	Name  string
	Lines []SchemeLine
}

// SchemeLine is one content.
type SchemeLine struct {
	Name, State, Quantity, Note string
	Planned                     bool
	Estimate                    quantity.Fen
}

// SchemeMoney is what one source gives, for one content or for all.
type SchemeMoney struct {
	Source, For, Note string
	Amount            quantity.Fen
}

// Put lays a content to its class, in the order in which classes come.
func (p *Scheme) Put(class string, l SchemeLine) {
	at := slices.IndexFunc(p.Classes, func(c SchemeClass) bool { return c.Name == class })
	if at < 0 {
		p.Classes = append(p.Classes, SchemeClass{Name: class})
		at = len(p.Classes) - 1
	}
	p.Classes[at].Lines = append(p.Classes[at].Lines, l)
}

// WriteScheme writes a scheme with its contents by class, its money and its
// drawings (改造方案).
func WriteScheme(w io.Writer, p Scheme) error {
	s, err := newSheet(p.Place + "改造方案")
	if err != nil {
		return fmt.Errorf("write a scheme: %w", err)
	}
	s.title(p.Place, "改造方案")
	if words := p.standing(); words != "" {
		s.verdict(words)
	}
	s.heading("基本情况")
	s.facts(breadth, fact{"方案", fmt.Sprintf("%s（第 %d 版）", p.Title, p.Version)}, fact{"编制", day(quantity.DateOf(p.WrittenAt))},
		fact{"公布", p.published()}, fact{"修改原因", p.Reason}, fact{"改造范围", p.Coverage}, fact{"改造重点", p.Focus},
		fact{"计划工期", p.period()}, fact{"推进措施", p.Measures})
	s.heading("改造内容")
	s.contents(p)
	s.heading("资金")
	s.money(p)
	if len(p.Drawings) > 0 {
		s.heading("图纸目录")
		t := table{columns: []column{{"序号", 1, centred}, {"图纸", 9, flushLeft}}}
		for i, name := range p.Drawings {
			t.rows = append(t.rows, []string{fmt.Sprint(i + 1), name})
		}
		s.table(t)
	}
	if p.Digest != "" {
		s.note("本版摘要（SHA-256）：" + p.Digest)
	}
	return s.finish(w)
}

func (p Scheme) standing() string {
	switch {
	case p.Withdrawn:
		return "本方案已经撤回"
	case p.Approved:
		return "业主表决已通过本版方案"
	case p.PublishedAt == nil:
		return "草案，尚未公布"
	}
	return ""
}

func (p Scheme) published() string {
	if p.PublishedAt == nil {
		return ""
	}
	return day(quantity.DateOf(*p.PublishedAt))
}

func (p Scheme) period() string {
	switch {
	case p.StartsOn != "" && p.EndsOn != "":
		return day(p.StartsOn) + "至" + day(p.EndsOn)
	case p.StartsOn != "":
		return day(p.StartsOn) + "起"
	}
	return ""
}

func (s *sheet) contents(p Scheme) {
	if p.Warning != "" {
		s.paragraph("提示：" + p.Warning)
	}
	for _, c := range p.Classes {
		s.subheading(c.Name)
		t := table{columns: []column{{"改造内容", 4, flushLeft}, {"数量", 2.4, centred}, {"估算（元）", 2.6, centred}, {"安排", 2.8, centred}, {"说明", 4, flushLeft}}}
		sum := quantity.Fen(0)
		for _, l := range c.Lines {
			quantityWords, estimate := l.Quantity, l.Estimate.String()
			if !l.Planned {
				quantityWords, estimate = "—", "—"
			} else {
				sum += l.Estimate
			}
			t.rows = append(t.rows, []string{l.Name, quantityWords, estimate, l.State, l.Note})
		}
		t.rows = append(t.rows, []string{"小计", "", sum.String(), "", ""})
		s.table(t)
	}
	s.note("估算只计纳入本次改造的内容。内容按《金沙县2021-2022年度城镇老旧小区改造工作方案》二（二）的六项，分类按国办发〔2020〕23号。")
}

func (s *sheet) money(p Scheme) {
	gap := p.Estimate - p.Funds
	facts := []fact{{"估算合计", p.Estimate.String() + " 元"}, {"落实资金", p.Funds.String() + " 元"}}
	if gap > 0 {
		facts = append(facts, fact{"资金缺口", gap.String() + " 元"})
	}
	s.facts(breadth, facts...)
	t := table{columns: []column{{"资金来源", 3, flushLeft}, {"用于", 3, flushLeft}, {"金额（元）", 3, centred}, {"说明", 4, flushLeft}}}
	for _, m := range p.Money {
		use := m.For
		if use == "" {
			use = "整个方案"
		}
		t.rows = append(t.rows, []string{m.Source, use, m.Amount.String(), m.Note})
	}
	s.table(t)
}
