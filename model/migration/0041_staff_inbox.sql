-- The office's own inbox: a message of an account stands in the same outbox as residents'; its hint goes to the WeChat that the account is linked to.
ALTER TABLE resident_tidings ADD COLUMN staff_id VARCHAR(26) NOT NULL DEFAULT '';
CREATE INDEX resident_tidings_staff ON resident_tidings (staff_id, at);
-- A department's own list: what it leads, counted within the index, and what it helps with.
CREATE INDEX complaints_department ON complaints (department_code, status, due_at, area_code);
CREATE INDEX complaints_department_filed ON complaints (department_code, filed_at, area_code);
CREATE INDEX complaint_handlers_helping ON complaint_handlers (department_code, lead_part, complaint_id);
