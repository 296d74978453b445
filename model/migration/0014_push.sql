-- Subscribe messages: hints at the inbox, by how often a resident allowed them.
ALTER TABLE resident_tidings ADD COLUMN push_state VARCHAR(12) NOT NULL DEFAULT '';
ALTER TABLE resident_tidings ADD COLUMN push_tries INT NOT NULL DEFAULT 0;
ALTER TABLE resident_tidings ADD COLUMN push_after DATETIME(3) NULL;
ALTER TABLE resident_tidings ADD COLUMN push_code INT NOT NULL DEFAULT 0;
CREATE INDEX resident_tidings_push ON resident_tidings (push_state, at);

CREATE TABLE message_consents (
  resident_id CHAR(26) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  allowed INT NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (resident_id, kind)
);
