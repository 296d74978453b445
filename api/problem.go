package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"gongdi/service/fault"
)

// Problem is an RFC 9457 answer. Detail is for the person, Code for programs.
type Problem struct { //nolint:errname // the standard calls it a problem
	Type       string         `json:"type"`
	Title      string         `json:"title"`
	Status     int            `json:"status"`
	Detail     string         `json:"detail"`
	Code       string         `json:"code"`
	Errors     []ProblemField `json:"errors,omitempty"`
	extra      map[string]any
	retryAfter time.Duration
}

// ProblemField is one wrong place in what was sent.
type ProblemField struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

var statuses = map[fault.Kind]int{
	fault.Unreadable:      http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// What the API itself refuses with.
var (
	ErrUnreadable       = fault.New(fault.Unreadable, "bad_request", "请求无法识别")
	ErrTooLarge         = fault.New(fault.TooLarge, "too_large", "提交的内容太大")
	ErrTooManyRequests  = fault.New(fault.TooMany, "rate_limited", "操作太频繁，请稍后再试")
	ErrNoToken          = fault.New(fault.Unauthenticated, "token_missing", "请先登录")
	ErrPasswordChange   = fault.New(fault.Forbidden, "password_change_required", "首次登录请先修改密码")
	ErrIdempotencyKey   = fault.New(fault.Unreadable, "idempotency_key_invalid", "请求编号不合要求")
	ErrTOTPEnrolment    = fault.New(fault.Forbidden, "totp_enrolment_required", "请先启用动态口令，再进行其他操作")
	errMethod           = fault.New(fault.NotFound, "method_not_allowed", "不支持这种操作方式")
	errInternal         = fault.New(0, "internal_error", "系统出了问题，您的操作没有生效，请稍后重试")
	errTimeout          = fault.New(fault.Unavailable, "timeout", "处理超时，请稍后重试")
	errWrongContentType = fault.New(fault.Unreadable, "content_type_unsupported", "请求内容的格式不支持")
)

func newProblem(e *fault.Error) *Problem {
	status, ok := statuses[e.Kind]
	if !ok {
		status = http.StatusInternalServerError
	}
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: e.Detail, Code: e.Code, extra: e.Extra, retryAfter: e.RetryAfter,
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField(f))
	}
	return p
}

// problemOf turns any error into an answer. What is not a fault is logged and
// shown as nothing more than that something failed.
func problemOf(ctx context.Context, err error) *Problem {
	var p *Problem
	var f *fault.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &f):
		return newProblem(f)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return newProblem(errTimeout)
	}
	slog.ErrorContext(ctx, "request failed", "error", err)
	return newProblem(errInternal)
}

// Error gives the code, for logs.
func (p *Problem) Error() string { return p.Code }

// GetStatus is asked for by huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is asked for by huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders says when to try again, in whole seconds and never too early.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch {
	case p.Status == http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case p.retryAfter > 0:
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retryAfter.Seconds()))))
	case p.Status == http.StatusTooManyRequests, p.Status == http.StatusServiceUnavailable:
		h.Set("Retry-After", "1")
	}
	return h
}

// MarshalJSON puts the further members beside the standard ones.
func (p *Problem) MarshalJSON() ([]byte, error) {
	members := map[string]any{
		"type": p.Type, "title": p.Title, "status": p.Status, "detail": p.Detail, "code": p.Code,
	}
	if len(p.Errors) > 0 {
		members["errors"] = p.Errors
	}
	maps.Copy(members, p.extra)
	return json.Marshal(members)
}

// disarm replaces what huma says about errors of its own: in English, with the
// rejected value, or with the text of an unknown error.
var disarm = sync.OnceFunc(func() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return validationProblem(status, errs)
	}
	huma.NewErrorWithContext = func(_ huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return validationProblem(status, errs)
	}
	speakChinese()
})

// inChinese takes the place of what the decoder says in English, of types, of
// half a text or of another format.
func inChinese(message string) string {
	if strings.ContainsFunc(message, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return message
	}
	return "内容应为 JSON；有的格式不对，或者数值太大"
}

func validationProblem(status int, errs []error) *Problem {
	var tooLarge *http.MaxBytesError
	for _, err := range errs {
		if errors.As(err, &tooLarge) {
			return newProblem(ErrTooLarge)
		}
	}
	var p *Problem
	switch status {
	case http.StatusUnprocessableEntity:
		p = newProblem(fault.ErrInvalid)
	case http.StatusRequestEntityTooLarge:
		p = newProblem(ErrTooLarge)
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		p = newProblem(errWrongContentType)
	case http.StatusInternalServerError:
		return newProblem(errInternal)
	default:
		p = newProblem(ErrUnreadable)
	}
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			detail := d.ErrorDetail()
			p.Errors = append(p.Errors, ProblemField{Location: detail.Location, Message: inChinese(detail.Message)})
		}
	}
	return p
}

func speakChinese() {
	validation.MsgUnexpectedProperty = "没有这个字段"
	validation.MsgExpectedRFC3339DateTime = "应为带时区的时间，如 2026-09-18T08:00:00+08:00"
	validation.MsgExpectedRFC3339Date = "应为日期，如 2026-09-18"
	validation.MsgExpectedBoolean = "应为 true 或 false"
	validation.MsgExpectedNumber = "应为数字"
	validation.MsgExpectedInteger = "应为整数"
	validation.MsgExpectedString = "应为文字"
	validation.MsgExpectedArray = "应为列表"
	validation.MsgExpectedObject = "应为对象"
	validation.MsgExpectedArrayItemsUnique = "不能重复"
	validation.MsgExpectedOneOf = "应为其中之一：%s"
	validation.MsgExpectedMinimumNumber = "不能小于 %v"
	validation.MsgExpectedExclusiveMinimumNumber = "应大于 %v"
	validation.MsgExpectedMaximumNumber = "不能大于 %v"
	validation.MsgExpectedExclusiveMaximumNumber = "应小于 %v"
	validation.MsgExpectedNumberBeMultipleOf = "应为 %v 的倍数"
	validation.MsgExpectedMinLength = "至少 %d 个字"
	validation.MsgExpectedMaxLength = "最多 %d 个字"
	validation.MsgExpectedBePattern = "格式应为 %s"
	validation.MsgExpectedMatchPattern = "格式应为 %s"
	validation.MsgExpectedMinItems = "至少 %d 项"
	validation.MsgExpectedMaxItems = "最多 %d 项"
	validation.MsgExpectedRequiredProperty = "缺少 %s"
	validation.MsgExpectedMatchAtLeastOneSchema = "不符合要求"
	validation.MsgExpectedMatchExactlyOneSchema = "不符合要求"
}
