// Package doorcode makes the codes that lead from a door, a poster or a notice
// into the mini-program.
package doorcode

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Platform draws the mini-program's own codes.
type Platform interface {
	MiniCode(ctx context.Context, scene, page string) (picture []byte, mediaType string, err error)
	URLLink(ctx context.Context, page, query string) (link string, err error)
}

// Service makes codes of estates, buildings, units, motions, surveys, meetings and notices.
type Service struct {
	DB       *store.DB
	Platform Platform
	// Public is the address that a plain code leads to, while the platform
	// draws none; a plain code holds the scene alone when it is empty.
	Public string
	Now    func() time.Time
}

// thing is what a code leads to: its area, what it is called, and what stands
// for it in the scene where that is not its id.
type thing struct {
	AreaCode, Label, Scene string
	Since                  *time.Time // before it nobody outside knows of it
}

// Kinds are what codes lead to, by the first letter of the scene.
var kinds = map[string]struct{ letter, query string }{
	"estate":   {"e", "SELECT area_code, name AS label FROM estates WHERE id = ?"},
	"building": {"b", "SELECT e.area_code, CONCAT(e.name, b.label) AS label FROM buildings b JOIN estates e ON e.id = b.estate_id WHERE b.id = ?"},
	"unit": {"u", `SELECT e.area_code, CONCAT(e.name, b.label, u.label) AS label FROM units u JOIN buildings b ON b.id = u.building_id
JOIN estates e ON e.id = u.estate_id WHERE u.id = ?`},
	"meeting": {"s", "SELECT area_code, CONCAT(title, '（签到码 ', code, '）') AS label, code AS scene FROM meetings WHERE id = ? AND cancelled_at IS NULL"},
	"motion":  {"m", "SELECT area_code, title AS label FROM motions WHERE id = ? AND stage <> 'draft'"},
	"survey":  {"q", "SELECT area_code, title AS label, published_at AS since FROM surveys WHERE id = ? AND stage = 'published'"},
	"notice":  {"n", "SELECT area_code, title AS label, published_at AS since FROM notices WHERE id = ? AND stage = 'published'"},
}

// Code is a drawn code.
type Code struct {
	Label, Scene string
	Picture      []byte
	MediaType    string
	Plain        bool // a plain QR, because the platform drew none
}

const page = "pages/door/index"

// Place is what a scanned code leads to: nothing personal, for anybody.
type Place struct{ Type, ID, Label, Community string }

// Resolve finds what a scene leads to; not found for any that leads nowhere,
// such as that of a draft.
func (s *Service) Resolve(ctx context.Context, scene string) (Place, error) {
	letter, id, _ := strings.Cut(scene, ":")
	for kind, k := range kinds {
		if k.letter != letter {
			continue
		}
		t, err := s.look(ctx, k.query, id)
		if err != nil {
			return Place{}, err
		}
		if t.Since != nil && t.Since.After(s.Now()) {
			return Place{}, fault.ErrNotFound
		}
		p := Place{Type: kind, ID: id, Label: t.Label}
		if err := s.DB.Read(ctx).Raw("SELECT name FROM areas WHERE code = ?", t.AreaCode).Scan(&p.Community).Error; err != nil {
			return Place{}, fmt.Errorf("find where a code leads to: %w", err)
		}
		return p, nil
	}
	return Place{}, fault.ErrNotFound
}

// Has refuses, with not found, what is not there or outside the caller's area.
func (s *Service) Has(ctx context.Context, caller model.Caller, kind, id string) error {
	_, err := s.find(ctx, caller, kind, id)
	return err
}

func (s *Service) find(ctx context.Context, caller model.Caller, kind, id string) (thing, error) {
	k, known := kinds[kind]
	if !known {
		return thing{}, fault.ErrNotFound
	}
	t, err := s.look(ctx, k.query, id)
	if err == nil && !caller.Covers(t.AreaCode) {
		return t, fault.ErrNotFound
	}
	return t, err
}

func (s *Service) look(ctx context.Context, query, id string) (t thing, err error) {
	err = s.DB.Read(ctx).Raw(query, id).Take(&t).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return t, fault.ErrNotFound
	}
	if err != nil {
		return t, fmt.Errorf("find what a code leads to: %w", err)
	}
	return t, nil
}

const pixels = 430

// Of draws the code of a thing: the mini-program's own, or a plain one while
// the platform gives none.
func (s *Service) Of(ctx context.Context, caller model.Caller, kind, id string) (Code, error) {
	t, err := s.find(ctx, caller, kind, id)
	if err != nil {
		return Code{}, err
	}
	return s.draw(ctx, t.Label, kinds[kind].letter+":"+cmp.Or(t.Scene, id))
}

func (s *Service) draw(ctx context.Context, label, scene string) (c Code, err error) {
	c = Code{Label: label, Scene: scene}
	if c.Picture, c.MediaType, err = s.Platform.MiniCode(ctx, c.Scene, page); err == nil {
		return c, nil
	}
	slog.WarnContext(ctx, "the platform draws no code; a plain one stands in", "error", err)
	c.Plain, c.MediaType = true, "image/png"
	c.Picture, err = document.QR(s.address(c.Scene), pixels)
	return c, err
}

func (s *Service) address(scene string) string {
	if s.Public == "" {
		return scene
	}
	return strings.TrimSuffix(s.Public, "/") + "/d/" + scene
}

// Card writes a code as a card for the door: A4, to be posted.
func (s *Service) Card(ctx context.Context, caller model.Caller, kind, id string, w io.Writer) error {
	c, err := s.Of(ctx, caller, kind, id)
	if err != nil {
		return err
	}
	words := []string{"打开微信扫一扫，绑定自己的房屋。", "可以查看公告公示、参加表决和意愿调查、提出意见，随时收到提醒。", "不用手机的，请联系社区，纸质表决同样有效。"}
	switch kind {
	case "motion":
		words = []string{"打开微信扫一扫，查看全文并投票。", "截止以前可以更改，每次提交都有回执。", "不用手机的，请向社区领取表决票，签名后交回。"}
	case "survey":
		words = []string{"打开微信扫一扫，绑定房屋后填写问卷。", "问卷截止以前都可以填写。", "不用手机的，请联系社区，工作人员入户登记。"}
	case "notice":
		words = []string{"打开微信扫一扫，查看全文和附件。", "公示期内可以提出书面异议和建议。", "不用手机的，请向社区索取纸质文本。"}
	case "meeting":
		words = []string{"打开微信扫一扫，或在小程序里输入签到码签到。", "会议开始前一小时起可以签到，会议结束为止。", "不用手机的，请在纸质签到表上签名。"}
	}
	return document.DoorCard(w, c.Label, words, c.Picture)
}
