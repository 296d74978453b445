package complaints

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
)

// merge joins a case to another one, which goes on for both.
func (d *doing) merge() error {
	c := d.c
	other, err := d.target()
	if err != nil {
		return err
	}
	c.MergedInto = other.ID
	d.step.Detail = "并入编号 " + other.Number
	if c.ResidentID != "" && c.ResidentID != other.ResidentID {
		if err := d.join(d.tx, other, c.ResidentID); err != nil {
			return err
		}
	}
	var joined []string
	if err := d.tx.Raw("SELECT resident_id FROM complaint_joins WHERE complaint_id = ?", c.ID).Scan(&joined).Error; err != nil {
		return fmt.Errorf("read who joined case %s: %w", c.ID, err)
	}
	for _, resident := range joined {
		if err := d.join(d.tx, other, resident); err != nil {
			return err
		}
	}
	return d.note(d.tx, other, &model.ComplaintStep{Step: model.StepAbsorbed, ActorKind: string(d.caller.Kind), ActorID: d.caller.ID, Detail: "并入了编号 " + c.Number}, "")
}

func (d *doing) target() (*model.Complaint, error) {
	if d.act.Into == "" {
		return nil, fault.ErrInvalid.At("body.into", "请填写并入哪一件（编号）")
	}
	var other model.Complaint
	err := d.tx.Raw(d.DB.Locked("SELECT * FROM complaints WHERE id = ? OR number = ?"), d.act.Into, d.act.Into).Take(&other).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound), err == nil && !d.caller.Covers(other.AreaCode):
		return nil, fault.Unknown("body.into", "没有这件诉求")
	case err != nil:
		return nil, fmt.Errorf("find the case to merge into: %w", err)
	case other.ID == d.c.ID, !other.Status.Open():
		return nil, fault.Unknown("body.into", "只能并入另一件正在办理的诉求")
	}
	return &other, nil
}

// join notes that a resident has met the same; once is enough.
func (s *Service) join(tx *gorm.DB, c *model.Complaint, residentID string) error {
	var n int64
	if err := tx.Raw("SELECT COUNT(*) FROM complaint_joins WHERE complaint_id = ? AND resident_id = ?", c.ID, residentID).Scan(&n).Error; err != nil {
		return fmt.Errorf("look who joined case %s: %w", c.ID, err)
	}
	if n > 0 || c.ResidentID == residentID {
		return nil
	}
	if err := tx.Exec("INSERT INTO complaint_joins (complaint_id, resident_id, at) VALUES (?, ?, ?)", c.ID, residentID, s.now()).Error; err != nil {
		return fmt.Errorf("join case %s: %w", c.ID, err)
	}
	return nil
}
