package standin

import (
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"gongdi/model/quantity"
)

// What the page shows at most.
const (
	peopleShown   = 50
	messagesShown = 20
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// screen is one person's phone: what reached it, latest first.
type screen struct {
	OpenID, Seen string
	Messages     []line
}

type line struct{ At, Template, Page, Text string }

func (p *Platform) page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_ = pageTemplate.Execute(w, p.screens()) // fails only when the reader is gone
}

// screens are those of the people seen last.
func (p *Platform) screens() []screen {
	p.mu.Lock()
	defer p.mu.Unlock()
	people := make([]string, 0, len(p.users))
	for openID := range p.users {
		people = append(people, openID)
	}
	slices.SortFunc(people, func(a, b string) int {
		if later := p.users[b].seen.Compare(p.users[a].seen); later != 0 {
			return later
		}
		return strings.Compare(a, b)
	})
	people = people[:min(len(people), peopleShown)]
	list := make([]screen, len(people))
	for i, openID := range people {
		list[i] = screen{openID, p.users[openID].seen.In(quantity.Shanghai).Format("15:04:05"), p.lines(openID)}
	}
	return list
}

func (p *Platform) lines(openID string) []line {
	var list []line
	for _, m := range slices.Backward(p.messages) {
		if m.To == openID && m.Errcode == 0 && len(list) < messagesShown {
			list = append(list, m.line())
		}
	}
	return list
}

func (m Message) line() line {
	parts := make([]string, 0, len(m.Data))
	for name, text := range m.Data {
		parts = append(parts, name+"："+text.Value)
	}
	slices.Sort(parts)
	return line{m.At.In(quantity.Shanghai).Format("15:04:05"), m.Template, m.Page, strings.Join(parts, "；")}
}
