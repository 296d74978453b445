-- Surveys: questionnaires, the homes they go to, and what was answered.
CREATE TABLE surveys (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  title VARCHAR(400) NOT NULL,
  intro TEXT NOT NULL,
  audience_type VARCHAR(12) NOT NULL,
  audience_id VARCHAR(26) NOT NULL,
  audience_label VARCHAR(400) NOT NULL,
  unit VARCHAR(12) NOT NULL CHECK (unit IN ('household', 'person')),
  anonymous INT NOT NULL,
  fairly_counts INT NOT NULL,
  opens_at DATETIME(3) NOT NULL,
  closes_at DATETIME(3) NOT NULL,
  questions MEDIUMTEXT NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('draft', 'published')),
  version INT NOT NULL,
  follows_id VARCHAR(26) NOT NULL,
  motion_id VARCHAR(26) NOT NULL,
  results_open INT NOT NULL,
  base INT NOT NULL,
  closed_at DATETIME(3) NULL,
  published_at DATETIME(3) NULL,
  created_by VARCHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  reached VARCHAR(26) NOT NULL,
  told INT NOT NULL,
  told_at DATETIME(3) NULL
);
CREATE INDEX surveys_area ON surveys (area_code, created_at);
CREATE INDEX surveys_told ON surveys (told_at, opens_at);
CREATE INDEX surveys_motion ON surveys (motion_id);

CREATE TABLE survey_homes (
  survey_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  building_id CHAR(26) NOT NULL,
  unit_id VARCHAR(26) NOT NULL,
  floor_group VARCHAR(8) NOT NULL,
  visit VARCHAR(12) NOT NULL,
  visited_by VARCHAR(26) NOT NULL,
  visited_at DATETIME(3) NULL,
  PRIMARY KEY (survey_id, property_id)
);
CREATE INDEX survey_homes_property ON survey_homes (property_id);

CREATE TABLE survey_responses (
  id CHAR(26) NOT NULL PRIMARY KEY,
  survey_id CHAR(26) NOT NULL,
  party_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  resident_id VARCHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  building_id CHAR(26) NOT NULL,
  unit_id VARCHAR(26) NOT NULL,
  floor_group VARCHAR(8) NOT NULL,
  relation VARCHAR(12) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  answers MEDIUMTEXT NOT NULL,
  sealed MEDIUMTEXT NOT NULL,
  version INT NOT NULL,
  entered_by VARCHAR(26) NOT NULL,
  answered_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX survey_responses_party ON survey_responses (survey_id, party_id);
CREATE INDEX survey_responses_latest ON survey_responses (survey_id, updated_at);
CREATE INDEX survey_responses_resident ON survey_responses (resident_id);
CREATE INDEX survey_responses_property ON survey_responses (property_id);

-- Anonymous surveys: who took part, and apart from it what was answered. The
-- number of an answer is drawn by lot; as INTEGER PRIMARY KEY it is the row's
-- own number on SQLite too, so that no order of arrival is kept beside it.
CREATE TABLE survey_participants (
  survey_id CHAR(26) NOT NULL,
  party_id CHAR(26) NOT NULL,
  PRIMARY KEY (survey_id, party_id)
);

CREATE TABLE survey_answers (
  id INTEGER NOT NULL PRIMARY KEY,
  survey_id CHAR(26) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  released INT NOT NULL
);
CREATE INDEX survey_answers_survey ON survey_answers (survey_id, released);
