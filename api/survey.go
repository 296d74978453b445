package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/surveys"
)

// AnswerValue is an answer: a code, a list of codes, a number, true or false,
// a text, or "unknown".
type AnswerValue opinion.Value

// MarshalJSON writes it as it was given.
func (v AnswerValue) MarshalJSON() ([]byte, error) { return opinion.Value(v).MarshalJSON() }

// UnmarshalJSON takes whatever is sent; the question judges it.
func (v *AnswerValue) UnmarshalJSON(b []byte) error { return (*opinion.Value)(v).UnmarshalJSON(b) }

// Schema describes it.
func (AnswerValue) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: `single and satisfaction a code, multiple and ranking a list of codes, number and scale a number, yesno true or false, text a string; "unknown" for every type but text`}
}

// AnswersBody are answers by the questions' codes.
type AnswersBody map[string]AnswerValue

// Answers reads them.
func (b AnswersBody) Answers() opinion.Answers {
	out := make(opinion.Answers, len(b))
	for code, v := range b {
		out[code] = opinion.Value(v)
	}
	return out
}

// AnswersOf shows answers.
func AnswersOf(answers opinion.Answers) AnswersBody {
	if answers == nil {
		return nil
	}
	out := make(AnswersBody, len(answers))
	for code, v := range answers {
		out[code] = AnswerValue(v)
	}
	return out
}

// Decimal is a number of at most four decimals.
type Decimal opinion.Decimal

// MarshalJSON writes it exactly.
func (d Decimal) MarshalJSON() ([]byte, error) { return opinion.Decimal(d).MarshalJSON() }

// UnmarshalJSON reads it exactly; one that cannot be is left to the
// questionnaire's check, which says where it stands.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if err := (*opinion.Decimal)(d).UnmarshalJSON(b); err != nil {
		*d = Decimal(opinion.NoDecimal)
	}
	return nil
}

// Schema describes it.
func (Decimal) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Description: "at most four decimals"}
}

// OptionBody is what can be chosen.
type OptionBody struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// ConditionBody shows a question only after an answer.
type ConditionBody struct {
	Question string      `json:"question" doc:"code of an earlier one"`
	Equals   AnswerValue `json:"equals" doc:"of several choices one is enough"`
}

// QuestionBody is one question.
type QuestionBody struct {
	Code      string         `json:"code"`
	Type      string         `json:"type" doc:"single, multiple, satisfaction, scale, ranking, number, text, yesno"`
	Label     string         `json:"label"`
	Section   string         `json:"section,omitempty"`
	Required  bool           `json:"required,omitempty"`
	Options   []OptionBody   `json:"options,omitempty"`
	ShowIf    *ConditionBody `json:"show_if,omitempty"`
	Least     int            `json:"least,omitempty" minimum:"0" maximum:"1000" doc:"of several choices"`
	Most      int            `json:"most,omitempty" minimum:"0" maximum:"1000"`
	Min       *Decimal       `json:"min,omitempty" doc:"of a number"`
	Max       *Decimal       `json:"max,omitempty"`
	Unit      string         `json:"unit,omitempty"`
	Sensitive bool           `json:"sensitive,omitempty" doc:"age, disability, 低保: optional, and answered only with a tick of its own"`
	Wish      bool           `json:"wish,omitempty" doc:"its options are contents of a renovation"`
}

// Questions reads a questionnaire.
func Questions(bodies []QuestionBody) []opinion.Question {
	out := make([]opinion.Question, 0, len(bodies))
	for _, b := range bodies {
		q := opinion.Question{
			Code: b.Code, Type: opinion.Type(b.Type), Label: b.Label, Section: b.Section, Required: b.Required, Least: b.Least, Most: b.Most,
			Min: (*opinion.Decimal)(b.Min), Max: (*opinion.Decimal)(b.Max), Unit: b.Unit, Sensitive: b.Sensitive, Wish: b.Wish,
		}
		for _, o := range b.Options {
			q.Options = append(q.Options, opinion.Option(o))
		}
		if b.ShowIf != nil {
			q.ShowIf = &opinion.Condition{Question: b.ShowIf.Question, Equals: opinion.Value(b.ShowIf.Equals)}
		}
		out = append(out, q)
	}
	return out
}

// QuestionsOf shows a questionnaire, with the options that every question of
// its type has.
func QuestionsOf(questions []opinion.Question) []QuestionBody {
	out := make([]QuestionBody, 0, len(questions))
	for i := range questions {
		q := &questions[i]
		b := QuestionBody{
			Code: q.Code, Type: string(q.Type), Label: q.Label, Section: q.Section, Required: q.Required, Least: q.Least, Most: q.Most,
			Min: (*Decimal)(q.Min), Max: (*Decimal)(q.Max), Unit: q.Unit, Sensitive: q.Sensitive, Wish: q.Wish,
		}
		options := q.Options
		if q.Type == opinion.Satisfaction {
			options = q.Choices()
		}
		for _, o := range options {
			b.Options = append(b.Options, OptionBody(o))
		}
		if q.ShowIf != nil {
			b.ShowIf = &ConditionBody{Question: q.ShowIf.Question, Equals: AnswerValue(q.ShowIf.Equals)}
		}
		out = append(out, b)
	}
	return out
}

