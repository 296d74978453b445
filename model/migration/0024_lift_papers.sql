-- What homes have signed of a variant, and who was heard.
CREATE TABLE lift_signatures (
  id CHAR(26) NOT NULL PRIMARY KEY,
  plan_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  property_id CHAR(26) NOT NULL,
  kind VARCHAR(12) NOT NULL CHECK (kind IN ('agreement', 'consent')),
  accept INT NOT NULL,
  channel VARCHAR(8) NOT NULL CHECK (channel IN ('phone', 'paper')),
  resident_id VARCHAR(26) NOT NULL,
  relation VARCHAR(12) NOT NULL,
  proof VARCHAR(16) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  receipt VARCHAR(200) NOT NULL,
  signed_on VARCHAR(10) NOT NULL,
  entered_by VARCHAR(26) NOT NULL,
  confirmed_by VARCHAR(26) NOT NULL,
  confirmed_at DATETIME(3) NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX lift_signatures_plan ON lift_signatures (plan_id, version, kind, property_id);
CREATE INDEX lift_signatures_resident ON lift_signatures (resident_id);

CREATE TABLE lift_hearings (
  id CHAR(26) NOT NULL PRIMARY KEY,
  plan_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  property_id VARCHAR(26) NOT NULL,
  words TEXT NOT NULL,
  heard_on VARCHAR(10) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX lift_hearings_plan ON lift_hearings (plan_id, version);
