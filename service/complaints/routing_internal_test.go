package complaints

import (
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
)

func TestABlockIsFoundInAPlace(t *testing.T) {
	for place, want := range map[string]string{
		"3栋2单元": "3栋", "０３幢门口": "3栋", "12号楼顶": "12栋", "7#楼": "7栋", "第 5 栋旁边": "5栋", "大门口": "", "": "", "3单元": "", "1234567": "",
	} {
		if got := buildingIn(place); got != want {
			t.Errorf("%q: %q, want %q", place, got, want)
		}
	}
}

func TestTheHeaviestWordSuggestsFirst(t *testing.T) {
	r := &routing{
		departments: map[string]model.Department{"street": {Code: "street", Clause: "协调"}, "market": {Code: "market", Clause: "电梯"}},
		categories:  []model.Category{{Code: "lift", DepartmentCode: "market", ClauseOf: "market"}, {Code: "dispute", DepartmentCode: "gone", ClauseOf: "gone"}},
		words: []keyword{
			{Word: "困在电梯", CategoryCode: "lift", Danger: model.LiftDanger, Weight: 9}, {Word: "电梯", CategoryCode: "lift", Weight: 2},
			{Word: "楼上", CategoryCode: "dispute", Weight: 2}, {Word: "楼", CategoryCode: "unknown", Weight: 9},
		},
	}
	got := r.suggest("楼上邻居困在电梯里")
	if len(got) != 2 || got[0].Word != "困在电梯" || got[0].Danger != model.LiftDanger || got[1].Category.Code != "dispute" {
		t.Fatalf("%+v", got)
	}
	if got[1].Department.Code != model.StreetDepartment || got[1].Clause != "协调" {
		t.Errorf("a duty that nobody has any more falls to the street, not %+v", got[1])
	}
	if got := r.suggest("别的事"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAWarrantyEndsWithItsAnniversary(t *testing.T) {
	five := model.Category{WarrantyYears: 5}
	for day, want := range map[quantity.Date]bool{"2020-02-28": false, "2020-02-29": true, "2025-02-28": true, "2025-03-01": true, "2025-03-02": false} {
		if got := underWarranty(five, "2020-02-29", day); got != want {
			t.Errorf("accepted on 29 February 2020, %s: %v", day, got)
		}
	}
	if underWarranty(model.Category{}, "2020-01-01", "2020-01-02") || underWarranty(five, "", "2020-01-02") {
		t.Error("a warranty without years or without an acceptance")
	}
}
