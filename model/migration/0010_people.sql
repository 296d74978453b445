-- Who stands for an owner, who may not be an agent, and log-in by linked WeChat.
CREATE TABLE representations (
  id CHAR(26) NOT NULL PRIMARY KEY,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  property_id CHAR(26) NOT NULL,
  owner_id VARCHAR(26) NOT NULL,
  basis VARCHAR(16) NOT NULL CHECK (basis IN ('guardian', 'organisation', 'public_unit', 'heir', 'possessor')),
  name VARCHAR(1000) NOT NULL,
  phone VARCHAR(400) NOT NULL,
  phone_index VARCHAR(64) NOT NULL,
  words TEXT NOT NULL,
  status VARCHAR(12) NOT NULL CHECK (status IN ('pending', 'active', 'refused', 'ended')),
  resident_id VARCHAR(26) NOT NULL,
  until_at DATETIME(3) NULL,
  entered_by CHAR(26) NOT NULL,
  entered_at DATETIME(3) NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  decided_at DATETIME(3) NULL,
  reason VARCHAR(2000) NOT NULL
);
CREATE INDEX representations_area ON representations (area_code, status);
CREATE INDEX representations_property ON representations (property_id, status);

ALTER TABLE bindings ADD COLUMN representation_id VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE bindings ADD COLUMN until_at DATETIME(3) NULL;
ALTER TABLE ballots ADD COLUMN representation_id VARCHAR(26) NOT NULL DEFAULT '';

CREATE TABLE barred_agents (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  phone_index VARCHAR(64) NOT NULL,
  phone VARCHAR(400) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  why VARCHAR(20) NOT NULL CHECK (why IN ('staff', 'property_company')),
  named_by CHAR(26) NOT NULL,
  named_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX barred_agents_phone ON barred_agents (phone_index, area_code);

CREATE TABLE staff_wechat (
  app_id VARCHAR(64) NOT NULL,
  open_id VARCHAR(128) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  linked_at DATETIME(3) NOT NULL,
  PRIMARY KEY (app_id, open_id, staff_id)
);
CREATE INDEX staff_wechat_staff ON staff_wechat (staff_id);

ALTER TABLE staff DROP COLUMN locked_until;
