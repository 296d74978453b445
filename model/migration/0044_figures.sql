-- Figures kept ready for the overview. Each can be reckoned anew from the rows that it is of.
CREATE TABLE figure_marks (
  name VARCHAR(32) NOT NULL PRIMARY KEY,
  turn BIGINT NOT NULL,
  at DATETIME(3) NOT NULL
);
INSERT INTO figure_marks (name, turn, at) VALUES ('overview', 0, '1970-01-01 00:00:00');

CREATE TABLE motion_figures (
  motion_id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  reached_heads BIGINT NOT NULL,
  reached_area BIGINT NOT NULL,
  part_heads BIGINT NOT NULL,
  part_area BIGINT NOT NULL,
  agree_heads BIGINT NULL,
  agree_area BIGINT NULL,
  outcome VARCHAR(16) NOT NULL,
  quorum_heads BIGINT NOT NULL,
  quorum_area BIGINT NOT NULL,
  pass_heads BIGINT NULL,
  pass_area BIGINT NULL,
  missing BIGINT NOT NULL
);
CREATE INDEX motion_figures_area ON motion_figures (area_code, missing);

CREATE TABLE motion_days (
  motion_id CHAR(26) NOT NULL,
  day VARCHAR(10) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  heads BIGINT NOT NULL,
  area BIGINT NOT NULL,
  PRIMARY KEY (motion_id, day)
);
CREATE INDEX motion_days_area ON motion_days (area_code, day);

CREATE TABLE turnout_days (
  area_code VARCHAR(12) NOT NULL,
  day VARCHAR(10) NOT NULL,
  heads BIGINT NOT NULL,
  area BIGINT NOT NULL,
  PRIMARY KEY (area_code, day)
);

CREATE TABLE case_figures (
  area_code VARCHAR(12) NOT NULL,
  department_code VARCHAR(32) NOT NULL,
  label VARCHAR(100) NOT NULL,
  received BIGINT NOT NULL,
  in_time BIGINT NOT NULL,
  late BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  returned BIGINT NOT NULL,
  reopened BIGINT NOT NULL,
  rated BIGINT NOT NULL,
  satisfied BIGINT NOT NULL,
  PRIMARY KEY (area_code, department_code)
);

CREATE TABLE purpose_figures (
  purpose_type VARCHAR(8) NOT NULL,
  purpose_id CHAR(26) NOT NULL,
  source VARCHAR(24) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  pledged BIGINT NOT NULL,
  received BIGINT NOT NULL,
  spent BIGINT NOT NULL,
  PRIMARY KEY (purpose_type, purpose_id, source)
);
CREATE INDEX purpose_figures_area ON purpose_figures (area_code);

CREATE TABLE estate_figures (
  estate_id CHAR(26) NOT NULL PRIMARY KEY,
  buildings BIGINT NOT NULL,
  units BIGINT NOT NULL,
  homes BIGINT NOT NULL,
  households BIGINT NOT NULL,
  area BIGINT NOT NULL
);

CREATE INDEX motions_changed ON motions (updated_at);
CREATE INDEX deliveries_at ON deliveries (at, motion_id);
CREATE INDEX door_visits_at ON door_visits (at, motion_id);
CREATE INDEX complaints_changed ON complaints (updated_at, area_code);
CREATE INDEX complaints_part ON complaints (area_code, department_code);
CREATE INDEX pledges_changed ON pledges (updated_at);
CREATE INDEX lift_plans_changed ON lift_plans (updated_at);
CREATE INDEX ledger_lines_at ON ledger_lines (at);
CREATE INDEX properties_changed ON properties (updated_at, estate_id);
