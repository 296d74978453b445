package doorcode

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"strings"

	"gongdi/service/document"
)

// Word is what a whole stairwell is told of a thing: nothing personal. Whoever
// keeps the thing words it, and sees to it that the caller may.
type Word struct {
	Kind, ID string // what its code leads to
	Sort     string // 表决, 公示, 问卷
	Title    string
	Where    string
	Lines    []string // by when, how
}

// Kit is a ready-made text for a chat group (业主群), and the link in it. The
// link is empty, and the text without one, while the platform makes none and
// the office has no address of its own.
type Kit struct{ Text, Link, Scene string }

func (w Word) scene() string { return kinds[w.Kind].letter + ":" + w.ID }

// KitOf makes the text for a chat group. The platform's link opens the
// mini-program and lives 30 days; the office's own stands in for it.
func (s *Service) KitOf(ctx context.Context, w Word) Kit {
	k := Kit{Scene: w.scene()}
	var err error
	if k.Link, err = s.Platform.URLLink(ctx, page, "scene="+k.Scene); err != nil {
		slog.WarnContext(ctx, "the platform makes no link; the office's own stands in", "error", err)
		if s.Public != "" {
			k.Link = s.address(k.Scene)
		}
	}
	head := w.Title
	if !strings.Contains(head, w.Where) {
		head = w.Where + "：" + head
	}
	lines := append([]string{"【" + w.Sort + "】" + head}, w.Lines...)
	if k.Link != "" {
		lines = append(lines, "点击打开："+k.Link)
	}
	k.Text = strings.Join(lines, "\n")
	return k
}

// Poster writes what a stairwell is told, with the code that leads to it: A4.
func (s *Service) Poster(ctx context.Context, w Word, out io.Writer) error {
	c, err := s.draw(ctx, w.Title, w.scene())
	if err != nil {
		return err
	}
	return document.Poster(out, document.Posted{
		Sort: cmp.Or(w.Sort, "通知"), Title: w.Title, Where: w.Where, Lines: w.Lines, Code: c.Picture,
	})
}
