package complaints

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
)

// builder handles what is under warranty: the agent for construction (代建).
const builder = "construction_group"

// routing is who handles what on one day.
type routing struct {
	day         quantity.Date
	categories  []model.Category
	departments map[string]model.Department
	words       []keyword
}

type keyword struct {
	Word         string
	CategoryCode string
	Danger       model.Danger
	Weight       int
}

const (
	categoriesOn  = "SELECT * FROM complaint_categories WHERE valid_from <= ? AND (valid_until = '' OR valid_until >= ?) ORDER BY sort, code"
	departmentsOn = "SELECT * FROM departments WHERE valid_from <= ? AND (valid_until = '' OR valid_until >= ?) ORDER BY duty_row, code"
	keywords      = "SELECT * FROM complaint_words ORDER BY weight DESC, word"
)

// routingOn reads who handles what on a day.
//
// Law: 金府办〔2021〕140号 四; what the policy does not divide falls to the
// street, 「作为辖区内老旧小区改造工作的责任主体，协调处理老旧小区改造中的各类群众问题」.
func routingOn(db *gorm.DB, day quantity.Date) (*routing, error) {
	r := &routing{day: day, departments: map[string]model.Department{}}
	var departments []model.Department
	for _, read := range []struct {
		query string
		args  []any
		into  any
	}{
		{categoriesOn, []any{day, day}, &r.categories},
		{departmentsOn, []any{day, day}, &departments},
		{keywords, nil, &r.words},
	} {
		if err := db.Raw(read.query, read.args...).Scan(read.into).Error; err != nil {
			return nil, fmt.Errorf("read who handles what: %w", err)
		}
	}
	for _, d := range departments {
		r.departments[d.Code] = d
	}
	return r, nil
}

func (r *routing) category(code string) (model.Category, bool) {
	i := slices.IndexFunc(r.categories, func(c model.Category) bool { return c.Code == code })
	if i < 0 {
		return model.Category{}, false
	}
	return r.categories[i], true
}

// lead is who handles a category, and the street where nobody does.
func (r *routing) lead(c model.Category) model.Department {
	d, there := r.departments[c.DepartmentCode]
	if !there {
		d = r.departments[model.StreetDepartment]
	}
	return d
}

func (r *routing) clause(c model.Category) string {
	if d, there := r.departments[c.ClauseOf]; there {
		return d.Clause
	}
	return r.lead(c).Clause
}

// co lists who helps with a category.
func (r *routing) co(c model.Category) []model.Department {
	out := []model.Department{}
	for code := range strings.FieldsSeq(c.Co) {
		if d, there := r.departments[code]; there && code != c.DepartmentCode {
			out = append(out, d)
		}
	}
	return out
}

// Suggestion is a category that the words speak for, with the word that does.
type Suggestion struct {
	Category   model.Category
	Department model.Department
	Clause     string
	Word       string
	Danger     model.Danger
}

// suggest finds the categories that words speak for, the likeliest first: the
// heaviest word, and of equals the longest.
func (r *routing) suggest(words string) []Suggestion {
	out := []Suggestion{}
	found := slices.DeleteFunc(slices.Clone(r.words), func(k keyword) bool { return !strings.Contains(words, k.Word) })
	slices.SortStableFunc(found, func(a, b keyword) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(len(b.Word), len(a.Word)), cmp.Compare(strings.Index(words, a.Word), strings.Index(words, b.Word)))
	})
	for _, k := range found {
		c, there := r.category(k.CategoryCode)
		if !there || slices.ContainsFunc(out, func(s Suggestion) bool { return s.Category.Code == c.Code }) {
			continue
		}
		out = append(out, Suggestion{Category: c, Department: r.lead(c), Clause: r.clause(c), Word: k.Word, Danger: k.Danger})
	}
	return out
}

