package registry

import "gongdi/service/messages"

// What residents are told about bindings.
const (
	newsRequested = "binding_requested" // somebody else asks for one's home
	newsVerified  = "binding_verified"
	newsEnded     = "representation_ended"
	newsRejected  = "binding_rejected"
	newsReopened  = "binding_reopened" // the owners changed
)

// hints are what the phone shows of them: no home, no reason.
var hints = map[string]string{
	newsRequested: "有人申请绑定您的房屋，请核对",
	newsVerified:  "您的房屋绑定已经核实",
	newsRejected:  "您的房屋绑定没有通过核实",
	newsReopened:  "您的房屋绑定需要重新核实",
}

func news(kind, bindingID, text string) messages.News {
	return messages.News{Kind: kind, AboutType: "binding", AboutID: bindingID, Text: text, Hint: hints[kind]}
}
