package registry

import "gongdi/service/messages"

// What residents are told about bindings.
const (
	newsRequested = "binding_requested" // somebody else asks for one's home
	newsVerified  = "binding_verified"
	newsRejected  = "binding_rejected"
	newsReopened  = "binding_reopened" // the owners changed
)

func news(kind, bindingID, text string) messages.News {
	return messages.News{Kind: kind, AboutType: "binding", AboutID: bindingID, Text: text}
}
