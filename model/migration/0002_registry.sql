-- Estates, buildings, units, homes, their owners, and how they came in.
CREATE TABLE estates (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  name VARCHAR(100) NOT NULL,
  built_year INT NULL,
  accepted_on VARCHAR(10) NOT NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX estates_name ON estates (area_code, name);

CREATE TABLE buildings (
  id CHAR(26) NOT NULL PRIMARY KEY,
  estate_id CHAR(26) NOT NULL,
  label VARCHAR(64) NOT NULL,
  sort_key VARCHAR(128) NOT NULL
);
CREATE UNIQUE INDEX buildings_label ON buildings (estate_id, label);

CREATE TABLE units (
  id CHAR(26) NOT NULL PRIMARY KEY,
  estate_id CHAR(26) NOT NULL,
  building_id CHAR(26) NOT NULL,
  label VARCHAR(64) NOT NULL,
  sort_key VARCHAR(128) NOT NULL
);
CREATE UNIQUE INDEX units_label ON units (building_id, label);
CREATE INDEX units_estate ON units (estate_id);

CREATE TABLE properties (
  id CHAR(26) NOT NULL PRIMARY KEY,
  estate_id CHAR(26) NOT NULL,
  building_id CHAR(26) NOT NULL,
  unit_id CHAR(26) NOT NULL,
  room VARCHAR(64) NOT NULL,
  label VARCHAR(200) NOT NULL,
  label_printed VARCHAR(200) NOT NULL,
  sort_key VARCHAR(400) NOT NULL,
  floor INT NULL,
  floor_printed VARCHAR(32) NOT NULL,
  floor_physical INT NULL,
  property_use VARCHAR(16) NOT NULL,
  use_printed VARCHAR(64) NOT NULL,
  area BIGINT NULL,
  area_source VARCHAR(16) NOT NULL,
  certificate VARCHAR(900) NOT NULL,
  tenure VARCHAR(32) NOT NULL,
  tenure_printed VARCHAR(64) NOT NULL,
  incomplete VARCHAR(64) NOT NULL,
  note TEXT NOT NULL,
  import_id VARCHAR(26) NOT NULL,
  list_digest VARCHAR(64) NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX properties_place ON properties (estate_id, building_id, unit_id, room);
CREATE INDEX properties_order ON properties (estate_id, sort_key);
CREATE INDEX properties_unit ON properties (unit_id);

CREATE TABLE owners (
  id CHAR(26) NOT NULL PRIMARY KEY,
  property_id CHAR(26) NOT NULL,
  position INT NOT NULL,
  kind VARCHAR(16) NOT NULL CHECK (kind IN ('person', 'organisation', 'unknown')),
  name VARCHAR(800) NOT NULL,
  name_index VARCHAR(64) NOT NULL,
  name_masked VARCHAR(100) NOT NULL,
  document VARCHAR(1700) NOT NULL,
  document_index VARCHAR(64) NOT NULL,
  document_tail_index VARCHAR(64) NOT NULL,
  phone VARCHAR(400) NOT NULL,
  phone_index VARCHAR(64) NOT NULL,
  share_num BIGINT NOT NULL,
  share_den BIGINT NOT NULL
);
CREATE INDEX owners_property ON owners (property_id, position);
CREATE INDEX owners_document ON owners (document_index);
CREATE INDEX owners_name ON owners (name_index);
CREATE INDEX owners_phone ON owners (phone_index);

CREATE TABLE property_changes (
  id CHAR(26) NOT NULL PRIMARY KEY,
  property_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  staff_id VARCHAR(26) NOT NULL,
  import_id VARCHAR(26) NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  fields VARCHAR(200) NOT NULL,
  before_state MEDIUMTEXT NOT NULL,
  after_state MEDIUMTEXT NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX property_changes_version ON property_changes (property_id, version);

CREATE TABLE roster_imports (
  id CHAR(26) NOT NULL PRIMARY KEY,
  staff_id VARCHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  file_digest VARCHAR(64) NOT NULL,
  row_count INT NOT NULL,
  valid_count INT NOT NULL,
  incomplete_count INT NOT NULL,
  report MEDIUMTEXT NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX roster_imports_at ON roster_imports (at);
