package lifts

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/notices"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// ErrGate says that a step is not done before what it needs is there; its
// fields say precisely what is missing.
var ErrGate = fault.New(fault.Conflict, "gate_unmet", "这一步还不能办结")

// Walked is a step with how far it has come, and what it still needs.
type Walked struct {
	model.StepRule
	Row   model.LiftStep
	Files []model.File
	Unmet []Unmet
}

// Unmet is a gate that is not met, and why.
type Unmet struct {
	Gate model.Gate
	Why  string
}

// StepFiles is what the papers of a step belong to.
func StepFiles(planID string, step model.Step) model.About {
	return model.About{Type: "lift_step", ID: planID + "/" + string(step)}
}

// Steps are the official steps of a variant in their order.
func (s *Service) Steps(ctx context.Context, p *model.LiftPlan) ([]Walked, error) {
	return s.steps(s.DB.Read(ctx), p)
}

func (s *Service) steps(tx *gorm.DB, p *model.LiftPlan) ([]Walked, error) {
	var rows []model.LiftStep
	if err := tx.Raw("SELECT * FROM lift_steps WHERE plan_id = ?", p.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the steps of lift plan %s: %w", p.ID, err)
	}
	w := walk{rows: map[model.Step]model.LiftStep{}, files: map[string][]model.File{}, today: quantity.DateOf(s.now())}
	for _, r := range rows {
		w.rows[r.Step] = r
	}
	var err error
	if w.state, err = s.StateIn(tx, p.ID, 0); err != nil {
		return nil, err
	}
	if w.ends, err = notices.LastDay(tx, model.Matter{Type: "lift_plan", ID: p.ID, Version: p.Version}); err != nil {
		return nil, err
	}
	if !s.ObjectionsPass {
		if w.objections, err = notices.Unsettled(tx, model.Matter{Type: "lift_plan", ID: p.ID}); err != nil {
			return nil, err
		}
	}
	var papers []model.File
	if err := tx.Raw("SELECT * FROM files WHERE about_type = 'lift_step' AND about_id LIKE ? ORDER BY created_at, id", p.ID+"/%").Scan(&papers).Error; err != nil {
		return nil, fmt.Errorf("list the papers of lift plan %s: %w", p.ID, err)
	}
	for _, f := range papers {
		w.files[f.AboutID] = append(w.files[f.AboutID], f)
	}
	out := make([]Walked, 0, len(model.Steps))
	for _, rule := range model.Steps {
		own := w.files[StepFiles(p.ID, rule.Code).ID]
		out = append(out, Walked{StepRule: rule, Row: w.rows[rule.Code], Files: own, Unmet: w.unmet(rule, own)})
	}
	return out, nil
}

// walk is what the gates of one variant are judged by.
type walk struct {
	rows       map[model.Step]model.LiftStep
	files      map[string][]model.File
	state      *State
	ends       quantity.Date
	objections int
	today      quantity.Date
}

func (w *walk) unmet(rule model.StepRule, papers []model.File) []Unmet {
	var out []Unmet
	for _, before := range rule.After {
		if w.rows[before].DoneOn == "" {
			at := slices.IndexFunc(model.Steps, func(r model.StepRule) bool { return r.Code == before })
			out = append(out, Unmet{model.GateBefore, "“" + model.Steps[at].Name + "”还没有办结"})
		}
	}
	for _, gate := range rule.Gates {
		if why := w.why(gate, papers); why != "" {
			out = append(out, Unmet{gate, why})
		}
	}
	return out
}

var unpassed = map[voting.Verdict]string{ //nolint:gosec // words of the office, no secrets
	voting.VerdictNone: "还没有对现行版本发起业主表决", voting.VerdictPending: "业主表决还没有结果", voting.VerdictNotPassed: "业主表决没有通过现行版本", voting.VerdictUndetermined: "业主表决结果待定",
}

// why says why a gate is not met; empty when it is.
func (w *walk) why(gate model.Gate, papers []model.File) string {
	switch gate {
	case model.GatePaper:
		if len(papers) == 0 {
			return "还没有上传这一步的材料"
		}
	case model.GateMotion:
		return unpassed[w.state.Verdict]
	case model.GateAgreement:
		return w.unsigned()
	case model.GatePublicity:
		switch {
		case w.ends == "":
			return "现行版本还没有公示"
		case w.ends >= w.today:
			return "公示期到 " + string(w.ends) + " 为止，还没有结束"
		}
	case model.GateObjections:
		if w.objections > 0 {
			return fmt.Sprintf("还有 %d 件书面异议没有处理完", w.objections)
		}
	case model.GateBefore:
	}
	return ""
}

func (w *walk) unsigned() string {
	missing, silent := 0, 0
	for i := range w.state.Homes {
		h := &w.state.Homes[i]
		if h.Share.Fen > 0 && !h.Signed() {
			missing++
		}
		if !h.Consents() {
			silent++
		}
	}
	switch {
	case missing > 0:
		return fmt.Sprintf("还有 %d 户出资户没有签署现行版本的协议", missing)
	case silent > 0:
		return fmt.Sprintf("还有 %d 户没有书面同意占用其专有部分", silent)
	case !w.state.Formed():
		return "现行版本没有出资户"
	}
	return ""
}

// Walk notes how far a step has come. It is done only when what it needs is
// there; the papers that come along count.
func (s *Service) Walk(ctx context.Context, caller model.Caller, planID string, row model.LiftStep, papers []string) ([]Walked, error) {
	today := quantity.DateOf(s.now())
	if row.BegunOn > today {
		return nil, fault.Unknown("body.begun_on", "日期不能在将来")
	}
	if row.DoneOn > today || row.DoneOn != "" && row.DoneOn < row.BegunOn {
		return nil, fault.Unknown("body.done_on", "日期不能在将来，也不能早于开始")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) ([]Walked, error) {
		p, err := s.hold(tx, planID)
		if err != nil {
			return nil, err
		}
		if err := files.Attach(tx, caller, StepFiles(planID, row.Step), papers, "body.file_ids"); err != nil {
			return nil, err
		}
		row.PlanID, row.StaffID, row.At = planID, caller.ID, s.now()
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return nil, fmt.Errorf("note step %s of lift plan %s: %w", row.Step, planID, err)
		}
		all, err := s.steps(tx, p)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(all, func(w Walked) bool { return w.Code == row.Step })
		if row.DoneOn != "" && len(all[at].Unmet) > 0 {
			refusal := ErrGate
			for _, u := range all[at].Unmet {
				refusal = refusal.At("gate."+string(u.Gate), u.Why)
			}
			return nil, refusal
		}
		return all, s.record(ctx, tx, caller, model.PlanLifts, p, "step_"+string(row.Step), row.Note)
	})
}

// HasStep refuses, with not found, a step that there is not.
func HasStep(step model.Step) error {
	if !slices.ContainsFunc(model.Steps, func(r model.StepRule) bool { return r.Code == step }) {
		return fault.ErrNotFound
	}
	return nil
}
