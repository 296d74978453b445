package projects

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/model/rule/project"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/notices"
	"gongdi/service/registry"
	"gongdi/service/schemes"
	"gongdi/service/store"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// What is refused of a step.
var (
	ErrGate         = fault.New(fault.Conflict, "gate_not_met", "这一步需要的条件还不齐")
	ErrStepDone     = fault.New(fault.Conflict, "step_done", "这一步已经完成")
	ErrPassByCounty = fault.New(fault.Forbidden, "gate_passed_by_county", "只有县级可以在条件不齐时放行")
)

// Stage is a step of a project: how it was completed, and what it needs.
type Stage struct {
	Step    project.Step
	Row     *model.ProjectStep // nil until it is completed
	Missing []project.Gap      // now, also of a step that was completed
}

// Consents are the figures of an estate's votes and surveys.
type Consents struct {
	Willing, Scheme voting.Stood
	Survey          *surveys.Ended      // the latest other survey that is over
	Satisfaction    *surveys.Ended      // the latest that is over
	Rate            *opinion.Hundredths // 满意率 of its first such question; nil where too few answered
}

// Stages are the five steps in their order.
func (s *Service) Stages(ctx context.Context, v *View) ([]Stage, error) {
	facts, err := s.facts(ctx, s.DB.Read(ctx), v)
	if err != nil {
		return nil, err
	}
	out := make([]Stage, 0, len(project.Steps))
	for _, step := range project.Steps {
		stage := Stage{Step: step, Missing: facts.Missing(step)}
		if i := slices.IndexFunc(v.Steps, func(d model.ProjectStep) bool { return d.Step == step }); i >= 0 {
			stage.Row = &v.Steps[i]
		}
		out = append(out, stage)
	}
	return out, nil
}

// ConsentsOf reads what residents said of a project's estate.
func (s *Service) ConsentsOf(ctx context.Context, estateID string) (Consents, error) {
	c, _, err := s.consents(s.DB.Read(ctx), estateID)
	if err != nil || c.Satisfaction == nil {
		return c, err
	}
	results, err := s.Surveys.Results(ctx, c.Satisfaction.Survey, surveys.Unsliced)
	if err != nil {
		return c, err
	}
	for _, q := range results.Questions {
		if q.Question.Type == opinion.Satisfaction && q.Valid > 0 {
			c.Rate = q.Rate
			break
		}
	}
	return c, nil
}

// consentsOf reads what residents said of several estates.
func (s *Service) consentsOf(ctx context.Context, estateIDs []string) (map[string]*Consents, error) {
	out := map[string]*Consents{}
	for _, id := range estateIDs {
		if out[id] != nil {
			continue
		}
		c, err := s.ConsentsOf(ctx, id)
		if err != nil {
			return nil, err
		}
		out[id] = &c
	}
	return out, nil
}

func (s *Service) consents(tx *gorm.DB, estateID string) (Consents, []surveys.Ended, error) {
	var c Consents
	var err error
	if c.Willing, err = voting.Passed(tx, estateID, "", model.Willingness); err != nil {
		return c, nil, err
	}
	if c.Scheme, err = voting.Passed(tx, estateID, schemeSubject, model.Ordinary, model.Special); err != nil {
		return c, nil, err
	}
	over, err := surveys.EndedOf(tx, estateID, s.now())
	if err != nil {
		return c, nil, err
	}
	for i := range over {
		switch {
		case over[i].Satisfaction && c.Satisfaction == nil:
			c.Satisfaction = &over[i]
		case !over[i].Satisfaction && c.Survey == nil:
			c.Survey = &over[i]
		}
	}
	return c, over, nil
}

// What votes and publicity periods on a scheme are called.
const (
	schemeSubject   model.Subject = "scheme"
	schemePublicity string        = "renovation_scheme"
)

func outcome(v voting.Stood) project.Outcome {
	switch {
	case v.MotionID == "":
		return project.NoVote
	case v.Outcome == vote.Passed:
		return project.Passed
	case v.Stage == model.StageSealed:
		return project.NotPassed
	}
	return project.Pending
}

// facts gathers what the gates of a project are judged by.
func (s *Service) facts(ctx context.Context, tx *gorm.DB, v *View) (project.Facts, error) {
	f := project.Facts{
		Today: quantity.DateOf(s.now()), Done: map[project.Step]bool{}, Works: len(v.Works), Total: v.Total, Named: v.ResponsibleUnit != "" && v.ResponsiblePerson != "",
		Contractor: v.Contractor, OpenProblems: v.OpenProblems, WorksDone: v.WorksDone, Qualified: v.Result == model.Qualified, ReportedOn: v.ReportedOn,
		TenderOn: v.Dates[model.Tendered].Actual, StartOn: v.Dates[model.Started].Actual, DoneOn: v.Dates[model.Finished].Actual,
		AcceptedOn: v.Dates[model.Accepted].Actual, HandedOverOn: v.Dates[model.HandedOver].Actual,
	}
	for _, d := range v.Steps {
		f.Done[d.Step] = true
	}
	for _, fen := range v.Money {
		f.BySource += fen
	}
	judged, err := s.judge(tx, oneEstate, v.EstateID)
	if err != nil {
		return f, err
	}
	if len(judged) > 0 {
		f.Verdict = judged[0].Verdict
	}
	if err := s.asked(tx, v.EstateID, &f); err != nil {
		return f, err
	}
	if err := agreed(ctx, tx, v.EstateID, &f); err != nil {
		return f, err
	}
	if err := papered(tx, v.ID, &f); err != nil {
		return f, err
	}
	f.Unmanaged, err = s.unmanaged(tx, v.EstateID)
	return f, err
}

