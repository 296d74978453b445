package public

import (
	"context"

	"gongdi/api"
)

type privacyBody struct {
	Version string `json:"version" doc:"what a binding names as read and accepted"`
	Text    string `json:"text" doc:"Markdown, in Chinese"`
}

func (h *handlers) privacy(context.Context, *struct{}) (*api.Body[privacyBody], error) {
	version, text := h.Identity.Privacy()
	return api.Answer(privacyBody{Version: version, Text: text}), nil
}
