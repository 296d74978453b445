package complaints

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/service/fault"
)

// effect does what a step does beside moving the state.
func (d *doing) effect() error {
	c := d.c
	switch d.act.Step {
	case complaint.Accept:
		return d.accept()
	case complaint.Refuse:
		return d.refuseCase()
	case complaint.Assign:
		return d.assign()
	case complaint.Take:
		return d.advance(model.PartTaken)
	case complaint.Return:
		return d.giveBack()
	case complaint.Contact:
		if c.ContactedAt == nil {
			c.ContactedAt = &d.at
		}
	case complaint.Extend:
		return d.askExtension()
	case complaint.DecideExtension:
		return d.decideExtension()
	case complaint.Answer:
		c.AnsweredAt = &d.at
		c.DaysTaken = int(quantity.DateOf(d.at).Start().Sub(quantity.DateOf(c.FiledAt).Start()) / (24 * time.Hour))
		return d.advance(model.PartAnswered)
	case complaint.Rate:
		c.Stars, c.Resolved, c.RatedAt, c.RatingWords = d.act.Stars, d.act.Resolved, &d.at, d.Vault.Seal(ratingWords, d.act.Words)
		d.step.Detail = fmt.Sprintf("%d星，%s", c.Stars, map[bool]string{true: "已解决", false: "未解决"}[c.Resolved])
	case complaint.CallBack:
		return d.callBack()
	case complaint.Reopen:
		return d.reopen()
	case complaint.Merge:
		return d.merge()
	case complaint.Lapse, complaint.Archive:
	}
	return nil
}

// accept may set the category right.
func (d *doing) accept() error {
	if d.act.Category == "" || d.act.Category == d.c.CategoryCode {
		return nil
	}
	return d.recategorise()
}

func (d *doing) recategorise() error {
	category, there := d.r.category(d.act.Category)
	if !there {
		return fault.Unknown("body.category", "没有这个分类")
	}
	estate, err := d.estate()
	if err != nil {
		return err
	}
	d.r.give(d.c, category, estate)
	d.c.CategoryBy = ""
	reckon(d.c, d.cal)
	d.step.Detail = "分类改为“" + category.Label + "”"
	return nil
}

func (d *doing) estate() (*model.Estate, error) {
	if d.c.EstateID == "" {
		return nil, nil
	}
	var e model.Estate
	if err := d.tx.Raw(estateByID, d.c.EstateID).Take(&e).Error; err != nil {
		return nil, fmt.Errorf("read the estate of case %s: %w", d.c.ID, err)
	}
	return &e, nil
}

// refuseCase needs a lawful reason: its code, or words that name it.
func (d *doing) refuseCase() error {
	for _, reason := range model.RefusalReasons {
		named := d.act.Reason == "" && slices.ContainsFunc(strings.Fields(reason.Words), func(w string) bool { return strings.Contains(d.act.Words, w) })
		if named || d.act.Reason == reason.Code {
			d.step.Detail = strings.TrimSuffix(reason.Label+"。"+reason.Note, "。")
			return nil
		}
	}
	codes := make([]string, 0, len(model.RefusalReasons))
	for _, reason := range model.RefusalReasons {
		codes = append(codes, reason.Label+"（"+reason.Code+"）")
	}
	return fault.ErrInvalid.At("body.reason", "不予受理须有法定理由："+strings.Join(codes, "、"))
}

// advance moves the lead's part.
func (d *doing) advance(to model.HandlerState) error {
	err := d.tx.Exec("UPDATE complaint_handlers SET state = ?, at = ? WHERE complaint_id = ? AND lead_part = ?", to, d.at, d.c.ID, true).Error
	if err != nil {
		return fmt.Errorf("move the lead's part in case %s: %w", d.c.ID, err)
	}
	return nil
}

// giveBack returns a case to the street, with the clause.
func (d *doing) giveBack() error {
	c := d.c
	c.Returns++
	clause := d.act.Clause
	if clause == "" {
		clause = d.r.departments[c.DepartmentCode].Clause
	}
	d.step.Detail = clip(fmt.Sprintf("第%d次退回，依据：%s", c.Returns, clause), 1000)
	if err := d.tx.Exec("DELETE FROM complaint_handlers WHERE complaint_id = ?", c.ID).Error; err != nil {
		return fmt.Errorf("end the parts of case %s: %w", c.ID, err)
	}
	return nil
}

func clip(text string, characters int) string {
	if runes := []rune(text); len(runes) > characters {
		return string(runes[:characters])
	}
	return text
}