// agreed looks for the estate's scheme in the version that the owners' vote
// passed, and how it was shown; an estate whose scheme is on paper has the vote
// on the subject, and what was shown to the whole estate.
func agreed(ctx context.Context, tx *gorm.DB, estateID string, f *project.Facts) error {
	scheme, err := schemes.Approved(ctx, tx, estateID)
	if err != nil {
		return err
	}
	if scheme != nil {
		f.Scheme = project.Passed
		matter := model.Matter{Type: "scheme", ID: scheme.Scheme.ID, Version: scheme.As.Version}
		if f.ShownUntil, err = notices.LastDay(tx, matter); err != nil {
			return err
		}
		if f.ShownUntil != "" {
			f.Objections, err = notices.Unsettled(tx, matter)
			return err
		}
	}
	shown, err := notices.Settled(tx, estateID, schemePublicity)
	f.ShownUntil, f.Objections = shown.LastDay, shown.Unsettled
	return err
}

func (s *Service) asked(tx *gorm.DB, estateID string, f *project.Facts) error {
	c, over, err := s.consents(tx, estateID)
	if err != nil {
		return err
	}
	f.Willing, f.Scheme = outcome(c.Willing), outcome(c.Scheme)
	for _, e := range over {
		switch {
		case e.Satisfaction:
			f.Satisfaction = f.Satisfaction || f.AcceptedOn != "" && !e.EndedAt.Before(midnight(f.AcceptedOn))
		case e.Survey.Base > 0 && (f.Asked == 0 || e.Answered*f.Asked > f.Answered*e.Survey.Base):
			f.Answered, f.Asked = e.Answered, e.Survey.Base
		}
	}
	return nil
}

func papered(tx *gorm.DB, projectID string, f *project.Facts) error {
	var kinds []model.PaperKind
	if err := tx.Raw("SELECT DISTINCT kind FROM project_papers WHERE project_id = ?", projectID).Scan(&kinds).Error; err != nil {
		return fmt.Errorf("list the papers of project %s: %w", projectID, err)
	}
	for kind, there := range map[model.PaperKind]*bool{
		model.BudgetReview: &f.Reviewed, model.TenderPaper: &f.Tendered, model.AcceptancePaper: &f.AcceptanceReport, model.HandoverPaper: &f.HandoverRecord,
	} {
		*there = slices.Contains(kinds, kind)
	}
	return nil
}

// HasStep refuses, with not found, a step that there is not.
func HasStep(step project.Step) error {
	if !slices.Contains(project.Steps, step) {
		return fault.ErrNotFound
	}
	return nil
}

// Complete closes a step. What it lacks is refused by name, unless the county
// lets it pass with a reason, which stays with the project.
func (s *Service) Complete(ctx context.Context, caller model.Caller, p *model.Project, step project.Step, passReason string) (*View, error) {
	if passReason != "" && caller.Role != model.RoleCounty {
		return nil, ErrPassByCounty
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*View, error) {
		if _, err := s.hold(tx, p.ID); err != nil {
			return nil, err
		}
		v, err := s.view(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if v.Done(step) {
			return nil, ErrStepDone
		}
		facts, err := s.facts(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		row := model.ProjectStep{ProjectID: p.ID, Step: step, StaffID: caller.ID, DoneAt: s.now(), Lacked: append([]project.Gap{}, facts.Missing(step)...)}
		if len(row.Lacked) > 0 {
			if passReason == "" {
				return nil, lacking(row.Lacked)
			}
			row.PassReason = passReason
		}
		if err := tx.Create(&row).Error; err != nil {
			return nil, fmt.Errorf("complete step %s of project %s: %w", step, p.ID, err)
		}
		if step == project.Acceptance {
			if err := acceptEstate(tx, p); err != nil {
				return nil, err
			}
		}
		verb := "complete_" + string(step)
		if row.PassReason != "" {
			verb = "pass_" + string(step)
		}
		return v, errors.Join(s.noted(ctx, tx, caller, model.CompleteSteps, p, verb, row.PassReason), registry.Touch(tx, p.EstateID, row.DoneAt), s.again(tx, v))
	})
}

// again reads a project anew.
func (s *Service) again(tx *gorm.DB, v *View) error {
	now, err := s.view(tx, v.ID)
	if err == nil {
		*v = *now
	}
	return err
}

func lacking(missing []project.Gap) error {
	list := make([]map[string]string, 0, len(missing))
	for _, g := range missing {
		list = append(list, map[string]string{"code": g.Code, "message": g.Message})
	}
	return ErrGate.Carrying("missing", list)
}

// acceptEstate gives the estate its project's day of acceptance, from which
// warranty runs.
func acceptEstate(tx *gorm.DB, p *model.Project) error {
	dates, err := datesOf(tx, p.ID)
	if err != nil || dates[model.Accepted].Actual == "" {
		return err
	}
	return registry.Accept(tx, p.EstateID, dates[model.Accepted].Actual)
}
