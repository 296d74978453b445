-- Printed sheets, receipts, disputes, grants, doors, and reports on a roll.
ALTER TABLE ballots ADD COLUMN word VARCHAR(12) NOT NULL DEFAULT '';
ALTER TABLE ballots ADD COLUMN sheet_id VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE ballots ADD COLUMN grant_id VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE ballots ADD COLUMN witnesses VARCHAR(2000) NOT NULL DEFAULT '';
ALTER TABLE motions ADD COLUMN demand_proof VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE motions ADD COLUMN check_until DATETIME(3) NULL;
ALTER TABLE motions ADD COLUMN silence VARCHAR(4000) NULL;

CREATE TABLE sheets (
  id CHAR(26) NOT NULL PRIMARY KEY,
  code VARCHAR(20) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  printed_by CHAR(26) NOT NULL,
  printed_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX sheets_code ON sheets (code);

CREATE TABLE sheet_ballots (
  sheet_id CHAR(26) NOT NULL,
  motion_id CHAR(26) NOT NULL,
  voter_id CHAR(26) NOT NULL,
  PRIMARY KEY (sheet_id, motion_id)
);
CREATE INDEX sheet_ballots_voter ON sheet_ballots (motion_id, voter_id);

CREATE TABLE paper_receipts (
  id CHAR(26) NOT NULL PRIMARY KEY,
  motion_id CHAR(26) NOT NULL,
  way VARCHAR(12) NOT NULL CHECK (way IN ('box', 'visit', 'counter', 'post')),
  place VARCHAR(200) NOT NULL,
  sheets INT NOT NULL,
  collectors VARCHAR(1000) NOT NULL,
  received_at DATETIME(3) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX paper_receipts_motion ON paper_receipts (motion_id, received_at);

CREATE TABLE scrutineers (
  motion_id CHAR(26) NOT NULL,
  resident_id CHAR(26) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  named_by CHAR(26) NOT NULL,
  named_at DATETIME(3) NOT NULL,
  PRIMARY KEY (motion_id, resident_id)
);
CREATE INDEX scrutineers_resident ON scrutineers (resident_id);

CREATE TABLE disputes (
  id CHAR(26) NOT NULL PRIMARY KEY,
  motion_id CHAR(26) NOT NULL,
  voter_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  resident_id CHAR(26) NOT NULL,
  reason TEXT NOT NULL,
  status VARCHAR(12) NOT NULL CHECK (status IN ('open', 'withdrawn', 'settled')),
  settled_by VARCHAR(12) NOT NULL,
  shares_num BIGINT NOT NULL,
  shares_den BIGINT NOT NULL,
  words TEXT NOT NULL,
  opened_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NULL
);
CREATE INDEX disputes_motion ON disputes (motion_id, status);
CREATE INDEX disputes_voter ON disputes (voter_id);

CREATE TABLE grants (
  id CHAR(26) NOT NULL PRIMARY KEY,
  principal_id VARCHAR(26) NOT NULL,
  principal_name VARCHAR(1000) NOT NULL,
  agent_id VARCHAR(26) NOT NULL,
  agent_name VARCHAR(1000) NOT NULL,
  agent_phone_index VARCHAR(64) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  motion_id VARCHAR(26) NOT NULL,
  scope VARCHAR(200) NOT NULL,
  source VARCHAR(8) NOT NULL CHECK (source IN ('phone', 'paper')),
  status VARCHAR(12) NOT NULL CHECK (status IN ('offered', 'pending', 'active', 'revoked', 'refused')),
  from_at DATETIME(3) NOT NULL,
  until_at DATETIME(3) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  accepted_at DATETIME(3) NULL,
  ended_at DATETIME(3) NULL,
  entered_by VARCHAR(26) NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  reason VARCHAR(2000) NOT NULL
);
CREATE UNIQUE INDEX grants_token ON grants (token_hash);
CREATE INDEX grants_principal ON grants (principal_id, status);
CREATE INDEX grants_agent ON grants (agent_id, status);
CREATE INDEX grants_area ON grants (area_code, status);

CREATE TABLE grant_properties (
  grant_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  PRIMARY KEY (grant_id, property_id)
);
CREATE INDEX grant_properties_property ON grant_properties (property_id);

CREATE TABLE roll_reports (
  id CHAR(26) NOT NULL PRIMARY KEY,
  motion_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  resident_id CHAR(26) NOT NULL,
  words TEXT NOT NULL,
  status VARCHAR(12) NOT NULL CHECK (status IN ('open', 'mended', 'kept')),
  answer VARCHAR(2000) NOT NULL,
  answered_by VARCHAR(26) NOT NULL,
  answered_at DATETIME(3) NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX roll_reports_motion ON roll_reports (motion_id, status);

CREATE TABLE door_visits (
  id CHAR(26) NOT NULL PRIMARY KEY,
  motion_id CHAR(26) NOT NULL,
  voter_id CHAR(26) NOT NULL,
  result VARCHAR(16) NOT NULL CHECK (result IN ('nobody_home', 'left_form', 'refused', 'moved', 'met')),
  note VARCHAR(2000) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX door_visits_voter ON door_visits (motion_id, voter_id, at);

CREATE TABLE deliveries (
  id CHAR(26) NOT NULL PRIMARY KEY,
  motion_id CHAR(26) NOT NULL,
  voter_id CHAR(26) NOT NULL,
  way VARCHAR(12) NOT NULL CHECK (way IN ('opened', 'message', 'handed', 'posted')),
  proven INT NOT NULL,
  staff_id VARCHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX deliveries_voter ON deliveries (motion_id, voter_id, at);

CREATE TABLE staff_buildings (
  staff_id CHAR(26) NOT NULL,
  building_id CHAR(26) NOT NULL,
  PRIMARY KEY (staff_id, building_id)
);
CREATE INDEX staff_buildings_building ON staff_buildings (building_id);
CREATE INDEX ballots_grant ON ballots (grant_id);
