package model

import (
	"time"

	"gongdi/model/quantity"
)

// LiftStep is how far one official step of a lift has come.
type LiftStep struct {
	PlanID  string `gorm:"primaryKey"`
	Step    Step   `gorm:"primaryKey"`
	BegunOn quantity.Date
	DoneOn  quantity.Date
	Note    string
	StaffID string
	At      time.Time
}

// Step is an official step of a lift (办理步骤).
type Step string

// Gate is what a step needs before it is done. What the ledger, the vote and
// the notices know is asked there and never ticked by hand.
type Gate string

// The gates.
const (
	GatePaper      Gate = "paper"       // a file of this step
	GateMotion     Gate = "motion"      // the owners' special motion passed this version
	GateAgreement  Gate = "agreement"   // all who pay have signed, and whoever's own part is occupied consents
	GatePublicity  Gate = "publicity"   // a publicity period on this version has ended
	GateObjections Gate = "objections"  // no written objection stands unsettled, where the street so decides
	GateBefore     Gate = "step_before" // the named step is done
)

// StepRule is one step as the office works it off.
type StepRule struct {
	Code       Step
	Name       string
	Department string
	Gates      []Gate
	After      []Step // done before this one is
}

// Steps are the official steps in their order.
//
// Law: 特种设备安全法 arts 23 (告知), 25 (监督检验), 33 (使用登记); assessment of
// schemes under 市场监管局, 金府办〔2021〕140号; the order follows 济南, 无锡, 成都.
var Steps = []StepRule{
	{"intents", "意愿摸底", "社区居民委员会", nil, nil},
	{"scheme", "方案与概算", "业主、设计单位", []Gate{GatePaper}, nil},
	{"vote", "业主表决", "社区居民委员会", []Gate{GateMotion}, []Step{"scheme"}},
	{"agreement", "签订协议", "出资业主", []Gate{GateAgreement}, []Step{"vote"}},
	{"publicity", "公示", "社区居民委员会", []Gate{GatePublicity}, []Step{"vote"}},
	{"objections", "异议处理", "社区居民委员会、街道办事处", []Gate{GateObjections}, []Step{"publicity"}},
	{"assessment", "方案评估", "县市场监管局指导", []Gate{GatePaper}, []Step{"objections"}},
	{"permit", "审查、许可", "县自然资源局、县住建局", []Gate{GatePaper, GateMotion, GateAgreement, GateObjections}, []Step{"assessment"}},
	{"notification", "安装告知", "县市场监管局", []Gate{GatePaper}, []Step{"permit"}},
	{"construction", "施工", "施工单位", nil, []Step{"notification"}},
	{"inspection", "监督检验", "特种设备检验机构", []Gate{GatePaper}, []Step{"construction"}},
	{"acceptance", "竣工验收", "建设单位", []Gate{GatePaper}, []Step{"inspection"}},
	{"registration", "使用登记", "县市场监管局", []Gate{GatePaper}, []Step{"acceptance"}},
	{"subsidy", "补贴与公积金", "县财政局、住房公积金管理中心", []Gate{GatePaper}, []Step{"registration"}},
	{"operation", "运行维护", "使用管理人", nil, []Step{"registration"}},
}
