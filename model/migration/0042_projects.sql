-- What was found of estates, the project ledger, and the steps of the policy.
CREATE TABLE estate_findings (
  estate_id CHAR(26) NOT NULL,
  aspect VARCHAR(24) NOT NULL,
  answer VARCHAR(8) NOT NULL CHECK (answer IN ('yes', 'no')),
  words VARCHAR(500) NOT NULL,
  staff_id VARCHAR(26) NOT NULL,
  found_at DATETIME(3) NOT NULL,
  PRIMARY KEY (estate_id, aspect)
);

CREATE TABLE projects (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number VARCHAR(32) NOT NULL,
  batch_year INT NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  name VARCHAR(100) NOT NULL,
  address VARCHAR(200) NOT NULL,
  built_year INT NULL,
  buildings INT NULL,
  units INT NULL,
  households INT NULL,
  area BIGINT NULL,
  override_reason VARCHAR(500) NOT NULL,
  nature VARCHAR(16) NOT NULL,
  original_unit VARCHAR(100) NOT NULL,
  fund VARCHAR(8) NOT NULL,
  managed_before VARCHAR(100) NOT NULL,
  managed_after VARCHAR(100) NOT NULL,
  total BIGINT NOT NULL CHECK (total >= 0),
  responsible_unit VARCHAR(100) NOT NULL,
  responsible_person VARCHAR(400) NOT NULL,
  party VARCHAR(32) NOT NULL,
  contractor VARCHAR(100) NOT NULL,
  supervisor VARCHAR(100) NOT NULL,
  designer VARCHAR(100) NOT NULL,
  works_done INT NOT NULL CHECK (works_done BETWEEN 0 AND 10000),
  paid INT NOT NULL CHECK (paid BETWEEN 0 AND 10000),
  result VARCHAR(16) NOT NULL,
  opinion TEXT NOT NULL,
  reported_on VARCHAR(10) NOT NULL,
  receiver VARCHAR(100) NOT NULL,
  created_by VARCHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX projects_number ON projects (number);
CREATE UNIQUE INDEX projects_estate ON projects (estate_id, batch_year);
CREATE INDEX projects_area ON projects (area_code, batch_year, number);
CREATE INDEX projects_party ON projects (party, batch_year, number);

CREATE TABLE project_works (
  project_id CHAR(26) NOT NULL,
  position INT NOT NULL,
  class VARCHAR(16) NOT NULL,
  item VARCHAR(100) NOT NULL,
  unit VARCHAR(64) NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity >= 0),
  done BIGINT NOT NULL CHECK (done >= 0),
  PRIMARY KEY (project_id, position)
);

CREATE TABLE project_money (
  project_id CHAR(26) NOT NULL,
  source VARCHAR(16) NOT NULL,
  planned BIGINT NOT NULL CHECK (planned >= 0),
  PRIMARY KEY (project_id, source)
);

CREATE TABLE project_dates (
  project_id CHAR(26) NOT NULL,
  milestone VARCHAR(16) NOT NULL,
  planned VARCHAR(10) NOT NULL,
  actual VARCHAR(10) NOT NULL,
  PRIMARY KEY (project_id, milestone)
);

CREATE TABLE project_reports (
  id CHAR(26) NOT NULL PRIMARY KEY,
  project_id CHAR(26) NOT NULL,
  on_date VARCHAR(10) NOT NULL,
  works_done INT NOT NULL,
  paid INT NOT NULL,
  words TEXT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  department VARCHAR(32) NOT NULL,
  made_at DATETIME(3) NOT NULL
);
CREATE INDEX project_reports_project ON project_reports (project_id, on_date, made_at);

CREATE TABLE project_problems (
  id CHAR(26) NOT NULL PRIMARY KEY,
  project_id CHAR(26) NOT NULL,
  words TEXT NOT NULL,
  owner VARCHAR(100) NOT NULL,
  due_on VARCHAR(10) NOT NULL,
  opened_by CHAR(26) NOT NULL,
  opened_at DATETIME(3) NOT NULL,
  closed_words TEXT NOT NULL,
  closed_by VARCHAR(26) NOT NULL,
  closed_at DATETIME(3) NULL
);
CREATE INDEX project_problems_project ON project_problems (project_id, closed_at, due_on);

CREATE TABLE project_papers (
  id CHAR(26) NOT NULL PRIMARY KEY,
  project_id CHAR(26) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  title VARCHAR(100) NOT NULL,
  on_date VARCHAR(10) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  entered_at DATETIME(3) NOT NULL
);
CREATE INDEX project_papers_project ON project_papers (project_id, kind);

CREATE TABLE project_days (
  id CHAR(26) NOT NULL PRIMARY KEY,
  project_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  building_id VARCHAR(26) NOT NULL,
  unit_id VARCHAR(26) NOT NULL,
  on_date VARCHAR(10) NOT NULL,
  words TEXT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  entered_at DATETIME(3) NOT NULL
);
CREATE INDEX project_days_estate ON project_days (estate_id, on_date);
CREATE INDEX project_days_project ON project_days (project_id, on_date);

CREATE TABLE project_steps (
  project_id CHAR(26) NOT NULL,
  step VARCHAR(16) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  done_at DATETIME(3) NOT NULL,
  pass_reason VARCHAR(500) NOT NULL,
  lacked TEXT NOT NULL,
  PRIMARY KEY (project_id, step)
);
