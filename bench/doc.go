// Package bench measures the core jobs beside their physical limits in the same
// run, so that a noisy machine cancels out: every round runs each arm once, and
// the ratio is the median over the rounds.
//
//	go test ./bench -run '^$' -bench . -benchtime 1x
//
// With GONGDI_TEST_MYSQL set the ballots are measured on that server too.
package bench
