-- Whether an estate's households are to be renewed, and when they were: kept ready, and judged anew when the estate changes or the settings do.
ALTER TABLE estates ADD COLUMN updated_at DATETIME(3) NOT NULL DEFAULT '1970-01-01 00:00:00';
CREATE INDEX estates_changed ON estates (updated_at);
ALTER TABLE estate_figures ADD COLUMN due INT NOT NULL DEFAULT 0;
ALTER TABLE estate_figures ADD COLUMN renewed_on VARCHAR(10) NOT NULL DEFAULT '';
ALTER TABLE estate_figures ADD COLUMN judged_by VARCHAR(32) NOT NULL DEFAULT '';
