-- Long exports, which any replica works at under a lease.
CREATE TABLE jobs (
  id CHAR(26) NOT NULL PRIMARY KEY,
  kind VARCHAR(40) NOT NULL,
  params TEXT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  role VARCHAR(16) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  department VARCHAR(40) NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'expired')),
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  worker VARCHAR(26) NOT NULL,
  lease_until DATETIME(3) NULL,
  tries INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  detail VARCHAR(400) NOT NULL,
  file_id VARCHAR(26) NOT NULL,
  file_name VARCHAR(200) NOT NULL,
  file_size BIGINT NOT NULL,
  made_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NULL,
  expires_at DATETIME(3) NULL
);
CREATE INDEX jobs_due ON jobs (stage, lease_until, made_at);
CREATE INDEX jobs_staff ON jobs (staff_id, made_at);
CREATE INDEX jobs_expiry ON jobs (stage, expires_at);

CREATE INDEX owners_tail ON owners (document_tail_index);
