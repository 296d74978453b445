-- Figures of surveys, kept ready. A response says whether it is in them (1), not
-- yet (0), or with what stood before it (2), which is then kept beside it.
ALTER TABLE survey_responses ADD COLUMN tallied INT NOT NULL DEFAULT 0;
ALTER TABLE survey_responses ADD COLUMN tallied_answers MEDIUMTEXT NULL;
ALTER TABLE survey_responses ADD COLUMN tallied_sealed MEDIUMTEXT NULL;
CREATE INDEX survey_responses_tallied ON survey_responses (survey_id, tallied);

-- The id is the survey's, and of what part the figures are: all, or a slicing
-- and its key.
CREATE TABLE survey_tallies (
  id VARCHAR(80) NOT NULL PRIMARY KEY,
  survey_id CHAR(26) NOT NULL,
  state MEDIUMTEXT NOT NULL
);
CREATE INDEX survey_tallies_survey ON survey_tallies (survey_id);
