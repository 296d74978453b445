-- Who wants a lift, variants of it with their shares, and tables to begin from.
CREATE TABLE lift_intents (
  unit_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  resident_id CHAR(26) NOT NULL,
  relation VARCHAR(12) NOT NULL,
  stance VARCHAR(12) NOT NULL CHECK (stance IN ('want', 'neutral', 'against')),
  will_pay VARCHAR(12) NOT NULL CHECK (will_pay IN ('yes', 'no', 'unsure')),
  max_fen BIGINT NULL,
  concerns VARCHAR(400) NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (unit_id, property_id)
);
CREATE INDEX lift_intents_resident ON lift_intents (resident_id);

CREATE TABLE lift_campaigns (
  id CHAR(26) NOT NULL PRIMARY KEY,
  unit_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  resident_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  started_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX lift_campaigns_unit ON lift_campaigns (unit_id);
CREATE INDEX lift_campaigns_area ON lift_campaigns (area_code, started_at);

CREATE TABLE lift_plans (
  id CHAR(26) NOT NULL PRIMARY KEY,
  estate_id CHAR(26) NOT NULL,
  unit_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  unit_label VARCHAR(400) NOT NULL,
  version INT NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('open', 'withdrawn')),
  created_by CHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE INDEX lift_plans_unit ON lift_plans (unit_id, created_at);
CREATE INDEX lift_plans_area ON lift_plans (area_code, created_at);

CREATE TABLE lift_plan_versions (
  plan_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  title VARCHAR(400) NOT NULL,
  terms MEDIUMTEXT NOT NULL,
  subsidy BIGINT NOT NULL CHECK (subsidy >= 0),
  to_share BIGINT NOT NULL CHECK (to_share >= 0),
  digest VARCHAR(64) NOT NULL,
  motion_id VARCHAR(26) NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  created_by CHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (plan_id, version)
);
CREATE INDEX lift_plan_versions_motion ON lift_plan_versions (motion_id);

CREATE TABLE lift_shares (
  plan_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  property_id CHAR(26) NOT NULL,
  position INT NOT NULL,
  label VARCHAR(200) NOT NULL,
  floor INT NULL,
  area BIGINT NULL,
  tenure VARCHAR(32) NOT NULL,
  joins INT NOT NULL,
  weight BIGINT NOT NULL,
  fen BIGINT NOT NULL CHECK (fen >= 0),
  yearly BIGINT NOT NULL CHECK (yearly >= 0),
  compensation BIGINT NOT NULL CHECK (compensation >= 0),
  occupied INT NOT NULL,
  PRIMARY KEY (plan_id, version, property_id)
);
CREATE INDEX lift_shares_property ON lift_shares (property_id);

CREATE TABLE lift_presets (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  name VARCHAR(200) NOT NULL,
  sharing TEXT NOT NULL,
  source VARCHAR(1000) NOT NULL,
  updated_by VARCHAR(26) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE INDEX lift_presets_area ON lift_presets (area_code);
