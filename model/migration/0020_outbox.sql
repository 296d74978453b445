-- The outbox: what a hint at a message says on the phone, until when it is of
-- use, which worker holds it, and what the platform called it.
ALTER TABLE resident_tidings ADD COLUMN push_fields VARCHAR(1000) NOT NULL DEFAULT '';
ALTER TABLE resident_tidings ADD COLUMN push_until DATETIME(3) NULL;
ALTER TABLE resident_tidings ADD COLUMN push_claim CHAR(26) NOT NULL DEFAULT '';
ALTER TABLE resident_tidings ADD COLUMN push_granted INT NOT NULL DEFAULT 0;
ALTER TABLE resident_tidings ADD COLUMN push_msgid VARCHAR(32) NOT NULL DEFAULT '';
UPDATE resident_tidings SET push_after = at WHERE push_after IS NULL;
CREATE INDEX resident_tidings_due ON resident_tidings (push_state, push_after);
CREATE INDEX resident_tidings_about ON resident_tidings (about_id, push_state);

-- Consents belong to a template, which several kinds of news may share.
DROP TABLE message_consents;
CREATE TABLE template_consents (
  resident_id CHAR(26) NOT NULL,
  template_id VARCHAR(64) NOT NULL,
  allowed INT NOT NULL CHECK (allowed >= 0),
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (resident_id, template_id)
);
CREATE TABLE consent_entries (
  id CHAR(26) NOT NULL PRIMARY KEY,
  resident_id CHAR(26) NOT NULL,
  template_id VARCHAR(64) NOT NULL,
  delta INT NOT NULL,
  reason VARCHAR(12) NOT NULL CHECK (reason IN ('accept', 'send', 'refund', 'used_up', 'revoked')),
  source VARCHAR(8) NOT NULL CHECK (source IN ('phone', 'platform', 'outbox')),
  source_ref VARCHAR(80) NOT NULL,
  paired_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX consent_entries_of ON consent_entries (resident_id, template_id, at);
CREATE INDEX consent_entries_source ON consent_entries (source_ref);
