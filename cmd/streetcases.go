package cmd

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/service/complaints"
)

// waterDepartment is the demo's department: what leads to it, its login sees.
const waterDepartment = "water"

// demoCase is a case of the demo: filed so many days ago, and the steps that
// were taken with it since.
type demoCase struct {
	text, estate, place string
	filed               float64
	steps               []demoStep
}

type demoStep struct {
	step complaint.Step
	days float64 // ago
}

// demoCases has one in every state, and some that are late.
var demoCases = []demoCase{
	{"楼道台阶开裂，老人容易绊倒", "临江花园", "3栋2单元", 0.1, nil},
	{"单元门口路灯不亮", "临江花园", "1栋", 12, nil}, // overdue
	{"想了解改造什么时候开工", "纺织厂宿舍", "", 1, []demoStep{{complaint.Accept, 0.9}}},
	{"邻居的官司，法院已经立案", "供电局家属院", "", 9, []demoStep{{complaint.Refuse, 8.8}}},
	{"下水道堵塞，污水外溢", "临江花园", "2栋", 0.6, []demoStep{{complaint.Accept, 0.5}, {complaint.Assign, 0.4}}},
	{"下水道井盖破损", "临江花园", "5栋", 20, []demoStep{{complaint.Accept, 19.8}, {complaint.Assign, 19.5}}}, // overdue
	{"下水道返味", "纺织厂宿舍", "1栋", 0.7, []demoStep{{complaint.Accept, 0.6}, {complaint.Assign, 0.5}, {complaint.Return, 0.3}}},
	{"下水道改造后路面没有恢复", "供电局家属院", "2栋", 2, []demoStep{{complaint.Accept, 1.9}, {complaint.Assign, 1.8}, {complaint.Take, 1.6}}},
	{"下水道渗水到地下室", "临江花园", "4栋", 25, []demoStep{{complaint.Accept, 24.8}, {complaint.Assign, 24.5}, {complaint.Take, 24}, {complaint.Contact, 23}}}, // overdue
	{"下水道管径太小，雨天倒灌", "纺织厂宿舍", "", 4, []demoStep{{complaint.Accept, 3.9}, {complaint.Assign, 3.8}, {complaint.Take, 3.5}, {complaint.Extend, 1}}},
	{"下水道施工影响出行", "临江花园", "", 5, []demoStep{{complaint.Accept, 4.9}, {complaint.Assign, 4.8}, {complaint.Take, 4.5}, {complaint.Answer, 1}}},
	{"下水道盖板松动有响声", "临江花园", "", 13, []demoStep{{complaint.Accept, 12.9}, {complaint.Assign, 12.8}, {complaint.Take, 12}, {complaint.Answer, 9}, {complaint.Lapse, 1}}},
	{"楼道灯不亮", "临江花园", "6栋", 9, []demoStep{{complaint.Accept, 8.9}, {complaint.Assign, 8.8}, {complaint.Take, 8.5}, {complaint.Answer, 4}, {complaint.Rate, 3}}},
	{"垃圾清运不及时", "纺织厂宿舍", "", 10, []demoStep{{complaint.Accept, 9.9}, {complaint.Assign, 9.8}, {complaint.Take, 9}, {complaint.Answer, 5}, {complaint.CallBack, 3}}},
	{"小区门禁损坏", "临江花园", "", 30, []demoStep{{complaint.Accept, 29}, {complaint.Assign, 28.8}, {complaint.Take, 28}, {complaint.Answer, 20}, {complaint.Rate, 18}, {complaint.Archive, 4}}},
	{"下水道又堵了", "供电局家属院", "", 14, []demoStep{{complaint.Accept, 13.9}, {complaint.Assign, 13.8}, {complaint.Take, 13}, {complaint.Answer, 6}, {complaint.Reopen, 2}}},
	{"下水道井盖缺失", "东门新村", "", 40, []demoStep{{complaint.Accept, 39.8}, {complaint.Assign, 39.5}, {complaint.Take, 39}, {complaint.Answer, 36}, {complaint.Rate, 35}, {complaint.Archive, 30}}},
	{"下水道开裂，院内积水", "粮站大院", "", 52, []demoStep{{complaint.Accept, 51.8}, {complaint.Assign, 51.5}, {complaint.Take, 51}, {complaint.Answer, 33}, {complaint.Rate, 32}, {complaint.Archive, 29}}}, // late
	{"台阶开裂没人修", "临江花园", "3栋2单元", 0.05, []demoStep{{complaint.Merge, 0.02}}},
	{"电梯困人了", "供电局家属院", "1栋1单元", 0.01, nil},
}

// cases are filed by residents, and brought as far as each has come.
func (s *street) cases(ctx context.Context) error {
	people := slices.SortedFunc(maps.Values(s.phones), func(a, b resident) int { return cmp.Compare(a.openID, b.openID) })
	var first string
	for i, c := range demoCases {
		who := people[i%len(people)].caller
		s.clock.daysAgo(c.filed)
		filed, err := s.Complaints.File(ctx, who, complaints.Filing{
			Kind: model.Complaining, Channel: model.ByMiniProgram, Words: c.text, EstateID: s.estates[c.estate], Place: c.place,
		})
		if err != nil {
			return fmt.Errorf("file a case: %w", err)
		}
		first = cmp.Or(first, filed.Case.ID)
		for _, step := range c.steps {
			s.clock.daysAgo(step.days)
			if err := s.step(ctx, who, filed.Case, complaints.Act{Step: step.step, Into: first}); err != nil {
				return fmt.Errorf("case %d, %s: %w", i+1, step.step, err)
			}
		}
	}
	s.clock.daysAgo(0)
	return s.Complaints.Tick(ctx) // what is late was noticed
}

var demoWords = map[complaint.Step]string{
	complaint.Accept: "已受理", complaint.Refuse: "该事项已进入诉讼程序，请通过诉讼解决", complaint.Assign: "请按职责办理", complaint.Take: "已签收",
	complaint.Return: "属于日常疏通，不是管网建设", complaint.Contact: "已电话联系，约定上门", complaint.Extend: "需采购管材", complaint.Answer: "已派人处理完毕",
	complaint.Rate: "处理得很快", complaint.CallBack: "电话回访，居民认可", complaint.Archive: "归档", complaint.Reopen: "两天后又出现同样问题", complaint.Merge: "与前一件相同",
}

// step is taken by whose it is: the resident, the department, the street, or
// the clock.
func (s *street) step(ctx context.Context, resident model.Caller, c model.Complaint, act complaints.Act) error {
	act.Words = demoWords[act.Step]
	caller := s.clerk
	switch act.Step {
	case complaint.Lapse:
		return s.Complaints.Tick(ctx)
	case complaint.Rate:
		caller, act.Stars, act.Resolved = resident, 5, true
	case complaint.Reopen:
		caller = resident
	case complaint.Take, complaint.Return, complaint.Contact, complaint.Extend, complaint.Answer:
		if c.DepartmentCode == waterDepartment {
			caller = s.water
		}
	case complaint.Accept, complaint.Refuse, complaint.Assign, complaint.DecideExtension, complaint.CallBack, complaint.Archive, complaint.Merge:
	}
	_, err := s.Complaints.Do(ctx, caller, c.ID, act)
	return err
}
