-- Corrections of a published roll: appended, never edited in.
CREATE TABLE roll_corrections (
  id CHAR(26) NOT NULL PRIMARY KEY,
  motion_id CHAR(26) NOT NULL,
  number INT NOT NULL,
  status VARCHAR(12) NOT NULL CHECK (status IN ('proposed', 'applied', 'refused')),
  reason VARCHAR(2000) NOT NULL,
  changes MEDIUMTEXT NOT NULL,
  lines_before MEDIUMTEXT NOT NULL,
  lines_after MEDIUMTEXT NOT NULL,
  digest_before VARCHAR(64) NOT NULL,
  digest_after VARCHAR(64) NOT NULL,
  proposed_by CHAR(26) NOT NULL,
  proposed_at DATETIME(3) NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  decided_at DATETIME(3) NULL,
  answer VARCHAR(2000) NOT NULL
);
CREATE INDEX roll_corrections_motion ON roll_corrections (motion_id, number);

CREATE TABLE struck_voters (
  motion_id CHAR(26) NOT NULL,
  id CHAR(26) NOT NULL,
  ref VARCHAR(24) NOT NULL,
  correction_id CHAR(26) NOT NULL,
  PRIMARY KEY (motion_id, id)
);