// route settles the category of a new case, the danger and who handles it.
func (r *routing) route(c *model.Complaint, f Filing, estate *model.Estate) error {
	suggestions := r.suggest(f.Words)
	c.Danger = f.Danger
	if c.Danger == model.NoDanger && len(suggestions) > 0 {
		c.Danger = suggestions[0].Danger
	}
	c.CategoryCode = f.Category
	switch {
	case f.Category == "" && len(suggestions) > 0:
		c.CategoryCode, c.CategoryBy = suggestions[0].Category.Code, suggestions[0].Word
	case f.Category == "":
		c.CategoryCode = model.UnclassifiedCategory
	}
	category, there := r.category(c.CategoryCode)
	if !there {
		return fault.Unknown("body.category", "没有这个分类")
	}
	r.give(c, category, estate)
	return nil
}

// give makes a case one of a category: its lead, its clause, its days.
//
// Law: 建设工程质量管理条例 art. 40, waterproofing five years, equipment two, from
// the acceptance.
func (r *routing) give(c *model.Complaint, category model.Category, estate *model.Estate) {
	d := r.lead(category)
	c.CategoryCode, c.Clause, c.Warranty = category.Code, r.clause(category), false
	if estate != nil && underWarranty(category, estate.AcceptedOn, r.day) {
		if b, there := r.departments[builder]; there {
			d, c.Clause, c.Warranty = b, b.Clause, true
		}
	}
	c.DepartmentCode, c.DepartmentName = d.Code, d.Name
	c.ResolveDays, c.Closes = category.ResolveDays, category.Closes
}

// underWarranty reports whether a day lies within the warranty of a category,
// the anniversary included.
func underWarranty(c model.Category, acceptedOn, day quantity.Date) bool {
	if acceptedOn == "" || c.WarrantyYears == 0 || day < acceptedOn {
		return false
	}
	return day <= quantity.DateOf(acceptedOn.Start().AddDate(c.WarrantyYears, 0, 0))
}

// Routed is a category as it is shown: who handles it, and why.
type Routed struct {
	Category   model.Category
	Department model.Department
	Co         []model.Department
	Clause     string
}

// Categories lists what can be reported today, with who handles it and why.
func (s *Service) Categories(ctx context.Context) ([]Routed, error) {
	r, err := routingOn(s.DB.Read(ctx), quantity.DateOf(s.now()))
	if err != nil {
		return nil, err
	}
	out := make([]Routed, 0, len(r.categories))
	for _, c := range r.categories {
		out = append(out, Routed{Category: c, Department: r.lead(c), Co: r.co(c), Clause: r.clause(c)})
	}
	return out, nil
}

// Suggest finds categories from words, with the reason, and whom to call at
// once when the words speak of a danger.
func (s *Service) Suggest(ctx context.Context, words string) ([]Suggestion, []model.EmergencyNumber, error) {
	db := s.DB.Read(ctx)
	r, err := routingOn(db, quantity.DateOf(s.now()))
	if err != nil {
		return nil, nil, err
	}
	found := r.suggest(words)
	if len(found) == 0 {
		return found, nil, nil
	}
	numbers, err := numbersFor(db, found[0].Danger)
	return found, numbers, err
}

// Departments lists those that handle cases on a day.
func (s *Service) Departments(ctx context.Context) ([]model.Department, error) {
	r, err := routingOn(s.DB.Read(ctx), quantity.DateOf(s.now()))
	if err != nil {
		return nil, err
	}
	out := make([]model.Department, 0, len(r.departments))
	for _, d := range r.departments {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b model.Department) int {
		return cmp.Or(cmp.Compare(a.DutyRow, b.DutyRow), cmp.Compare(a.Code, b.Code))
	})
	return out, nil
}

// promised says a term in words, to be copied to the case.
func promised(c *model.Complaint) string {
	if c.Danger != model.NoDanger {
		return "险情，2小时内处置"
	}
	return fmt.Sprintf("%d个工作日内办结并答复，最迟%s", c.ResolveDays+c.ExtensionDays, c.DueAt.In(quantity.Shanghai).Format(time.DateOnly))
}
