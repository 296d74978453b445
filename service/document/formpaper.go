package document

import (
	"fmt"
	"strings"

	"gongdi/model/rule/opinion"
)

// PaperForm is the questionnaire that stands on a paper beside a motion's
// choice (一户一表).
type PaperForm struct {
	Title, Intro string
	Questions    []opinion.Question
}

const (
	lineOfBlanks = 37 // characters of a line
	dontKnow     = "☐ 不清楚"
	fillIn       = "＿＿＿＿＿＿＿＿"
)

// form sets a questionnaire with boxes to tick, no question torn from its
// first boxes.
func (s *sheet) form(f PaperForm) {
	s.skip(6)
	s.need(bodyLead * 5)
	s.plain("请一并填写《" + f.Title + "》（打√或填写，不清楚的勾选“不清楚”）：")
	if f.Intro != "" {
		s.note(f.Intro)
	}
	section := ""
	for i := range f.Questions {
		q := &f.Questions[i]
		if q.Section != section {
			if section = q.Section; section != "" {
				s.subheading(section)
			}
		}
		s.question(f.Questions, i)
	}
}

func (s *sheet) question(all []opinion.Question, i int) {
	q := &all[i]
	label := fmt.Sprintf("%d. %s%s", i+1, q.Label, hint(all, i))
	s.skip(3)
	s.need(bodyLead * float64(len(s.measure(bodySize, breadth, 0).wrap(s.legible(label)))+1))
	s.plain(label)
	if q.Sensitive {
		s.note("　☐ 同意填写本题（涉及敏感个人信息，自愿填写；不勾选的不录入）")
	}
	switch q.Type {
	case opinion.Text:
		s.plain(strings.Repeat("＿", lineOfBlanks))
	case opinion.Number:
		s.choices([]string{fillIn + " " + q.Unit, dontKnow})
	case opinion.Ranking:
		s.choices(append(boxed("＿＿ ", q.Options), dontKnow))
	case opinion.Single, opinion.Multiple, opinion.Satisfaction, opinion.Scale, opinion.YesNo:
		s.choices(append(boxed("☐ ", q.Choices()), dontKnow))
	}
}

func boxed(mark string, options []opinion.Option) []string {
	out := make([]string, 0, len(options)+1)
	for _, o := range options {
		out = append(out, mark+o.Label)
	}
	return out
}

// hint says how a question is to be filled in, and by whom.
func hint(all []opinion.Question, i int) string {
	q := &all[i]
	var hints []string
	if c := q.ShowIf; c != nil {
		for j := range i {
			if all[j].Code == c.Question {
				hints = append(hints, fmt.Sprintf("第 %d 题答“%s”的填写", j+1, opinion.Say(&all[j], c.Equals)))
			}
		}
	}
	if q.Required {
		hints = append(hints, "必答")
	}
	several := "可多选"
	if q.Type == opinion.Ranking {
		several = "按先后填 1、2、3……"
	}
	if q.Type == opinion.Ranking || q.Type == opinion.Multiple {
		hints = append(hints, several+limit(q))
	}
	if q.Type == opinion.Number && q.Min != nil && q.Max != nil {
		hints = append(hints, q.Min.String()+" 至 "+q.Max.String())
	}
	if len(hints) == 0 {
		return ""
	}
	return "（" + strings.Join(hints, "；") + "）"
}

func limit(q *opinion.Question) (text string) {
	if q.Least > 0 {
		text = fmt.Sprintf("，至少 %d 项", q.Least)
	}
	if q.Most > 0 {
		text += fmt.Sprintf("，最多 %d 项", q.Most)
	}
	return text
}

// choices sets boxes in lines, none of them torn from its words.
func (s *sheet) choices(texts []string) {
	const gap = 2 * bodySize
	m, x := s.measure(bodySize, breadth, 0), left+bodySize
	begun := false
	for _, text := range texts {
		text = s.legible(text)
		width := m.length(text)
		if begun && x+width > left+breadth {
			s.y, x, begun = s.y+bodyLead, left+bodySize, false
		}
		if width > breadth-bodySize { // longer than a line: by itself
			m.width = breadth - bodySize
			s.flow(left+bodySize, m, text, bodyLead)
			continue
		}
		if !begun {
			s.need(bodyLead)
		}
		s.write(x, s.y, bodyLead, text, stroke{size: bodySize})
		x, begun = x+width+gap, true
	}
	if begun {
		s.y += bodyLead
	}
}
