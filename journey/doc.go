// Package journey holds tests of whole ways through the product: over real
// HTTP, and over the built program where a process has to die.
package journey
