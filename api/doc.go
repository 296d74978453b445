// Package api turns requests into calls of the services and answers into
// JSON. A request's way is the same for every route:
//
//	request id → limit → token → right → thing → body → handler
//
// Each route is declared once, with Handle, and says who may use it; the
// declaration is also what the OpenAPI document and the test over all routes
// are made from. What differs between residents, the office and the public
// stands in the packages resident, staff and public: their bodies are
// their own, so that what is masked for one cannot slip through from another.
package api
