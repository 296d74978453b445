-- What residents may ask about their own data, and when they left.
ALTER TABLE residents ADD COLUMN left_at DATETIME(3) NULL;

CREATE TABLE data_requests (
  id CHAR(26) NOT NULL PRIMARY KEY,
  resident_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  words TEXT NOT NULL,
  status VARCHAR(12) NOT NULL CHECK (status IN ('open', 'done', 'refused')),
  answer VARCHAR(2000) NOT NULL,
  answered_by VARCHAR(26) NOT NULL,
  answered_at DATETIME(3) NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX data_requests_area ON data_requests (area_code, status);
CREATE INDEX data_requests_resident ON data_requests (resident_id);
CREATE INDEX bindings_decided ON bindings (status, decided_at);
CREATE INDEX resident_tidings_age ON resident_tidings (at);
