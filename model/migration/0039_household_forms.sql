-- One form per household: what a questionnaire that goes with a motion was
-- answered is named by the ballot's version that it came with.
CREATE TABLE survey_forms (
  id CHAR(26) NOT NULL PRIMARY KEY,
  survey_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  answers MEDIUMTEXT NOT NULL,
  sealed MEDIUMTEXT NOT NULL,
  laid_at DATETIME(3) NOT NULL
);
CREATE INDEX survey_forms_home ON survey_forms (survey_id, property_id);
ALTER TABLE ballots ADD COLUMN form_id VARCHAR(26) NOT NULL DEFAULT '';
