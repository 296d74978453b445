-- Who ended a representation, beside who approved it.
ALTER TABLE representations ADD COLUMN ended_by VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE representations ADD COLUMN ended_at DATETIME(3) NULL;
UPDATE representations SET ended_by = decided_by, ended_at = decided_at WHERE status = 'ended';
