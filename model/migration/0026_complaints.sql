-- Complaints: departments and categories as dated rows, cases with their handlers and steps.
CREATE TABLE departments (
  code VARCHAR(32) NOT NULL,
  valid_from VARCHAR(10) NOT NULL,
  valid_until VARCHAR(10) NOT NULL,
  name VARCHAR(100) NOT NULL,
  clause TEXT NOT NULL,
  duty_row INT NOT NULL,
  contact_name VARCHAR(400) NOT NULL,
  contact_phone VARCHAR(400) NOT NULL,
  PRIMARY KEY (code, valid_from)
);

CREATE TABLE complaint_categories (
  code VARCHAR(40) NOT NULL,
  valid_from VARCHAR(10) NOT NULL,
  valid_until VARCHAR(10) NOT NULL,
  label VARCHAR(100) NOT NULL,
  department_code VARCHAR(32) NOT NULL,
  co VARCHAR(200) NOT NULL,
  clause_of VARCHAR(32) NOT NULL,
  accept_days INT NOT NULL,
  contact_days INT NOT NULL,
  resolve_days INT NOT NULL,
  complex_days INT NOT NULL,
  extension_days INT NOT NULL,
  closes INT NOT NULL,
  warranty_years INT NOT NULL,
  sort INT NOT NULL,
  PRIMARY KEY (code, valid_from)
);

CREATE TABLE complaint_words (
  word VARCHAR(32) NOT NULL PRIMARY KEY,
  category_code VARCHAR(40) NOT NULL,
  danger VARCHAR(12) NOT NULL,
  weight INT NOT NULL
);

CREATE TABLE emergency_numbers (
  danger VARCHAR(12) NOT NULL,
  number VARCHAR(32) NOT NULL,
  label VARCHAR(100) NOT NULL,
  sort INT NOT NULL,
  PRIMARY KEY (danger, label)
);

CREATE TABLE complaints (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number VARCHAR(16) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  estate_id VARCHAR(26) NOT NULL,
  building VARCHAR(64) NOT NULL,
  kind VARCHAR(16) NOT NULL CHECK (kind IN ('complaint', 'help', 'consultation', 'suggestion')),
  channel VARCHAR(12) NOT NULL CHECK (channel IN ('mini_program', 'call', 'walk_in', 'hotline_12345')),
  resident_id VARCHAR(26) NOT NULL,
  filed_by VARCHAR(26) NOT NULL,
  words TEXT NOT NULL,
  place VARCHAR(1600) NOT NULL,
  contact_name VARCHAR(400) NOT NULL,
  contact_phone VARCHAR(400) NOT NULL,
  anonymous INT NOT NULL,
  category_code VARCHAR(40) NOT NULL,
  category_by VARCHAR(100) NOT NULL,
  department_code VARCHAR(32) NOT NULL,
  department_name VARCHAR(100) NOT NULL,
  clause TEXT NOT NULL,
  status VARCHAR(16) NOT NULL,
  danger VARCHAR(12) NOT NULL,
  warranty INT NOT NULL,
  filed_at DATETIME(3) NOT NULL,
  accept_due_at DATETIME(3) NOT NULL,
  contact_due_at DATETIME(3) NULL,
  return_due_at DATETIME(3) NULL,
  due_at DATETIME(3) NOT NULL,
  first_due_at DATETIME(3) NOT NULL,
  provisional INT NOT NULL,
  resolve_days INT NOT NULL,
  extension_days INT NOT NULL,
  asked_days INT NOT NULL,
  closes INT NOT NULL,
  promise VARCHAR(400) NOT NULL,
  due_from DATETIME(3) NOT NULL,
  extended INT NOT NULL,
  returns INT NOT NULL,
  final INT NOT NULL,
  reopened INT NOT NULL,
  round INT NOT NULL,
  assigned_at DATETIME(3) NULL,
  contacted_at DATETIME(3) NULL,
  answered_at DATETIME(3) NULL,
  stars INT NOT NULL,
  resolved INT NOT NULL,
  rated_at DATETIME(3) NULL,
  rating_words TEXT NOT NULL,
  call_back VARCHAR(16) NOT NULL,
  merged_into VARCHAR(26) NOT NULL,
  ticket VARCHAR(64) NOT NULL,
  alerts INT NOT NULL,
  next_at DATETIME(3) NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX complaints_number ON complaints (number);
CREATE INDEX complaints_resident ON complaints (resident_id, filed_at);
CREATE INDEX complaints_list ON complaints (status, due_at);
CREATE INDEX complaints_filed ON complaints (filed_at);
CREATE INDEX complaints_area ON complaints (area_code, filed_at);
CREATE INDEX complaints_estate ON complaints (estate_id, category_code, filed_at);
CREATE INDEX complaints_next ON complaints (next_at);
CREATE INDEX complaints_ticket ON complaints (ticket);

CREATE TABLE complaint_handlers (
  complaint_id CHAR(26) NOT NULL,
  department_code VARCHAR(32) NOT NULL,
  round INT NOT NULL,
  lead_part INT NOT NULL,
  state VARCHAR(16) NOT NULL CHECK (state IN ('assigned', 'taken', 'answered')),
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (complaint_id, department_code)
);
CREATE INDEX complaint_handlers_department ON complaint_handlers (department_code, state, complaint_id);

CREATE TABLE complaint_steps (
  id CHAR(26) NOT NULL PRIMARY KEY,
  complaint_id CHAR(26) NOT NULL,
  number INT NOT NULL,
  step VARCHAR(24) NOT NULL,
  status VARCHAR(16) NOT NULL,
  actor_kind VARCHAR(12) NOT NULL,
  actor_id VARCHAR(26) NOT NULL,
  department_code VARCHAR(32) NOT NULL,
  department_name VARCHAR(100) NOT NULL,
  detail VARCHAR(1000) NOT NULL,
  words TEXT NOT NULL,
  open_to_resident INT NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX complaint_steps_number ON complaint_steps (complaint_id, number);

CREATE TABLE complaint_joins (
  complaint_id CHAR(26) NOT NULL,
  resident_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (complaint_id, resident_id)
);
CREATE INDEX complaint_joins_resident ON complaint_joins (resident_id);

CREATE TABLE complaint_alerts (
  complaint_id CHAR(26) NOT NULL,
  due_at DATETIME(3) NOT NULL,
  kind VARCHAR(16) NOT NULL CHECK (kind IN ('due_soon', 'overdue', 'street', 'joint_meeting')),
  department_code VARCHAR(32) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (complaint_id, due_at, kind)
);
CREATE INDEX complaint_alerts_at ON complaint_alerts (at);

ALTER TABLE staff ADD COLUMN department VARCHAR(32) NOT NULL DEFAULT '';
