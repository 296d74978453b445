package registry_test

import (
	"fmt"

	"gorm.io/gorm"

	"gongdi/model/quantity"
)

// number makes up a document number that keeps GB 11643, of nobody: the
// county of the standard's own example.
func number(n int) string {
	body := fmt.Sprintf("110105%04d%02d%02d%03d", 1950+n/1000%50, 1+n/28%12, 1+n%28, n/16800%1000)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	return body + string("10X98765432"[sum%11])
}

func createIn(row any) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error { return tx.Create(row).Error }
}

func ptr[T any](v T) *T { return &v }

func areaOf(text string) quantity.Area {
	a, err := quantity.ParseArea(text)
	if err != nil {
		panic(err)
	}
	return a
}
