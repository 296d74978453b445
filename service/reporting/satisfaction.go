package reporting

import (
	"context"
	"fmt"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/surveys"
)

// Satisfaction are the surveys' own figures of one round.
type Satisfaction struct {
	SurveyID, Title, Audience string
	Round                     int // 1 for the first; one more than the survey that it follows
	Results                   *surveys.Results
	Questions                 []opinion.Figure // those of satisfaction alone
}

// roundsShown is how many rounds a page shows, the latest first.
const roundsShown = 6

const satisfactionSurveys = `SELECT * FROM surveys WHERE area_code LIKE ? AND stage = 'published' AND questions LIKE '%"satisfaction"%'
ORDER BY created_at DESC, id DESC LIMIT ?`

func (s *Service) satisfaction(ctx context.Context, area string) ([]Satisfaction, error) {
	var rows []model.Survey
	if err := s.DB.Read(ctx).Raw(satisfactionSurveys, area+"%", roundsShown).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find the surveys of area %s: %w", area, err)
	}
	out := make([]Satisfaction, 0, len(rows))
	for i := range rows {
		v := &rows[i]
		results, err := s.Surveys.Results(ctx, v, surveys.Unsliced)
		if err != nil {
			return nil, err
		}
		one := Satisfaction{SurveyID: v.ID, Title: v.Title, Audience: v.AudienceLabel, Results: results}
		if one.Round, err = s.roundOf(ctx, v); err != nil {
			return nil, err
		}
		for _, q := range results.Questions {
			if q.Question.Type == opinion.Satisfaction {
				one.Questions = append(one.Questions, q)
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// mostRounds ends the walk along surveys that follow one another.
const mostRounds = 20

func (s *Service) roundOf(ctx context.Context, v *model.Survey) (int, error) {
	round := 1
	for follows := v.FollowsID; follows != "" && round < mostRounds; round++ {
		var earlier []string
		if err := s.DB.Read(ctx).Raw("SELECT follows_id FROM surveys WHERE id = ?", follows).Scan(&earlier).Error; err != nil {
			return 0, fmt.Errorf("find the round of survey %s: %w", v.ID, err)
		}
		if len(earlier) == 0 {
			break
		}
		follows = earlier[0]
	}
	return round, nil
}
