-- The second factor of staff, and what to use when the phone is lost.
ALTER TABLE staff ADD COLUMN totp_secret VARCHAR(400) NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN totp_offered VARCHAR(400) NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;

CREATE TABLE staff_recovery (
  staff_id CHAR(26) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  PRIMARY KEY (staff_id, digest)
);