// days reads how many working days an extension is for.
func (d *doing) days(most int) (int, error) {
	if d.act.Days == nil {
		return most, nil
	}
	if *d.act.Days < 1 || *d.act.Days > most {
		return 0, fault.ErrInvalid.At("body.working_days", "延期为1至"+strconv.Itoa(most)+"个工作日")
	}
	return *d.act.Days, nil
}

// mostExtension is the longest extension where the category has ended.
const mostExtension = 10

func (d *doing) askExtension() error {
	most := mostExtension
	if category, there := d.r.category(d.c.CategoryCode); there {
		most = category.ExtensionDays
	}
	days, err := d.days(most)
	if err != nil {
		return err
	}
	d.c.Extended, d.c.AskedDays = true, days
	d.step.Detail = fmt.Sprintf("申请延期%d个工作日", days)
	return nil
}

func (d *doing) decideExtension() error {
	c := d.c
	if d.act.Granted != nil && !*d.act.Granted {
		d.step.Detail = "不同意延期"
		return nil
	}
	days, err := d.days(c.AskedDays)
	if err != nil {
		return err
	}
	c.ExtensionDays = days
	reckon(c, d.cal)
	c.Promise = promised(c)
	d.step.Detail = fmt.Sprintf("延期%d个工作日，%s。理由：%s", days, c.Promise, clip(d.act.Words, 200))
	return nil
}

func (d *doing) callBack() error {
	switch d.act.Result {
	case model.NotCalledBack:
		d.c.CallBack = model.CalledSettled
	case model.CalledSettled, model.CalledNot, model.CalledNobody:
		d.c.CallBack = d.act.Result
	default:
		return fault.ErrInvalid.At("body.result", "应为 resolved、unresolved 或 unreached")
	}
	d.step.Detail = map[model.CallBackResult]string{model.CalledSettled: "回访：已解决", model.CalledNot: "回访：未解决", model.CalledNobody: "回访：未联系上"}[d.c.CallBack]
	return nil
}

// reopen takes a case up again, with a period of its own.
func (d *doing) reopen() error {
	c := d.c
	c.Reopened++
	c.Round++
	c.DueFrom, c.ExtensionDays, c.Extended, c.AskedDays = d.at, 0, false, 0
	c.ContactedAt, c.ReturnDueAt, c.ContactDueAt, c.CallBack = nil, nil, nil, model.NotCalledBack
	c.Stars, c.Resolved, c.RatedAt, c.RatingWords = 0, false, nil, ""
	reckon(c, d.cal)
	c.Promise = promised(c)
	d.step.Detail = fmt.Sprintf("第%d次重办，%s", c.Reopened, c.Promise)
	err := d.tx.Exec("UPDATE complaint_handlers SET state = 'assigned', round = ?, at = ? WHERE complaint_id = ?", c.Round, d.at, c.ID).Error
	if err != nil {
		return fmt.Errorf("take case %s up again: %w", c.ID, err)
	}
	return nil
}

// help takes a step in the part of a department that helps: it takes and
// answers apart, and the lead's case moves by the lead alone.
func (d *doing) help() error {
	if err := d.helpful(); err != nil {
		return err
	}
	if err := said(d.act.Words); err != nil {
		return err
	}
	to, step := model.PartTaken, model.StepCoTake
	if d.act.Step == complaint.Answer {
		to, step = model.PartAnswered, model.StepCoAnswer
	}
	err := d.tx.Exec("UPDATE complaint_handlers SET state = ?, at = ? WHERE complaint_id = ? AND department_code = ?", to, d.at, d.c.ID, d.part.DepartmentCode).Error
	if err != nil {
		return fmt.Errorf("move a part in case %s: %w", d.c.ID, err)
	}
	r, err := routingOn(d.tx, quantity.DateOf(d.at))
	if err != nil {
		return err
	}
	name := r.departments[d.part.DepartmentCode].Name
	d.act.Step, d.step = step, model.ComplaintStep{Step: step, ActorKind: string(d.caller.Kind), ActorID: d.caller.ID, DepartmentCode: d.part.DepartmentCode, DepartmentName: name}
	return d.finish(d.c.Status)
}

// helpful refuses a step that a helping department's part does not allow.
func (d *doing) helpful() error {
	allowed := map[model.HandlerState][]complaint.Step{model.PartAssigned: {complaint.Take}, model.PartTaken: {complaint.Answer}}[d.part.State]
	if !d.c.Status.Open() {
		allowed = nil
	}
	if !slices.Contains(allowed, d.act.Step) {
		return d.refuse(append([]complaint.Step{}, allowed...))
	}
	return nil
}
