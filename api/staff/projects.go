package staff

import (
	"context"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
	"gongdi/service/projects"
)

func (h *handlers) projects(a *api.API) {
	api.Handle(a, creating(post("/projects", projectTag, "open a project for an estate", model.KeepProjects)), h.createProject)
	api.Handle(a, get("/projects", projectTag, "the project ledger of one's area; a department's own", model.ReadProjects), h.listProjects)
	api.Handle(a, h.onProject(get("/projects/{id}", projectTag, "a project with its steps and what each lacks", model.ReadProjects)), h.showProject)
	api.Handle(a, h.onProject(route(http.MethodPut, "/projects/{id}", projectTag, "set what the ledger holds of a project", model.KeepProjects)), h.replaceProject)
	api.Handle(a, h.onProject(route(http.MethodPut, "/projects/{id}/dates", projectTag, "set milestones, those that are named", model.ReportProjects)), h.dateProject)
	api.Handle(a, h.onProject(route(http.MethodPut, "/projects/{id}/acceptance", projectTag, "note the acceptance, the report to the county and the handover", model.KeepProjects)), h.acceptProject)
	withdraw := h.onProject(post("/projects/{id}/withdraw", projectTag, "take out a project that was made by mistake and has no history", model.KeepProjects))
	withdraw.Status = http.StatusNoContent
	api.Handle(a, withdraw, h.withdrawProject)
	complete := post("/projects/{id}/steps/{step}/complete", projectTag, "complete a step; what it lacks is refused by name, unless the county lets it pass", model.CompleteSteps)
	complete.Thing = h.projectStep
	api.Handle(a, complete, h.completeStep)
	for name, write := range map[string]func(context.Context, model.Caller, *projects.View, io.Writer) error{
		"acceptance-report": h.Projects.PrintAcceptance, "handover-record": h.Projects.PrintHandover,
	} {
		api.Handle(a, h.onProject(get("/projects/{id}/"+name+".pdf", projectTag, "A4, to be signed", model.ReadProjects)), func(ctx context.Context, in *ProjectPath) (*api.File, error) {
			v, err := h.Projects.Read(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return api.Save("application/pdf", name+".pdf", func(w io.Writer) error { return write(ctx, api.Caller(ctx), v, w) })
		})
	}
	h.projectReports(a)
	h.projectSheets(a)
}

// ProjectPath names a project.
type ProjectPath struct {
	ID string `path:"id"`
}

// onProject puts a route under a project that the caller may see.
func (h *handlers) onProject(r api.Route) api.Route {
	r.Thing = api.Named(h.Projects.Of)
	return r
}

func (h *handlers) projectStep(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	p, err := h.Projects.Of(ctx, caller, param("id"))
	if err != nil {
		return nil, err
	}
	return p, projects.HasStep(project.Step(param("step")))
}

// ProjectTerms is what the ledger holds of a project.
type ProjectTerms struct {
	Number            string                       `json:"number,omitempty" maxLength:"32" doc:"the next of its batch unless given"`
	BatchYear         int                          `json:"batch_year" minimum:"1990" maximum:"2100"`
	Name              string                       `json:"name,omitempty" maxLength:"100"`
	Address           string                       `json:"address,omitempty" maxLength:"200"`
	BuiltYear         *int                         `json:"built_year,omitempty" doc:"these five follow the register unless given, with a reason"`
	Buildings         *int                         `json:"buildings,omitempty" minimum:"0" maximum:"100000"`
	Units             *int                         `json:"units,omitempty" minimum:"0" maximum:"100000"`
	Households        *int                         `json:"households,omitempty" minimum:"0" maximum:"1000000"`
	Area              *api.Area                    `json:"area_m2,omitempty"`
	Longitude         *api.Degree                  `json:"longitude,omitempty" doc:"GCJ-02; with latitude, or neither"`
	Latitude          *api.Degree                  `json:"latitude,omitempty"`
	OverrideReason    string                       `json:"override_reason,omitempty" maxLength:"500"`
	Nature            string                       `json:"nature,omitempty" enum:"commodity,reformed,unit,mixed"`
	OriginalUnit      string                       `json:"original_unit,omitempty" maxLength:"100"`
	HasFund           *bool                        `json:"has_maintenance_fund,omitempty"`
	ManagedBefore     string                       `json:"managed_before,omitempty" maxLength:"100"`
	ManagedAfter      string                       `json:"managed_after,omitempty" maxLength:"100"`
	Works             []api.WorkBody               `json:"works,omitempty" maxItems:"200"`
	Total             int64                        `json:"total_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"总投资"`
	Money             map[string]int64             `json:"money_fen,omitempty" doc:"planned by source: central, province, city, county, bond, residents, unit, pipelines, society"`
	Dates             map[string]api.MilestoneBody `json:"dates,omitempty" doc:"set_up, approved, tendered, started, finished, accepted, handed_over"`
	ResponsibleUnit   string                       `json:"responsible_unit,omitempty" maxLength:"100"`
	ResponsiblePerson string                       `json:"responsible_person,omitempty" maxLength:"50"`
	Party             string                       `json:"party,omitempty" maxLength:"32" doc:"code of the department that carries it out, such as construction_group"`
	Contractor        string                       `json:"contractor,omitempty" maxLength:"100"`
	Supervisor        string                       `json:"supervisor,omitempty" maxLength:"100"`
	Designer          string                       `json:"designer,omitempty" maxLength:"100"`
	WorksDone         *int                         `json:"works_done_bp,omitempty" minimum:"0" maximum:"10000" doc:"hundredths of a percent; as it is unless given"`
	Paid              *int                         `json:"paid_bp,omitempty" minimum:"0" maximum:"10000"`
}

// entry reads a request over a project as it is, or over a new one.
func (b *ProjectTerms) entry(p model.Project) (projects.Entry, error) {
	e := projects.Entry{Project: model.Project{
		EstateID: p.EstateID, Number: b.Number, BatchYear: b.BatchYear, Name: b.Name, Address: b.Address, BuiltYear: b.BuiltYear, Buildings: b.Buildings, Units: b.Units, Households: b.Households,
		Area: (*quantity.Area)(b.Area), Longitude: (*quantity.Degree)(b.Longitude), Latitude: (*quantity.Degree)(b.Latitude), OverrideReason: b.OverrideReason, Nature: model.Nature(b.Nature), OriginalUnit: b.OriginalUnit, ManagedBefore: b.ManagedBefore, ManagedAfter: b.ManagedAfter,
		Total: quantity.Fen(b.Total), ResponsibleUnit: b.ResponsibleUnit, ResponsiblePerson: b.ResponsiblePerson, Party: b.Party, Contractor: b.Contractor, Supervisor: b.Supervisor,
		Designer: b.Designer, WorksDone: p.WorksDone, Paid: p.Paid,
	}, Money: map[model.InvestedSource]quantity.Fen{}}
	if b.HasFund != nil {
		e.Fund = map[bool]model.FundState{true: model.HasFund, false: model.HasNoFund}[*b.HasFund]
	}
	for given, to := range map[*int]*int{b.WorksDone: &e.WorksDone, b.Paid: &e.Paid} {
		if given != nil {
			*to = *given
		}
	}
	for _, w := range b.Works {
		e.Works = append(e.Works, model.ProjectWork{Class: model.WorkClass(w.Class), Item: w.Item, Unit: w.Unit, Quantity: w.Quantity, Done: w.Done})
	}
	var err error
	if e.Money, err = moneyOf(b.Money); err != nil {
		return e, err
	}
	e.Dates, err = milestones(b.Dates)
	return e, err
}

func moneyOf(given map[string]int64) (map[model.InvestedSource]quantity.Fen, error) {
	out := map[model.InvestedSource]quantity.Fen{}
	for _, s := range model.InvestedSources {
		if fen, there := given[string(s.Source)]; there {
			if fen < 0 || quantity.Fen(fen) > quantity.MaxFen {
				return nil, invalid("body.money_fen."+string(s.Source), "金额不对")
			}
			out[s.Source] = quantity.Fen(fen)
		}
	}
	if len(out) != len(given) {
		return nil, invalid("body.money_fen", "没有这个资金来源")
	}
	return out, nil
}

func milestones(given map[string]api.MilestoneBody) (map[model.Milestone]model.ProjectDate, error) {
	out := map[model.Milestone]model.ProjectDate{}
	for _, m := range model.Milestones {
		if d, there := given[string(m.Milestone)]; there {
			out[m.Milestone] = model.ProjectDate{Milestone: m.Milestone, Planned: quantity.Date(d.Planned), Actual: quantity.Date(d.Actual)}
		}
	}
	if len(out) != len(given) {
		return nil, invalid("body.dates", "没有这个节点")
	}
	return out, nil
}

type projectBody struct {
	ID            string                       `json:"id"`
	Number        string                       `json:"number"`
	BatchYear     int                          `json:"batch_year"`
	EstateID      string                       `json:"estate_id"`
	Estate        string                       `json:"estate"`
	Community     string                       `json:"community"`
	Name          string                       `json:"name"`
	Address       string                       `json:"address"`
	BuiltYear     *int                         `json:"built_year" nullable:"true" doc:"of the register, unless set otherwise"`
	Buildings     int                          `json:"buildings"`
	Units         int                          `json:"units"`
	Households    int                          `json:"households"`
	Area          api.Area                     `json:"area_m2"`
	Longitude     *api.Degree                  `json:"longitude,omitempty"`
	Latitude      *api.Degree                  `json:"latitude,omitempty"`
	Overrides     []string                     `json:"overrides" doc:"what was set otherwise than the register has it"`
	Reason        string                       `json:"override_reason,omitempty"`
	Nature        string                       `json:"nature,omitempty"`
	OriginalUnit  string                       `json:"original_unit,omitempty"`
	HasFund       *bool                        `json:"has_maintenance_fund" nullable:"true"`
	ManagedBefore string                       `json:"managed_before,omitempty"`
	ManagedAfter  string                       `json:"managed_after,omitempty"`
	Works         []api.WorkBody               `json:"works"`
	Total         int64                        `json:"total_fen"`
	Money         map[string]int64             `json:"money_fen" doc:"planned by source"`
	Groups        []moneyGroupBody             `json:"money_groups" doc:"planned, and received as the ledger of money has it for the estate"`
	SharedWith    []string                     `json:"received_shared_with" doc:"numbers of the estate's other projects: what was received is the estate's, and not told apart between them"`
	Dates         map[string]api.MilestoneBody `json:"dates"`
	Unit          string                       `json:"responsible_unit,omitempty"`
	Person        string                       `json:"responsible_person,omitempty"`
	Party         string                       `json:"party,omitempty"`
	PartyName     string                       `json:"party_name,omitempty"`
	Contractor    string                       `json:"contractor,omitempty"`
	Supervisor    string                       `json:"supervisor,omitempty"`
	Designer      string                       `json:"designer,omitempty"`
	WorksDone     int                          `json:"works_done_bp"`
	Paid          int                          `json:"paid_bp"`
	Result        string                       `json:"result,omitempty" enum:"qualified,to_rectify"`
	Opinion       string                       `json:"opinion,omitempty"`
	ReportedOn    string                       `json:"reported_on,omitempty" format:"date"`
	Receiver      string                       `json:"receiver,omitempty"`
	Warranty      *api.WarrantyBody            `json:"warranty,omitempty"`
	OpenProblems  int                          `json:"open_problems"`
	LateProblems  int                          `json:"late_problems"`
	Step          string                       `json:"step" doc:"the step that it is at; empty when all are completed"`
	Passed        []passedBody                 `json:"passed_by_county" doc:"steps that the county let pass, why, and what they lacked"`
	UpdatedAt     time.Time                    `json:"updated_at"`
	Steps         []stepBody                   `json:"steps,omitempty" doc:"of one project only"`
	Consents      *consentsBody                `json:"consents,omitempty" doc:"of one project only"`
}

type moneyGroupBody struct {
	Group    string `json:"group" enum:"treasury,residents,unit,pipelines,society"`
	Name     string `json:"name"`
	Planned  int64  `json:"planned_fen"`
	Received int64  `json:"received_fen"`
}

type passedBody struct {
	Step   string    `json:"step"`
	Name   string    `json:"name"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Lacked []gapBody `json:"lacked"`
}

func gaps(of []project.Gap) []gapBody {
	out := make([]gapBody, 0, len(of))
	for _, g := range of {
		out = append(out, gapBody(g))
	}
	return out
}

func projectOf(v projects.View) projectBody {
	r := v.Stands()
	b := projectBody{
		ID: v.ID, Number: v.Number, BatchYear: v.BatchYear, EstateID: v.EstateID, Estate: v.Estate, Community: v.Community, Name: v.Name, Address: v.Address,
		BuiltYear: r.BuiltYear, Buildings: r.Buildings, Units: r.Units, Households: r.Households, Area: api.Area(r.Area), Longitude: (*api.Degree)(v.Longitude), Latitude: (*api.Degree)(v.Latitude), Overrides: overrides(&v), Reason: v.OverrideReason,
		Nature: string(v.Nature), OriginalUnit: v.OriginalUnit, ManagedBefore: v.ManagedBefore, ManagedAfter: v.ManagedAfter, Works: api.Works(v.Works), Total: int64(v.Total),
		Money: map[string]int64{}, Dates: api.Dates(v.Dates), Unit: v.ResponsibleUnit, Person: v.ResponsiblePerson, Party: v.Party, PartyName: v.PartyName, Contractor: v.Contractor,
		Supervisor: v.Supervisor, Designer: v.Designer, WorksDone: v.WorksDone, Paid: v.Paid, Result: string(v.Result), Opinion: v.Opinion, ReportedOn: string(v.ReportedOn),
		Receiver: v.Receiver, Warranty: api.Warranty(&v), OpenProblems: v.OpenProblems, LateProblems: v.LateProblems, Step: string(v.At()), SharedWith: append([]string{}, v.SharedWith...), Passed: []passedBody{}, UpdatedAt: api.Time(v.UpdatedAt),
	}
	if v.Fund != model.FundUnknown {
		there := v.Fund == model.HasFund
		b.HasFund = &there
	}
	for source, fen := range v.Money {
		b.Money[string(source)] = int64(fen)
	}
	for _, g := range model.MoneyGroups {
		b.Groups = append(b.Groups, moneyGroupBody{string(g.Group), g.Name, int64(v.Planned(g.Group)), int64(v.Received[g.Group])})
	}
	for _, d := range v.Steps {
		if d.PassReason != "" {
			b.Passed = append(b.Passed, passedBody{string(d.Step), project.StepNames[d.Step], d.PassReason, d.StaffID, api.Time(d.DoneAt), gaps(d.Lacked)})
		}
	}
	return b
}

func overrides(v *projects.View) []string {
	out := []string{}
	for _, o := range []struct {
		name string
		set  bool
	}{{"built_year", v.BuiltYear != nil}, {"buildings", v.Buildings != nil}, {"units", v.Units != nil}, {"households", v.Households != nil}, {"area_m2", v.Area != nil}} {
		if o.set {
			out = append(out, o.name)
		}
	}
	return out
}

// whole answers with a project, its steps and what residents said.
func (h *handlers) whole(ctx context.Context, v *projects.View, err error) (*api.Body[projectBody], error) {
	if err != nil {
		return nil, err
	}
	stages, err := h.Projects.Stages(ctx, v)
	if err != nil {
		return nil, err
	}
	c, err := h.Projects.ConsentsOf(ctx, v.EstateID)
	if err != nil {
		return nil, err
	}
	b := projectOf(*v)
	for _, stage := range stages {
		b.Steps = append(b.Steps, stepOf(stage, b.Step))
	}
	b.Consents = consentsOf(c)
	return api.Answer(b), nil
}

func (h *handlers) createProject(ctx context.Context, in *struct {
	Body struct {
		EstateID string `json:"estate_id" minLength:"1" maxLength:"64"`
		ProjectTerms
	}
}) (*api.Body[projectBody], error) {
	e, err := in.Body.entry(model.Project{EstateID: in.Body.EstateID})
	if err != nil {
		return nil, err
	}
	v, err := h.Projects.Create(ctx, api.Caller(ctx), e)
	return h.whole(ctx, v, err)
}

func (h *handlers) replaceProject(ctx context.Context, in *struct {
	ProjectPath
	Body ProjectTerms
}) (*api.Body[projectBody], error) {
	p := api.Found[*model.Project](ctx)
	e, err := in.Body.entry(*p)
	if err != nil {
		return nil, err
	}
	v, err := h.Projects.Replace(ctx, api.Caller(ctx), p, e)
	return h.whole(ctx, v, err)
}

func (h *handlers) withdrawProject(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}) (*struct{}, error) {
	return nil, h.Projects.Withdraw(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), in.Body.Reason)
}

// LedgerFilter narrows the project ledger.
type LedgerFilter struct {
	BatchYear int    `query:"batch_year" minimum:"0" maximum:"9999"`
	EstateID  string `query:"estate_id" maxLength:"64"`
	Step      string `query:"step" enum:"survey,design,construction,acceptance,evaluation" doc:"that projects are at"`
}

func (f LedgerFilter) filter() projects.Filter {
	return projects.Filter{BatchYear: f.BatchYear, EstateID: f.EstateID, Step: project.Step(f.Step)}
}

func (h *handlers) listProjects(ctx context.Context, in *struct {
	api.Page
	LedgerFilter
}) (*api.Body[api.List[projectBody]], error) {
	rows, total, err := h.Projects.List(ctx, api.Caller(ctx), in.filter(), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, projectOf)), nil
}

func (h *handlers) showProject(ctx context.Context, in *ProjectPath) (*api.Body[projectBody], error) {
	v, err := h.Projects.Read(ctx, in.ID)
	return h.whole(ctx, v, err)
}

type milestoneEntry struct {
	Planned *string `json:"planned,omitempty" maxLength:"10" doc:"a day, or empty for none; stays when left out. Whoever carries a project out does not move one that stands"`
	Actual  *string `json:"actual,omitempty" maxLength:"10" doc:"a day, or empty for none; stays when left out"`
}

// said reads a day where something is said of it.
func said(at string, text *string) (*quantity.Date, error) {
	if text == nil {
		return nil, nil //nolint:nilnil // nothing is said
	}
	day, err := maybeDay(at, *text)
	return &day, err
}

func (h *handlers) dateProject(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		Dates map[string]milestoneEntry `json:"dates" doc:"set_up, approved, tendered, started, finished, accepted, handed_over; the last two by the office only"`
	}
}) (*api.Body[projectBody], error) {
	dates := map[model.Milestone]projects.Milestone{}
	for _, m := range model.Milestones {
		entry, there := in.Body.Dates[string(m.Milestone)]
		if !there {
			continue
		}
		var one projects.Milestone
		var err error
		if one.Planned, err = said("body.dates."+string(m.Milestone)+".planned", entry.Planned); err != nil {
			return nil, err
		}
		if one.Actual, err = said("body.dates."+string(m.Milestone)+".actual", entry.Actual); err != nil {
			return nil, err
		}
		dates[m.Milestone] = one
	}
	if len(dates) != len(in.Body.Dates) {
		return nil, invalid("body.dates", "没有这个节点")
	}
	v, err := h.Projects.Date(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), dates)
	return h.whole(ctx, v, err)
}
