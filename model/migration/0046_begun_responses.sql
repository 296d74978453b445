-- What a resident has filled in so far of a survey that names who answers.
CREATE TABLE begun_responses (
  id CHAR(26) NOT NULL PRIMARY KEY,
  survey_id CHAR(26) NOT NULL,
  resident_id CHAR(26) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX begun_responses_own ON begun_responses (survey_id, resident_id);
CREATE INDEX begun_responses_resident ON begun_responses (resident_id);
