package server

import (
	"errors"
	"html/template"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"gongdi/service/doorcode"
	"gongdi/service/fault"
)

// doorPage is what a plain code opens in a browser: the mini-program's own
// opens the mini-program.
var doorPage = template.Must(template.New("door").Parse(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{{.Label}}</title><h1>{{.Label}}</h1><p>{{.Community}}</p>
<p>请打开微信，搜索本街道的小程序，选择小区和房屋后即可查看公告公示、参加表决和提出意见。</p><p>不方便用手机的，可到社区办理。</p></html>
`))

func (s *Server) door(c *gin.Context) {
	p, err := s.Codes.Resolve(c.Request.Context(), c.Param("scene"))
	status := http.StatusOK
	switch {
	case errors.Is(err, fault.ErrNotFound):
		status, p = http.StatusNotFound, doorcode.Place{Label: "没有找到这个码"}
	case err != nil:
		slog.ErrorContext(c.Request.Context(), "resolve a code", "error", err)
		status, p = http.StatusServiceUnavailable, doorcode.Place{Label: "暂时打不开，请稍后再试"}
	}
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	if err := doorPage.Execute(c.Writer, p); err != nil {
		slog.DebugContext(c.Request.Context(), "whoever asked has hung up", "error", err)
	}
}
