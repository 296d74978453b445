-- What a page of the overview is chosen by stands with the figures, so that only the motions that it shows are read.
ALTER TABLE motion_figures ADD COLUMN stage VARCHAR(12) NOT NULL DEFAULT '';
ALTER TABLE motion_figures ADD COLUMN opens_at DATETIME(3) NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE motion_figures ADD COLUMN closes_at DATETIME(3) NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE motion_figures ADD COLUMN sealed_at DATETIME(3) NULL;
ALTER TABLE motion_figures ADD COLUMN roll_heads BIGINT NOT NULL DEFAULT 0;
ALTER TABLE motion_figures ADD COLUMN roll_area BIGINT NOT NULL DEFAULT 0;
UPDATE motion_figures SET stage = (SELECT m.stage FROM motions m WHERE m.id = motion_id), opens_at = (SELECT m.opens_at FROM motions m WHERE m.id = motion_id),
closes_at = (SELECT m.closes_at FROM motions m WHERE m.id = motion_id), sealed_at = (SELECT m.sealed_at FROM motions m WHERE m.id = motion_id),
roll_heads = (SELECT m.roll_heads FROM motions m WHERE m.id = motion_id), roll_area = (SELECT m.roll_area FROM motions m WHERE m.id = motion_id)
WHERE motion_id IN (SELECT m.id FROM motions m);
