package projects

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/rule/project"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/registry"
	"gongdi/service/store"
)

// Candidate is an estate with what the policy says of it.
type Candidate struct {
	ID, Name, AreaCode, Community string
	BuiltYear                     *int
	Homes                         int64
	Cases                         int64 // of the past year that count
	Project                       string
	Verdict                       project.Verdict `gorm:"-"`
	Points                        []Evidence      `gorm:"-"`
}

// Missing are the points that do not speak for the estate, or that nobody has
// looked at.
func (c *Candidate) Missing() []Evidence {
	return slices.DeleteFunc(slices.Clone(c.Points), func(e Evidence) bool { return e.Met() })
}

// Evidence is the judgement of one aspect with what somebody found.
type Evidence struct {
	project.Point
	Found *model.EstateFinding // nil when it was not looked at
	Files []string
}

// A case counts towards 群众反映强烈 unless it was refused or is another's.
const (
	candidates = `SELECT e.id, e.name, e.area_code, e.built_year, COALESCE(a.name, '') AS community,
(SELECT COUNT(*) FROM properties p WHERE p.estate_id = e.id) AS homes,
(SELECT COUNT(*) FROM complaints c WHERE c.estate_id = e.id AND c.filed_at >= ? AND c.kind IN ('complaint', 'help') AND c.status NOT IN ('refused', 'merged')) AS cases,
COALESCE((SELECT MAX(r.number) FROM projects r WHERE r.estate_id = e.id), '') AS project
FROM estates e LEFT JOIN areas a ON a.code = e.area_code AND a.type = 'community' WHERE `
	inOrder  = " ORDER BY e.area_code, e.name, e.id"
	findings = "SELECT f.* FROM estate_findings f JOIN estates e ON e.id = f.estate_id WHERE "

	inArea    = "e.area_code LIKE ?"
	oneEstate = "e.id = ?"
)

// judge weighs the estates of which a condition holds.
func (s *Service) judge(tx *gorm.DB, where, value string) ([]Candidate, error) {
	var rows []Candidate
	if err := tx.Raw(candidates+where+inOrder, s.now().AddDate(-1, 0, 0), value).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list candidates: %w", err)
	}
	var found []model.EstateFinding
	if err := tx.Raw(findings+where, value).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("list findings: %w", err)
	}
	of := map[string]map[project.Aspect]*model.EstateFinding{}
	for i := range found {
		if of[found[i].EstateID] == nil {
			of[found[i].EstateID] = map[project.Aspect]*model.EstateFinding{}
		}
		of[found[i].EstateID][found[i].Aspect] = &found[i]
	}
	for i := range rows {
		s.weigh(&rows[i], of[rows[i].ID])
	}
	return rows, nil
}

func (s *Service) weigh(c *Candidate, found map[project.Aspect]*model.EstateFinding) {
	facts := project.Estate{
		BuiltYear: c.BuiltYear, BuiltUntil: s.BuiltUntil, Cases: c.Cases, Strong: int64(s.strong()), Found: map[project.Aspect]project.Answer{},
	}
	for aspect, f := range found {
		facts.Found[aspect] = f.Answer
	}
	verdict, points := project.Judge(facts)
	c.Verdict = verdict
	for _, p := range points {
		c.Points = append(c.Points, Evidence{Point: p, Found: found[p.Aspect]})
	}
}

// leastStrong is how many cases are 群众反映强烈 where no setting says.
const leastStrong = 3

func (s *Service) strong() int { return cmp.Or(s.StrongCases, leastStrong) }

// Candidates lists the estates of the caller's area with what is missing for
// each: first those that nothing is missing for.
func (s *Service) Candidates(ctx context.Context, caller model.Caller, verdict project.Verdict, offset, limit int) ([]Candidate, int64, error) {
	rows, err := s.judge(s.DB.Read(ctx), inArea, caller.AreaCode+"%")
	if err != nil {
		return nil, 0, err
	}
	if verdict != "" {
		rows = slices.DeleteFunc(rows, func(c Candidate) bool { return c.Verdict != verdict })
	}
	slices.SortStableFunc(rows, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(slices.Index(verdicts, a.Verdict), slices.Index(verdicts, b.Verdict)), cmp.Compare(len(a.Missing()), len(b.Missing())))
	})
	total := len(rows)
	return rows[min(offset, total):min(offset+limit, total)], int64(total), nil
}

var verdicts = []project.Verdict{project.Eligible, project.Incomplete, project.NotEligible, project.Excluded}

// EligibilityOf judges one estate, with the papers of each finding.
func (s *Service) EligibilityOf(ctx context.Context, estateID string) (*Candidate, error) {
	return s.candidate(s.DB.Read(ctx), estateID)
}

func (s *Service) candidate(tx *gorm.DB, estateID string) (*Candidate, error) {
	rows, err := s.judge(tx, oneEstate, estateID)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	c := &rows[0]
	for i := range c.Points {
		if c.Points[i].Found == nil {
			continue
		}
		papers, err := files.Of(tx, FindingPapers(estateID, c.Points[i].Aspect))
		if err != nil {
			return nil, err
		}
		for _, f := range papers {
			c.Points[i].Files = append(c.Points[i].Files, f.ID)
		}
	}
	return c, nil
}

// FindingPapers is what the pictures and papers of a finding belong to.
func FindingPapers(estateID string, aspect project.Aspect) model.About {
	return model.About{Type: "estate_finding", ID: estateID + "/" + string(aspect)}
}

// Found is what staff found of an aspect. Unknown takes a finding back.
type Found struct {
	Aspect project.Aspect
	Answer project.Answer
	Words  string
	Files  []string
}

// Find enters what was found of an estate; what is not named stays.
func (s *Service) Find(ctx context.Context, caller model.Caller, e *model.Estate, found []Found) (*Candidate, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Candidate, error) {
		for i, f := range found {
			if err := s.find(tx, caller, e, f, fmt.Sprintf("body.findings[%d]", i)); err != nil {
				return nil, err
			}
		}
		if err := registry.Touch(tx, e.ID, s.now()); err != nil {
			return nil, err
		}
		err := s.record(ctx, tx, audit.Entry{Actor: caller, Right: model.JudgeEstates, Verb: "find", ObjectType: "estate", ObjectID: e.ID, AreaCode: e.AreaCode})
		if err != nil {
			return nil, err
		}
		return s.candidate(tx, e.ID)
	})
}

func (s *Service) find(tx *gorm.DB, caller model.Caller, e *model.Estate, f Found, at string) error {
	known := slices.ContainsFunc(project.Rules, func(r project.Rule) bool { return r.Aspect == f.Aspect })
	switch {
	case !known || f.Aspect == project.BuiltBefore:
		return fault.Unknown(at+".aspect", "没有这一项，建成年份在房屋档案中更正")
	case f.Answer == project.Unknown:
		err := tx.Exec("DELETE FROM estate_findings WHERE estate_id = ? AND aspect = ?", e.ID, f.Aspect).Error
		if err != nil {
			return fmt.Errorf("take back a finding of estate %s: %w", e.ID, err)
		}
		return files.Discard(tx, FindingPapers(e.ID, f.Aspect))
	case f.Words == "":
		return fault.Unknown(at+".words", "请写明依据")
	}
	row := model.EstateFinding{EstateID: e.ID, Aspect: f.Aspect, Answer: f.Answer, Words: f.Words, StaffID: caller.ID, FoundAt: s.now()}
	if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("note a finding of estate %s: %w", e.ID, err)
	}
	return files.Attach(tx, caller, FindingPapers(e.ID, f.Aspect), f.Files, at+".file_ids")
}
