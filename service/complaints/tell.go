package complaints

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/service/messages"
)

// StatusWords are the states in the office's words.
var StatusWords = map[complaint.State]string{
	complaint.Submitted: "已提交", complaint.Accepted: "已受理", complaint.Refused: "不予受理", complaint.Assigned: "已派单", complaint.Returned: "已退单",
	complaint.Taken: "已签收", complaint.InProgress: "办理中", complaint.ExtensionAsked: "申请延期", complaint.Answered: "已答复，待评价",
	complaint.NotRated: "逾期未评价", complaint.Rated: "已评价", complaint.CalledBack: "已回访", complaint.Archived: "已归档",
	complaint.Reopened: "重办", complaint.Merged: "已并案",
}

// StepWords are the steps in the office's words.
var StepWords = map[complaint.Step]string{
	complaint.Accept: "受理", complaint.Refuse: "不予受理", complaint.Assign: "派单", complaint.Take: "签收", complaint.Return: "退单",
	complaint.Contact: "联系诉求人", complaint.Extend: "申请延期", complaint.DecideExtension: "审批延期", complaint.Answer: "答复",
	complaint.Rate: "评价", complaint.Lapse: "逾期未评价", complaint.CallBack: "回访", complaint.Archive: "归档", complaint.Reopen: "要求重办",
	complaint.Merge: "并案", model.StepFiled: "提交", model.StepCoTake: "协办签收", model.StepCoAnswer: "协办答复", model.StepNote: "督办意见",
	model.StepRecomputed: "期限重新计算", model.StepJoined: "我也遇到", model.StepAbsorbed: "并入另一件",
}

// hidden are the steps that a resident does not read of; of the unspoken ones
// they read that it was taken, and not what was said.
var (
	hidden   = []complaint.Step{complaint.Return, complaint.CallBack, model.StepNote, model.StepCoTake, model.StepCoAnswer}
	unspoken = []complaint.Step{complaint.Assign, complaint.Take, complaint.Extend}
)

// tell lets the resident know what came of it, and those who joined what was
// answered.
func (d *doing) tell(from complaint.State) error {
	c := d.c
	if slices.Contains(hidden, d.act.Step) || c.Status == from || d.caller.Kind == model.ResidentSession {
		return nil
	}
	var whom []string
	if c.ResidentID != "" {
		whom = append(whom, c.ResidentID)
	}
	if d.act.Step == complaint.Answer || d.act.Step == complaint.Merge {
		var joined []string
		if err := d.tx.Raw("SELECT resident_id FROM complaint_joins WHERE complaint_id = ?", c.ID).Scan(&joined).Error; err != nil {
			return fmt.Errorf("read who joined case %s: %w", c.ID, err)
		}
		whom = append(whom, joined...)
	}
	text := "您的诉求（编号 " + c.Number + "）：" + StatusWords[c.Status]
	if d.step.Detail != "" {
		text += "。" + d.step.Detail
	}
	if c.Status == complaint.Answered {
		text += "。请在7日内评价；没有解决的，15日内可以要求重办"
	}
	return messages.Tell(d.tx, whom, messages.News{Kind: "complaint", AboutType: "complaint", AboutID: c.ID, Text: text, Hint: "您的诉求" + StatusWords[c.Status]}, d.at)
}

// desks says which part of the office a piece of news is for.
type desks int

const (
	leadDesk   desks = 1 << iota // the lead's accounts
	helperDesk                   // those of who helps
	streetDesk                   // the street's
)

