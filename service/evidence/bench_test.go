package evidence

import "testing"

// BenchmarkReceipt is what a ballot pays for its evidence: the digest for the
// row, and the receipt.
func BenchmarkReceipt(b *testing.B) {
	s := newSample(b, 20, 1)
	v := s.lines[0].Version
	b.ReportAllocs()
	for b.Loop() {
		_ = v.Digest()
		if _, err := s.key.Receipt(v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReceiptsAtOnce(b *testing.B) {
	s := newSample(b, 20, 1)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := s.key.Receipt(s.lines[0].Version); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkVerify checks the bundle of a roll of 20,000 voters.
func BenchmarkVerify(b *testing.B) {
	s := newSample(b, 20_000, 1)
	bundle := s.bundle(b)
	b.ReportAllocs()
	for b.Loop() {
		if report := verify(b, bundle, s.key.Public()); !report.Sound() {
			b.Fatal(report.Findings[0])
		}
	}
}

// BenchmarkSeal counts and signs the same.
func BenchmarkSeal(b *testing.B) {
	s := newSample(b, 20_000, 1)
	for b.Loop() {
		if _, err := s.key.Seal(s.compose()); err != nil {
			b.Fatal(err)
		}
	}
}
