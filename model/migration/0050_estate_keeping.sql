-- How an estate is kept after its renewal: long-term management, and the
-- committee or group of its residents.
CREATE TABLE estate_managements (
  estate_id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  mode VARCHAR(12) NOT NULL CHECK (mode IN ('self', 'company')),
  from_residents BIGINT NOT NULL CHECK (from_residents >= 0),
  from_common BIGINT NOT NULL CHECK (from_common >= 0),
  fee_monthly BIGINT NOT NULL CHECK (fee_monthly >= 0),
  fee_area BIGINT NOT NULL CHECK (fee_area >= 0),
  services TEXT NOT NULL,
  company VARCHAR(100) NOT NULL,
  motion_id VARCHAR(26) NOT NULL,
  begins_on VARCHAR(10) NOT NULL,
  ends_on VARCHAR(10) NOT NULL,
  words TEXT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);

CREATE TABLE resident_bodies (
  id CHAR(26) NOT NULL PRIMARY KEY,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  kind VARCHAR(12) NOT NULL CHECK (kind IN ('committee', 'group')),
  name VARCHAR(100) NOT NULL,
  members INT NOT NULL,
  set_up_on VARCHAR(10) NOT NULL,
  recorded_on VARCHAR(10) NOT NULL,
  ended_on VARCHAR(10) NOT NULL,
  motion_id VARCHAR(26) NOT NULL,
  words TEXT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  entered_at DATETIME(3) NOT NULL
);
CREATE INDEX resident_bodies_estate ON resident_bodies (estate_id, ended_on);
