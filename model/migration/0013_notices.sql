-- Notices, their versions, readers, objections and suggestions, and who is still to be told.
CREATE TABLE notices (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  kind VARCHAR(16) NOT NULL CHECK (kind IN ('announcement', 'publicity', 'policy', 'works', 'outage', 'meeting')),
  subject VARCHAR(24) NOT NULL,
  title VARCHAR(400) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  html MEDIUMTEXT NOT NULL,
  audience_type VARCHAR(12) NOT NULL CHECK (audience_type IN ('street', 'community', 'estate', 'building', 'unit')),
  audience_id VARCHAR(26) NOT NULL,
  audience_label VARCHAR(200) NOT NULL,
  about_type VARCHAR(24) NOT NULL,
  about_id VARCHAR(64) NOT NULL,
  about_version INT NOT NULL,
  happens_from DATETIME(3) NULL,
  happens_until DATETIME(3) NULL,
  pinned INT NOT NULL,
  urgent INT NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('draft', 'published', 'withdrawn')),
  version INT NOT NULL,
  publicity_days INT NOT NULL,
  begins_on VARCHAR(10) NOT NULL,
  ends_on VARCHAR(10) NOT NULL,
  ends_provisional INT NOT NULL,
  published_at DATETIME(3) NULL,
  withdrawn_at DATETIME(3) NULL,
  withdrawn_reason VARCHAR(2000) NOT NULL,
  created_by CHAR(26) NOT NULL,
  reviewed_by VARCHAR(26) NOT NULL,
  published_by VARCHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE INDEX notices_area ON notices (area_code, created_at);
CREATE INDEX notices_audience ON notices (audience_id, published_at);
CREATE INDEX notices_about ON notices (about_type, about_id);
CREATE INDEX notices_ending ON notices (ends_provisional, stage);

CREATE TABLE notice_versions (
  notice_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  title VARCHAR(400) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  html MEDIUMTEXT NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  begins_on VARCHAR(10) NOT NULL,
  ends_on VARCHAR(10) NOT NULL,
  published_by CHAR(26) NOT NULL,
  published_at DATETIME(3) NOT NULL,
  PRIMARY KEY (notice_id, version)
);

CREATE TABLE notice_reads (
  notice_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  read_at DATETIME(3) NULL,
  confirmed_at DATETIME(3) NULL,
  told_at DATETIME(3) NULL,
  told_by VARCHAR(26) NOT NULL,
  PRIMARY KEY (notice_id, property_id)
);

CREATE TABLE objections (
  id CHAR(26) NOT NULL PRIMARY KEY,
  notice_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  resident_id VARCHAR(26) NOT NULL,
  property_id VARCHAR(26) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  words TEXT NOT NULL,
  status VARCHAR(16) NOT NULL CHECK (status IN ('submitted', 'accepted', 'negotiating', 'mediating', 'settled', 'withdrawn', 'unsettled')),
  due_on VARCHAR(10) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX objections_notice ON objections (notice_id, status);
CREATE INDEX objections_resident ON objections (resident_id);

CREATE TABLE objection_steps (
  id CHAR(26) NOT NULL PRIMARY KEY,
  objection_id CHAR(26) NOT NULL,
  number INT NOT NULL,
  status VARCHAR(16) NOT NULL,
  words TEXT NOT NULL,
  staff_id VARCHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX objection_steps_number ON objection_steps (objection_id, number);

CREATE TABLE suggestions (
  id CHAR(26) NOT NULL PRIMARY KEY,
  notice_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  resident_id CHAR(26) NOT NULL,
  words TEXT NOT NULL,
  status VARCHAR(16) NOT NULL CHECK (status IN ('open', 'adopted', 'not_adopted')),
  answer VARCHAR(2000) NOT NULL,
  answered_by VARCHAR(26) NOT NULL,
  answered_at DATETIME(3) NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX suggestions_notice ON suggestions (notice_id, at);
CREATE INDEX suggestions_resident ON suggestions (resident_id);

CREATE TABLE broadcasts (
  id CHAR(26) NOT NULL PRIMARY KEY,
  notice_id CHAR(26) NOT NULL,
  text VARCHAR(500) NOT NULL,
  reached VARCHAR(26) NOT NULL,
  told INT NOT NULL,
  made_at DATETIME(3) NOT NULL,
  done_at DATETIME(3) NULL
);
CREATE INDEX broadcasts_open ON broadcasts (done_at, made_at);
CREATE INDEX broadcasts_notice ON broadcasts (notice_id);

CREATE TABLE motion_reminders (
  motion_id CHAR(26) NOT NULL,
  kind VARCHAR(16) NOT NULL CHECK (kind IN ('opened', 'closing_48h', 'closing_4h', 'result')),
  due_at DATETIME(3) NOT NULL,
  reached VARCHAR(26) NOT NULL,
  told INT NOT NULL,
  done_at DATETIME(3) NULL,
  PRIMARY KEY (motion_id, kind, due_at)
);
CREATE INDEX motion_reminders_open ON motion_reminders (done_at, due_at);
