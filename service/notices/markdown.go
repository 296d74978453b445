package notices

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

var (
	markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))
	policy   = allowed()
	opening  = regexp.MustCompile(`<([A-Za-z/!?])`)
	address  = regexp.MustCompile(`^<(https?://|mailto:|tel:)`)
	script   = regexp.MustCompile(`(?i)(java|vb)script\s*:|data\s*:\s*text/html`)
)

// allowed is what a page of a notice may hold: text with its structure, tables,
// and links that lead to pages, mail or a phone. A picture is an attachment;
// one from elsewhere would tell a stranger who reads.
func allowed() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "blockquote", "code", "pre")
	p.AllowLists()
	p.AllowTables()
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	return p
}

// rendered turns Markdown into HTML that carries nothing active.
func rendered(body string) (string, error) {
	var html bytes.Buffer
	if err := markdown.Convert([]byte(body), &html); err != nil {
		return "", fmt.Errorf("render a notice: %w", err)
	}
	return policy.Sanitize(html.String()), nil
}

// tamingRounds bounds how often tags that appear when others are cut out are
// cut out in their turn.
const tamingRounds = 8

// tamed is Markdown without HTML of its own, so that whoever renders it
// renders nothing active either.
func tamed(body string) string {
	for range tamingRounds {
		next := script.ReplaceAllString(withoutTags(body), "")
		if next == body {
			return blunted(body)
		}
		body = next
	}
	return strings.ReplaceAll(script.ReplaceAllString(body, ""), "<", "＜")
}

// blunted makes what looks like a tag and is none a sign of its own width.
func blunted(body string) string {
	var out strings.Builder
	last := 0
	for _, at := range opening.FindAllStringIndex(body, -1) {
		if !address.MatchString(body[at[0]:]) {
			out.WriteString(body[last:at[0]])
			out.WriteString("＜")
			last = at[0] + 1
		}
	}
	return out.String() + body[last:]
}

func withoutTags(body string) string {
	source := []byte(body)
	var tags []text.Segment
	// The walk only gathers, so it cannot fail.
	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch tag := n.(type) {
		case *ast.RawHTML:
			tags = append(tags, tag.Segments.Sliced(0, tag.Segments.Len())...)
		case *ast.HTMLBlock:
			tags = append(tags, tag.Lines().Sliced(0, tag.Lines().Len())...)
			if tag.HasClosure() {
				tags = append(tags, tag.ClosureLine)
			}
		}
		return ast.WalkContinue, nil
	})
	slices.SortFunc(tags, func(a, b text.Segment) int { return b.Start - a.Start })
	for _, tag := range tags {
		source = slices.Delete(source, tag.Start, min(tag.Stop, len(source)))
	}
	return string(source)
}
