-- Meetings of residents, and who came.
CREATE TABLE meetings (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  kind VARCHAR(16) NOT NULL CHECK (kind IN ('mobilisation', 'council')),
  title VARCHAR(400) NOT NULL,
  place VARCHAR(400) NOT NULL,
  audience_type VARCHAR(12) NOT NULL,
  audience_id VARCHAR(26) NOT NULL,
  audience_label VARCHAR(200) NOT NULL,
  starts_at DATETIME(3) NOT NULL,
  ends_at DATETIME(3) NOT NULL,
  code VARCHAR(12) NOT NULL,
  notice_id CHAR(26) NOT NULL,
  minutes_id VARCHAR(26) NOT NULL,
  cancelled_at DATETIME(3) NULL,
  cancelled_reason VARCHAR(2000) NOT NULL,
  created_by CHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX meetings_code ON meetings (code);
CREATE INDEX meetings_area ON meetings (area_code, starts_at);
CREATE INDEX meetings_audience ON meetings (audience_id, starts_at);

CREATE TABLE meeting_attendees (
  id CHAR(26) NOT NULL PRIMARY KEY,
  meeting_id CHAR(26) NOT NULL,
  attendee VARCHAR(26) NOT NULL,
  resident_id VARCHAR(26) NOT NULL,
  property_id VARCHAR(26) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  noted_by VARCHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX meeting_attendees_once ON meeting_attendees (meeting_id, attendee);
