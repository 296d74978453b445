-- What an objection's deadline was reckoned from; pictures, attachments by version, neighbours, posted sheets, revisions to review.
ALTER TABLE objections ADD COLUMN due_days INT NOT NULL DEFAULT 5;
ALTER TABLE objections ADD COLUMN due_provisional INT NOT NULL DEFAULT 0;
CREATE INDEX objections_due ON objections (status, due_on);
ALTER TABLE notices ADD COLUMN picture_id VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN files VARCHAR(1000) NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN hears_id VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE notice_versions ADD COLUMN files VARCHAR(1000) NOT NULL DEFAULT '';

CREATE TABLE notice_postings (
  id CHAR(26) NOT NULL PRIMARY KEY,
  notice_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  place VARCHAR(400) NOT NULL,
  posted_on VARCHAR(10) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX notice_postings_notice ON notice_postings (notice_id, at);

CREATE TABLE notice_revisions (
  notice_id CHAR(26) NOT NULL PRIMARY KEY,
  title VARCHAR(400) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  files VARCHAR(1000) NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  proposed_by CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
