package voting

import (
	"context"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
)

// record puts what staff did to a motion into the audit log.
func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, m *model.Motion, right model.Right, verb, reason string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: right, Verb: verb, ObjectType: "motion", ObjectID: m.ID, AreaCode: m.AreaCode, Reason: reason,
	})
}

func grantEntry(caller model.Caller, g *model.Grant) audit.Entry {
	return audit.Entry{
		Actor: caller, Right: model.CheckPaper, Verb: "decide_grant", ObjectType: "grant", ObjectID: g.ID, AreaCode: g.AreaCode, Reason: g.Reason,
	}
}
