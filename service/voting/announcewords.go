package voting

import (
	"fmt"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
)

// changeWords names no owner: the announcement is posted.
func changeWords(c model.HomeChange) string {
	var phrases []string
	for _, kind := range c.Kinds {
		switch kind {
		case model.ChangeAdd:
			phrases = append(phrases, "补入名册")
		case model.ChangeRemove:
			phrases = append(phrases, "移出名册")
		case model.ChangeOwners:
			phrases = append(phrases, "更正产权人")
		case model.ChangeMove:
			if len(c.CountsWith) > 0 {
				phrases = append(phrases, "改与"+strings.Join(c.CountsWith, "、")+"合计一人")
			} else {
				phrases = append(phrases, "改为单独计算")
			}
		case model.ChangeArea:
			phrases = append(phrases, "面积由"+areaWords(c.AreaBefore)+"改为"+areaWords(c.AreaAfter))
		}
	}
	return c.Label + "：" + strings.Join(phrases, "，")
}

func areaWords(a *quantity.Area) string {
	if a == nil {
		return "不明"
	}
	return a.String() + "平方米"
}

var wayWords = map[string]string{"box": "票箱", "visit": "入户", "counter": "窗口", "post": "邮寄"}

var subjectWords = map[model.Subject]string{
	"lift":                  "改建、重建建筑物及其附属设施（加装电梯，第一款第七项）",
	"alteration":            "改建、重建建筑物及其附属设施（第一款第七项）",
	"common_parts_business": "改变共有部分的用途或者利用共有部分从事经营活动（第一款第八项）",
	"fund_raise":            "筹集建筑物及其附属设施的维修资金（第一款第六项）",
	"fund_use":              "使用建筑物及其附属设施的维修资金（第一款第五项）",
	"hire_manager":          "选聘和解聘物业服务企业或者其他管理人（第一款第四项）",
	"committee":             "选举业主委员会或者更换业主委员会成员（第一款第三项）",
	"rules":                 "制定和修改业主大会议事规则、管理规约（第一款第一项、第二项）",
	"scheme":                "老旧小区改造方案",
	"other":                 "有关共有和共同管理权利的其他重大事项",
}

var proofWords = map[model.Proof]string{
	model.ProofRosterPhone: "姓名与名册手机号相符",
	model.ProofDocument:    "姓名与证件号码相符",
	model.ProofInPerson:    "当面核实证件",
	model.ProofPaper:       "纸质签名",
}

var basisWords = map[model.Basis]string{
	model.BasisGuardian:     "监护人",
	model.BasisOrganisation: "单位的代表人",
	model.BasisPublicUnit:   "单位产权的代表",
	model.BasisHeir:         "尚未登记的继承人",
	model.BasisPossessor:    "合法占有、尚未登记的人",
}

// silenceWords tells how the result would read under the estate's own rule.
func silenceWords(r *SilentReading) string {
	if r == nil {
		return ""
	}
	text := fmt.Sprintf("本小区%s%s规定：“%s”（%s通过）。已送达而未答复的 %d 人、%s 平方米。",
		r.Rule.Rule, r.Rule.Clause, r.Rule.Quote, r.Rule.AdoptedOn, r.Silent.Heads, r.Silent.Area)
	verdict := map[bool]string{true: "通过", false: "不通过"}[r.Passed]
	if !r.Follows {
		return text + "参与表决者中没有人数、面积均占多数的一方，不适用该规定。以上仅供参考，本公告以实际参与表决的结果为准。"
	}
	return text + fmt.Sprintf("若按该规定计入多数一方，同意 %d 人、%s 平方米，反对 %d 人、%s 平方米，为%s。以上仅供参考，本公告以实际参与表决的结果为准。",
		r.Totals.Agree.Heads, r.Totals.Agree.Area, r.Totals.Oppose.Heads, r.Totals.Oppose.Area, verdict)
}

var invalidWords = map[model.InvalidReason]string{
	model.InvalidSpoiled:     "填写不清或多选",
	model.InvalidUnsigned:    "未签名",
	model.InvalidNotOwner:    "签名人不是产权人",
	model.InvalidNoAuthority: "代理人没有授权",
	model.InvalidLate:        "逾期送达",
	model.InvalidForged:      "经查系他人冒签",
	model.InvalidDisputed:    "共有人之间有争议未解决",
}
