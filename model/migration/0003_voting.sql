-- Motions, their frozen rolls, every version of every ballot, and results.
CREATE TABLE motions (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  scope_type VARCHAR(12) NOT NULL CHECK (scope_type IN ('estate', 'building', 'unit')),
  scope_id CHAR(26) NOT NULL,
  scope_label VARCHAR(200) NOT NULL,
  kind VARCHAR(16) NOT NULL CHECK (kind IN ('special', 'ordinary', 'willingness')),
  subject VARCHAR(32) NOT NULL,
  convener VARCHAR(100) NOT NULL,
  title VARCHAR(100) NOT NULL,
  body TEXT NOT NULL,
  items TEXT NOT NULL,
  include_uses VARCHAR(200) NOT NULL,
  quorum_num BIGINT NOT NULL,
  quorum_den BIGINT NOT NULL,
  approval_num BIGINT NOT NULL,
  approval_den BIGINT NOT NULL,
  agree_base VARCHAR(16) NOT NULL,
  live_tally VARCHAR(16) NOT NULL CHECK (live_tally IN ('participation', 'full')),
  paper_check VARCHAR(12) NOT NULL CHECK (paper_check IN ('single', 'double')),
  opens_at DATETIME(3) NOT NULL,
  closes_at DATETIME(3) NOT NULL,
  count_until DATETIME(3) NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('draft', 'published', 'sealed', 'cancelled')),
  published_at DATETIME(3) NULL,
  sealed_at DATETIME(3) NULL,
  closed_early INT NOT NULL,
  roll_digest VARCHAR(64) NOT NULL,
  roll_heads BIGINT NOT NULL,
  roll_area BIGINT NOT NULL,
  roll_incomplete INT NOT NULL,
  created_by VARCHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE INDEX motions_estate ON motions (estate_id, stage);
CREATE INDEX motions_area ON motions (area_code, stage);
CREATE INDEX motions_due ON motions (stage, count_until);

CREATE TABLE motion_events (
  id CHAR(26) NOT NULL PRIMARY KEY,
  motion_id CHAR(26) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  staff_id VARCHAR(26) NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  detail VARCHAR(200) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX motion_events_motion ON motion_events (motion_id, at);

CREATE TABLE roll_voters (
  motion_id CHAR(26) NOT NULL,
  id CHAR(26) NOT NULL,
  position INT NOT NULL,
  ref VARCHAR(32) NOT NULL,
  building VARCHAR(64) NOT NULL,
  unit VARCHAR(64) NOT NULL,
  owners_masked VARCHAR(400) NOT NULL,
  area BIGINT NOT NULL,
  incomplete INT NOT NULL,
  choice VARCHAR(8) NOT NULL,
  channel VARCHAR(8) NOT NULL,
  invalid_reason VARCHAR(16) NOT NULL,
  by_owner INT NOT NULL,
  version INT NOT NULL,
  current_version INT NOT NULL,
  open_conflict INT NOT NULL,
  unconfirmed INT NOT NULL,
  PRIMARY KEY (motion_id, id)
);
CREATE UNIQUE INDEX roll_voters_position ON roll_voters (motion_id, position);
CREATE INDEX roll_voters_tally ON roll_voters (motion_id, building, unit, channel, choice, invalid_reason, area);

CREATE TABLE roll_properties (
  motion_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  voter_id CHAR(26) NOT NULL,
  position INT NOT NULL,
  label VARCHAR(200) NOT NULL,
  building VARCHAR(64) NOT NULL,
  unit VARCHAR(64) NOT NULL,
  property_use VARCHAR(16) NOT NULL,
  area BIGINT NULL,
  area_source VARCHAR(16) NOT NULL,
  incomplete VARCHAR(64) NOT NULL,
  owner_ids TEXT NOT NULL,
  PRIMARY KEY (motion_id, property_id)
);
CREATE INDEX roll_properties_voter ON roll_properties (voter_id);
CREATE INDEX roll_properties_property ON roll_properties (property_id);

CREATE TABLE ballots (
  motion_id CHAR(26) NOT NULL,
  voter_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  id CHAR(26) NOT NULL,
  channel VARCHAR(8) NOT NULL CHECK (channel IN ('online', 'paper', 'proxy')),
  choice VARCHAR(8) NOT NULL CHECK (choice IN ('agree', 'oppose', 'abstain', 'invalid')),
  items VARCHAR(2000) NOT NULL,
  comment TEXT NOT NULL,
  comment_digest VARCHAR(64) NOT NULL,
  invalid_reason VARCHAR(16) NOT NULL,
  signed_on VARCHAR(10) NOT NULL,
  received_at DATETIME(3) NULL,
  cast_at DATETIME(3) NOT NULL,
  resident_id VARCHAR(26) NOT NULL,
  staff_id VARCHAR(26) NOT NULL,
  relation VARCHAR(12) NOT NULL,
  proof VARCHAR(16) NOT NULL,
  proxy TEXT NOT NULL,
  double_check INT NOT NULL,
  confirms INT NOT NULL,
  standing VARCHAR(12) NOT NULL CHECK (standing IN ('counted', 'unconfirmed', 'conflict', 'invalid')),
  reason VARCHAR(2000) NOT NULL,
  area BIGINT NOT NULL,
  salt VARCHAR(32) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  PRIMARY KEY (motion_id, voter_id, version)
);
CREATE INDEX ballots_time ON ballots (motion_id, cast_at, id);

CREATE TABLE results (
  motion_id CHAR(26) NOT NULL PRIMARY KEY,
  sealed_at DATETIME(3) NOT NULL,
  tally MEDIUMTEXT NOT NULL,
  sealed_text MEDIUMTEXT NOT NULL,
  signature VARCHAR(200) NOT NULL,
  key_name VARCHAR(32) NOT NULL,
  public_key VARCHAR(2000) NOT NULL
);
