package complaints

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/term"
	"gongdi/service/calendar"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// ErrStep refuses a step that the state does not allow; it carries the state,
// the steps that it allows, and in words who was there first.
var ErrStep = fault.New(fault.Conflict, "step_not_allowed", "这件诉求现在不能进行这一步")

// Act is what somebody does with a case. Which fields a step reads, it says;
// all but the words may be left out.
type Act struct {
	Step       complaint.Step
	Words      string
	Files      []string
	Category   string               // accept, assign: the right one
	Department string               // assign: the lead, else the category's
	Co         []string             // assign: who helps, else the category's
	Complex    bool                 // assign: the longer term of the category
	Reason     string               // refuse: code of a lawful one, else found from the words
	Clause     string               // return: whose duty it is, else the department's own duties are cited
	Days       *int                 // extend, decide-extension: working days, else the most there is
	Granted    *bool                // decide-extension: true unless said otherwise
	Result     model.CallBackResult // call-back: resolved unless said otherwise
	Into       string               // merge: the id or number of the other case
	Stars      int                  // rate
	Resolved   bool                 // rate
}

// doing is a step under way, in its transaction.
type doing struct {
	*Service
	ctx    context.Context
	tx     *gorm.DB
	caller model.Caller
	act    Act
	c      *model.Complaint
	at     time.Time
	step   model.ComplaintStep
	cal    term.Calendar
	r      *routing
	part   *model.ComplaintHandler // the caller's own, when it helps
}

// rightOf says what a member of staff needs for a step.
var rightOf = map[complaint.Step]model.Right{
	complaint.Accept: model.ConductCases, complaint.Refuse: model.ConductCases, complaint.Assign: model.ConductCases,
	complaint.DecideExtension: model.ConductCases, complaint.Merge: model.ConductCases, complaint.Archive: model.ConductCases,
	complaint.Take: model.HandleCases, complaint.Return: model.HandleCases, complaint.Contact: model.HandleCases,
	complaint.Extend: model.HandleCases, complaint.Answer: model.HandleCases, complaint.CallBack: model.CallBackCases,
	model.StepCoTake: model.HandleCases, model.StepCoAnswer: model.HandleCases,
}

// RightOf says what a member of staff needs for a step.
func RightOf(step complaint.Step) model.Right { return rightOf[step] }

// Do takes a step with a case. The state is judged before anything that came
// with the step: what it does not allow is ErrStep.
func (s *Service) Do(ctx context.Context, caller model.Caller, id string, act Act) (*model.Complaint, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Complaint, error) { return s.do(ctx, tx, caller, id, act) })
}

func (s *Service) do(ctx context.Context, tx *gorm.DB, caller model.Caller, id string, act Act) (*model.Complaint, error) {
	c, err := read(tx, s.DB.Locked(caseByID), id)
	if err != nil {
		return nil, err
	}
	d := &doing{Service: s, ctx: ctx, tx: tx, caller: caller, act: act, c: c, at: s.now()}
	if err := d.own(); err != nil {
		return nil, err
	}
	if d.part != nil && !d.part.LeadPart {
		return c, d.help()
	}
	from := c.Status
	to, ok := c.Facts().Next(act.Step, d.at)
	if !ok {
		return nil, d.refuse(c.Facts().Allowed(d.at))
	}
	if caller.Kind != "" && !silent(act.Step) {
		if err := said(act.Words); err != nil {
			return nil, err
		}
	}
	if d.cal, err = calendar.Of(tx, quantity.DateOf(c.DueFrom)); err != nil {
		return nil, err
	}
	if d.r, err = routingOn(tx, quantity.DateOf(d.at)); err != nil {
		return nil, err
	}
	c.Status, c.UpdatedAt = to, d.at
	d.step = model.ComplaintStep{Step: act.Step, ActorKind: string(caller.Kind), ActorID: caller.ID, DepartmentCode: c.DepartmentCode, DepartmentName: c.DepartmentName, OpenToResident: true}
	if err := d.effect(); err != nil {
		return nil, err
	}
	schedule(c, d.cal)
	return c, d.finish(from)
}

// Ready refuses a step that the state of a case does not allow, before anything
// that came with it is read; it gives the case. Do judges again, under the lock.
func (s *Service) Ready(ctx context.Context, caller model.Caller, id string, step complaint.Step) (*model.Complaint, error) {
	db := s.DB.Read(ctx)
	c, err := read(db, caseByID, id)
	if err != nil {
		return nil, err
	}
	d := &doing{Service: s, ctx: ctx, tx: db, caller: caller, act: Act{Step: step}, c: c, at: s.now()}
	if err := d.own(); err != nil {
		return nil, err
	}
	if d.part != nil && !d.part.LeadPart {
		return c, d.helpful()
	}
	if _, ok := c.Facts().Next(step, d.at); !ok {
		return nil, d.refuse(c.Facts().Allowed(d.at))
	}
	return c, nil
}