// officeNews is what the office is told at once of a step that it has to act
// on; the rest stands in its work lists.
var officeNews = map[complaint.Step]struct {
	kind, words string
	to          desks
}{
	complaint.Assign:          {"case_assigned", "已派单，请签收办理", leadDesk | helperDesk},
	complaint.Return:          {"case_returned", "被退回，请重新派单", streetDesk},
	complaint.Extend:          {"case_extension", "申请延期，请审批", streetDesk},
	complaint.DecideExtension: {"case_extension", "延期申请已审批", leadDesk},
	complaint.Reopen:          {"case_reopened", "诉求人要求重办", leadDesk | streetDesk},
	model.StepCoAnswer:        {"case_co_answered", "协办部门已答复", leadDesk},
	model.StepNote:            {"case_note", "有督办意见", leadDesk},
}

// tellDesks lets the accounts of the office know that a step leaves something
// for them to do.
func (d *doing) tellDesks() error {
	return d.tellOffice(d.tx, d.c, d.act.Step, d.step.Detail, d.at)
}

func (s *Service) tellOffice(tx *gorm.DB, c *model.Complaint, step complaint.Step, detail string, at time.Time) error {
	news, told := officeNews[step]
	if !told {
		return nil
	}
	text := "诉求 " + c.Number + " " + news.words
	if detail != "" {
		text += "：" + detail
	}
	return s.tellOf(tx, c, news.to, messages.News{Kind: news.kind, Text: text, Hint: "一件诉求" + news.words}, at)
}

const helpersOf = "SELECT department_code FROM complaint_handlers WHERE complaint_id = ? AND lead_part = ? ORDER BY department_code"

// tellOf tells some desks of a case.
func (s *Service) tellOf(tx *gorm.DB, c *model.Complaint, to desks, news messages.News, at time.Time) error {
	var codes []string
	if to&helperDesk != 0 {
		if err := tx.Raw(helpersOf, c.ID, false).Scan(&codes).Error; err != nil {
			return fmt.Errorf("read who helps with case %s: %w", c.ID, err)
		}
	}
	if to&leadDesk != 0 {
		codes = append(codes, c.DepartmentCode)
	}
	if to&streetDesk != 0 {
		codes = append(codes, model.StreetDepartment)
	}
	news.AboutType, news.AboutID = "complaint", c.ID
	return messages.TellDesks(tx, codes, c.AreaCode, news, at)
}

// alertNews is what an alert says, and to whom: to the department the day
// before, to it and its contact when the deadline has passed, then to the
// street, then to both, for the joint meeting.
var alertNews = map[model.AlertKind]struct {
	words, hint string
	to          desks
}{
	model.AlertDueSoon: {"即将到期，请按时答复", "一件诉求即将到期", leadDesk},
	model.AlertOverdue: {"已超过办结期限，请立即办理，联络员请跟进", "一件诉求已经逾期", leadDesk},
	model.AlertStreet:  {"逾期未办结，请街道督办", "一件诉求逾期，请督办", streetDesk},
	model.AlertJoint:   {"逾期未办结，已列入联席会议清单", "一件诉求列入联席会议", leadDesk | streetDesk},
}

// tellAlert tells who is to hear of an alert, in the transaction that raised it.
func (s *Service) tellAlert(tx *gorm.DB, c *model.Complaint, kind model.AlertKind, at time.Time) error {
	news := alertNews[kind]
	text := fmt.Sprintf("诉求 %s（%s，%s到期）%s", c.Number, c.DepartmentName, c.DueAt.In(quantity.Shanghai).Format("2006年1月2日15:04"), news.words)
	return s.tellOf(tx, c, news.to, messages.News{Kind: "case_" + string(kind), Text: text, Hint: news.hint}, at)
}

// tellDanger tells the street and whose duty it is of a danger, when it is filed.
func (s *Service) tellDanger(tx *gorm.DB, c *model.Complaint, at time.Time) error {
	if c.Danger == model.NoDanger {
		return nil
	}
	text := "险情：诉求 " + c.Number + "（" + c.DepartmentName + "）须在2小时内处置，请立即处理"
	return s.tellOf(tx, c, leadDesk|streetDesk, messages.News{Kind: "case_danger", Text: text, Hint: "一件险情，请立即处理"}, at)
}
