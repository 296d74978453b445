-- Uploads, each with what it belongs to.
CREATE TABLE files (
  id CHAR(26) NOT NULL PRIMARY KEY,
  owner_kind VARCHAR(16) NOT NULL,
  owner_id CHAR(26) NOT NULL,
  media_type VARCHAR(64) NOT NULL,
  size BIGINT NOT NULL,
  digest VARCHAR(64) NOT NULL,
  about_type VARCHAR(32) NOT NULL,
  about_id VARCHAR(64) NOT NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE INDEX files_about ON files (about_type, about_id);
CREATE INDEX files_loose ON files (about_type, created_at);