// silent are the steps that may be taken without a word.
func silent(step complaint.Step) bool { return step == complaint.Rate || step == complaint.Archive }

// own refuses, with not found, a case that is not the caller's to touch, and
// finds the department's part in it.
//
// Choice: a case is a department's own from the moment that the duties lead it
// there, or it has a part in it, until it leads to another (docs/adr/0018).
func (d *doing) own() error {
	switch {
	case d.caller.Kind == "": // the clock
		return nil
	case d.caller.Kind == model.ResidentSession:
		if d.c.ResidentID != d.caller.ID {
			return fault.ErrNotFound
		}
		return nil
	case !d.caller.Covers(d.c.AreaCode):
		return fault.ErrNotFound
	case d.caller.Role != model.RoleDepartment:
		return nil
	}
	var parts []model.ComplaintHandler
	if err := d.tx.Raw(partOf, d.c.ID, d.caller.Department).Scan(&parts).Error; err != nil {
		return fmt.Errorf("find a department's part in case %s: %w", d.c.ID, err)
	}
	switch {
	case len(parts) > 0:
		d.part = &parts[0]
	case d.c.DepartmentCode != d.caller.Department:
		return fault.ErrNotFound
	}
	return nil
}

const partOf = "SELECT * FROM complaint_handlers WHERE complaint_id = ? AND department_code = ?"

// refuse says what a case allows now, and who was there first.
func (d *doing) refuse(allowed []complaint.Step) error {
	e := *ErrStep
	e.Detail = "这件诉求现在是“" + StatusWords[d.c.Status] + "”"
	var last []model.ComplaintStep
	if err := d.tx.Raw("SELECT * FROM complaint_steps WHERE complaint_id = ? AND status = ? ORDER BY number DESC LIMIT 1", d.c.ID, d.c.Status).Scan(&last).Error; err != nil {
		return fmt.Errorf("read the last step of case %s: %w", d.c.ID, err)
	}
	if len(last) > 0 {
		e.Detail += fmt.Sprintf("（%s%s）", last[0].At.In(quantity.Shanghai).Format("2006-01-02 15:04"), last[0].DepartmentName)
	}
	if len(allowed) == 0 {
		e.Detail += "，没有可以进行的步骤"
		return e.Carrying("allowed", allowed).Carrying("state", d.c.Status)
	}
	names := make([]string, 0, len(allowed))
	for _, step := range allowed {
		names = append(names, StepWords[step]+"（"+string(step)+"）")
	}
	e.Detail += "，可以进行的是：" + strings.Join(names, "、")
	return e.Carrying("allowed", allowed).Carrying("state", d.c.Status)
}

// finish writes the case and the step, and tells who is concerned.
func (d *doing) finish(from complaint.State) error {
	c := d.c
	if err := d.save(); err != nil {
		return err
	}
	d.step.OpenToResident = !slices.Contains(hidden, d.act.Step)
	if err := d.note(d.tx, c, &d.step, d.act.Words); err != nil {
		return err
	}
	if err := files.Attach(d.tx, d.caller, StepPapers(d.step.ID), d.act.Files, "body.file_ids"); err != nil {
		return err
	}
	if err := d.tell(from); err != nil {
		return err
	}
	if err := d.tellDesks(); err != nil {
		return err
	}
	if d.caller.Kind != model.StaffSession {
		return nil
	}
	return d.record(d.ctx, d.tx, d.caller, rightOf[d.act.Step], c, strings.ReplaceAll(string(d.act.Step), "-", "_"), "")
}

func (d *doing) save() error { return save(d.tx, d.c) }

func save(tx *gorm.DB, c *model.Complaint) error {
	if err := tx.Select("*").Where("id = ?", c.ID).UpdateColumns(c).Error; err != nil {
		return fmt.Errorf("save case %s: %w", c.ID, err)
	}
	return nil
}

// note adds a step to a case's history.
func (s *Service) note(tx *gorm.DB, c *model.Complaint, step *model.ComplaintStep, words string) error {
	var last int
	if err := tx.Raw("SELECT COALESCE(MAX(number), 0) FROM complaint_steps WHERE complaint_id = ?", c.ID).Scan(&last).Error; err != nil {
		return fmt.Errorf("count the steps of case %s: %w", c.ID, err)
	}
	step.ID, step.ComplaintID, step.Number, step.Status, step.At = store.NewID(), c.ID, last+1, c.Status, s.now()
	step.Words = s.Vault.Seal(stepWords, words)
	if err := tx.Create(step).Error; err != nil {
		return fmt.Errorf("note a step of case %s: %w", c.ID, err)
	}
	return nil
}

const caseByID = "SELECT * FROM complaints WHERE id = ?"

func read(tx *gorm.DB, query, id string) (*model.Complaint, error) {
	return store.One[model.Complaint](tx, "case "+id, query, id)
}
