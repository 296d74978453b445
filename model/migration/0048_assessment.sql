-- Assessment of communities and departments: its weights, its frozen tables with every figure, what was entered by hand, objections.
CREATE TABLE assessment_weights (
  unit_kind VARCHAR(12) NOT NULL CHECK (unit_kind IN ('community', 'department')),
  indicator VARCHAR(32) NOT NULL,
  valid_from VARCHAR(10) NOT NULL,
  valid_until VARCHAR(10) NOT NULL,
  weight INT NOT NULL CHECK (weight BETWEEN 0 AND 100),
  PRIMARY KEY (unit_kind, indicator, valid_from)
);

CREATE TABLE assessments (
  id CHAR(26) NOT NULL PRIMARY KEY,
  period VARCHAR(8) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  version INT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  as_of DATETIME(3) NOT NULL,
  frozen_by CHAR(26) NOT NULL
);
CREATE UNIQUE INDEX assessments_period ON assessments (period, area_code, version);

CREATE TABLE assessment_standings (
  assessment_id CHAR(26) NOT NULL,
  position INT NOT NULL,
  unit_kind VARCHAR(12) NOT NULL,
  unit_code VARCHAR(32) NOT NULL,
  unit_name VARCHAR(100) NOT NULL,
  score INT NOT NULL,
  place INT NOT NULL,
  measured INT NOT NULL,
  PRIMARY KEY (assessment_id, position)
);

CREATE TABLE assessment_marks (
  assessment_id CHAR(26) NOT NULL,
  unit_position INT NOT NULL,
  position INT NOT NULL,
  indicator VARCHAR(32) NOT NULL,
  label VARCHAR(500) NOT NULL,
  num_label VARCHAR(100) NOT NULL,
  den_label VARCHAR(100) NOT NULL,
  weight INT NOT NULL,
  num BIGINT NOT NULL,
  den BIGINT NOT NULL,
  score INT NOT NULL,
  routes MEDIUMTEXT NOT NULL,
  PRIMARY KEY (assessment_id, unit_position, position)
);

CREATE TABLE assessment_items (
  id CHAR(26) NOT NULL PRIMARY KEY,
  period VARCHAR(8) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  unit_kind VARCHAR(12) NOT NULL,
  unit_code VARCHAR(32) NOT NULL,
  points INT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL,
  struck_at DATETIME(3) NULL,
  struck_by VARCHAR(26) NOT NULL,
  struck_reason VARCHAR(500) NOT NULL
);
CREATE INDEX assessment_items_period ON assessment_items (period, area_code, at);

CREATE TABLE assessment_objections (
  id CHAR(26) NOT NULL PRIMARY KEY,
  period VARCHAR(8) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  unit_kind VARCHAR(12) NOT NULL,
  unit_code VARCHAR(32) NOT NULL,
  words TEXT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL,
  answer TEXT NOT NULL,
  upheld INT NOT NULL,
  answered_by VARCHAR(26) NOT NULL,
  answered_at DATETIME(3) NULL
);
CREATE UNIQUE INDEX assessment_objections_unit ON assessment_objections (period, area_code, unit_kind, unit_code);

-- Supervision visits (督查), joint meetings (联席会议) and what they decided.
CREATE TABLE supervision_visits (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  unit_kind VARCHAR(12) NOT NULL,
  unit_code VARCHAR(32) NOT NULL,
  held_on VARCHAR(10) NOT NULL,
  place VARCHAR(200) NOT NULL,
  findings TEXT NOT NULL,
  due_on VARCHAR(10) NOT NULL,
  done_on VARCHAR(10) NOT NULL,
  done_words TEXT NOT NULL,
  done_by VARCHAR(26) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX supervision_visits_due ON supervision_visits (due_on);
CREATE INDEX supervision_visits_held ON supervision_visits (held_on);

CREATE TABLE joint_meetings (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  held_on VARCHAR(10) NOT NULL,
  title VARCHAR(100) NOT NULL,
  place VARCHAR(200) NOT NULL,
  present TEXT NOT NULL,
  minutes TEXT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX joint_meetings_held ON joint_meetings (held_on);

CREATE TABLE joint_decisions (
  id CHAR(26) NOT NULL PRIMARY KEY,
  meeting_id CHAR(26) NOT NULL,
  number INT NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  unit_kind VARCHAR(12) NOT NULL,
  unit_code VARCHAR(32) NOT NULL,
  words TEXT NOT NULL,
  complaint_id VARCHAR(26) NOT NULL,
  due_on VARCHAR(10) NOT NULL,
  done_on VARCHAR(10) NOT NULL,
  done_words TEXT NOT NULL,
  done_by VARCHAR(26) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX joint_decisions_number ON joint_decisions (meeting_id, number);
CREATE INDEX joint_decisions_due ON joint_decisions (due_on);
