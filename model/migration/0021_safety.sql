-- What residents wrote and others would see, and whether it may be shown.
CREATE TABLE safety_checks (
  id CHAR(26) NOT NULL PRIMARY KEY,
  about_type VARCHAR(32) NOT NULL,
  about_id VARCHAR(64) NOT NULL,
  part VARCHAR(32) NOT NULL,
  kind VARCHAR(8) NOT NULL CHECK (kind IN ('text', 'picture')),
  area_code VARCHAR(12) NOT NULL,
  author_id VARCHAR(26) NOT NULL,
  words TEXT NOT NULL,
  state VARCHAR(8) NOT NULL CHECK (state IN ('pending', 'pass', 'review', 'risky', 'refused')),
  cause VARCHAR(16) NOT NULL,
  label INT NOT NULL,
  trace_id VARCHAR(128) NOT NULL,
  tries INT NOT NULL,
  next_at DATETIME(3) NULL,
  made_at DATETIME(3) NOT NULL,
  decided_at DATETIME(3) NULL,
  decided_by VARCHAR(26) NOT NULL,
  reason VARCHAR(2000) NOT NULL
);
CREATE UNIQUE INDEX safety_checks_part ON safety_checks (about_type, about_id, part);
CREATE INDEX safety_checks_due ON safety_checks (state, next_at);
CREATE INDEX safety_checks_queue ON safety_checks (area_code, state, made_at);
CREATE INDEX safety_checks_trace ON safety_checks (trace_id);
CREATE INDEX safety_checks_author ON safety_checks (author_id);

CREATE TABLE platform_events (
  event_key CHAR(64) NOT NULL PRIMARY KEY,
  trace_id VARCHAR(128) NOT NULL,
  suggest VARCHAR(8) NOT NULL,
  label INT NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX platform_events_trace ON platform_events (trace_id);
CREATE INDEX platform_events_at ON platform_events (at);