// SurveyBody is a survey without its questions.
type SurveyBody struct {
	ID           string       `json:"id"`
	Title        string       `json:"title"`
	Intro        string       `json:"intro,omitempty"`
	Audience     AudienceBody `json:"audience"`
	Unit         string       `json:"unit" enum:"household,person"`
	Anonymous    bool         `json:"anonymous"`
	FairlyCounts bool         `json:"fairly_counts"`
	OpensAt      time.Time    `json:"opens_at"`
	ClosesAt     time.Time    `json:"closes_at"`
	Status       string       `json:"status" enum:"draft,scheduled,open,closed"`
	Version      int          `json:"version"`
	FollowsID    string       `json:"follows_id,omitempty" doc:"the survey that it is the new version or the next round of"`
	MotionID     string       `json:"motion_id,omitempty"`
	ResultsOpen  bool         `json:"results_open" doc:"whether everybody may read the figures"`
}

// Survey shows a survey at an instant.
func Survey(v *model.Survey, now time.Time) SurveyBody {
	return SurveyBody{
		ID: v.ID, Title: v.Title, Intro: v.Intro, Audience: AudienceBody{string(v.AudienceType), v.AudienceID, v.AudienceLabel}, Unit: string(v.Unit),
		Anonymous: v.Anonymous, FairlyCounts: v.FairlyCounts, OpensAt: Time(v.OpensAt), ClosesAt: Time(v.ClosesAt), Status: string(v.StatusAt(now)),
		Version: v.Version, FollowsID: v.FollowsID, MotionID: v.MotionID, ResultsOpen: v.Open,
	}
}

// OpenedSurvey is a survey with its questions.
type OpenedSurvey struct {
	SurveyBody
	Questions []QuestionBody `json:"questions"`
}

// WholeSurvey shows a survey with its questions.
func WholeSurvey(v *model.Survey, now time.Time) (OpenedSurvey, error) {
	questions, err := surveys.Questions(v)
	return OpenedSurvey{Survey(v, now), QuestionsOf(questions)}, err
}

// Questionnaire is what a motion asks beside its choice (一户一表).
type Questionnaire struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Intro     string         `json:"intro,omitempty"`
	Questions []QuestionBody `json:"questions"`
}

// QuestionnaireOf shows what a motion asks beside its choice; nil for nothing.
func QuestionnaireOf(v *model.Survey) (*Questionnaire, error) {
	if v == nil {
		return nil, nil
	}
	questions, err := surveys.Questions(v)
	return &Questionnaire{ID: v.ID, Title: v.Title, Intro: v.Intro, Questions: QuestionsOf(questions)}, err
}

// FilledIn is what is sent beside a choice.
type FilledIn struct {
	Answers AnswersBody `json:"answers,omitempty" doc:"to the questionnaire that the motion carries: kept with the choice or not at all"`
	Ticked  []string    `json:"sensitive_consents,omitempty" maxItems:"100" doc:"codes of sensitive questions whose answering was agreed to, each by a tick of its own"`
}

// Filled reads it.
func (f FilledIn) Filled() surveys.Filled {
	return surveys.Filled{Answers: f.Answers.Answers(), Ticked: f.Ticked}
}

// ResponseReceipt is what became of an answer.
type ResponseReceipt struct {
	SurveyID   string      `json:"survey_id"`
	PropertyID string      `json:"property_id"`
	Anonymous  bool        `json:"anonymous"`
	Visit      string      `json:"visit,omitempty" enum:"answered,nobody_home,refused"`
	Relation   string      `json:"relation,omitempty"`
	Channel    string      `json:"channel,omitempty" enum:"mini_program,door"`
	Version    int         `json:"version,omitempty" doc:"1, and one more with each answer that took its place"`
	AnsweredAt *time.Time  `json:"answered_at,omitempty"`
	Answers    AnswersBody `json:"answers,omitempty" doc:"not of an anonymous survey"`
}

// Receipt shows what became of an answer.
func Receipt(v *model.Survey, r *surveys.Receipt, answers AnswersBody) ResponseReceipt {
	body := ResponseReceipt{
		SurveyID: v.ID, PropertyID: r.PropertyID, Anonymous: r.Anonymous, Visit: string(r.Visit), Relation: string(r.Relation),
		Channel: string(r.Channel), Version: r.Version, AnsweredAt: TimeOf(r.At),
	}
	if !r.Anonymous {
		body.Answers = answers
	}
	return body
}
