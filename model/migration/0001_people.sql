-- Areas, staff, residents, sessions, and what is written about them.
CREATE TABLE areas (
  code VARCHAR(12) NOT NULL PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  type VARCHAR(12) NOT NULL CHECK (type IN ('county', 'street', 'community')),
  parent VARCHAR(12) NOT NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX areas_name ON areas (parent, name);

CREATE TABLE signing_keys (
  name VARCHAR(32) NOT NULL PRIMARY KEY,
  public_key TEXT NOT NULL,
  private_key TEXT NOT NULL,
  created_at DATETIME(3) NOT NULL
);

CREATE TABLE staff (
  id CHAR(26) NOT NULL PRIMARY KEY,
  username VARCHAR(64) NOT NULL,
  role VARCHAR(16) NOT NULL CHECK (role IN ('street', 'community', 'grid', 'department', 'county', 'auditor', 'admin')),
  area_code VARCHAR(12) NOT NULL,
  name VARCHAR(400) NOT NULL,
  password_hash VARCHAR(200) NOT NULL,
  must_change INT NOT NULL,
  password_at DATETIME(3) NOT NULL,
  locked_until DATETIME(3) NULL,
  disabled_at DATETIME(3) NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX staff_username ON staff (username);

CREATE TABLE failures (
  id CHAR(26) NOT NULL PRIMARY KEY,
  subject VARCHAR(96) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX failures_subject ON failures (subject, at);
CREATE INDEX failures_age ON failures (at);

CREATE TABLE residents (
  id CHAR(26) NOT NULL PRIMARY KEY,
  nickname VARCHAR(64) NOT NULL,
  phone VARCHAR(400) NOT NULL,
  phone_index VARCHAR(64) NOT NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE INDEX residents_phone ON residents (phone_index);

CREATE TABLE wechat_accounts (
  app_id VARCHAR(64) NOT NULL,
  open_id VARCHAR(128) NOT NULL,
  resident_id CHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (app_id, open_id)
);
CREATE INDEX wechat_accounts_resident ON wechat_accounts (resident_id);

CREATE TABLE sessions (
  token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  id CHAR(26) NOT NULL,
  kind VARCHAR(12) NOT NULL CHECK (kind IN ('resident', 'staff')),
  subject_id CHAR(26) NOT NULL,
  device VARCHAR(120) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  seen_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL
);
CREATE INDEX sessions_subject ON sessions (kind, subject_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE privacy_acceptances (
  id CHAR(26) NOT NULL PRIMARY KEY,
  resident_id CHAR(26) NOT NULL,
  version VARCHAR(32) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE INDEX privacy_acceptances_resident ON privacy_acceptances (resident_id);

CREATE TABLE bindings (
  id CHAR(26) NOT NULL PRIMARY KEY,
  resident_id CHAR(26) NOT NULL,
  property_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  owner_id VARCHAR(26) NOT NULL,
  relation VARCHAR(12) NOT NULL CHECK (relation IN ('owner', 'tenant', 'family')),
  status VARCHAR(12) NOT NULL CHECK (status IN ('pending', 'verified', 'rejected', 'ended')),
  proof VARCHAR(16) NOT NULL,
  name VARCHAR(800) NOT NULL,
  phone VARCHAR(400) NOT NULL,
  privacy_version VARCHAR(32) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  decided_at DATETIME(3) NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE INDEX bindings_resident ON bindings (resident_id, status);
CREATE INDEX bindings_property ON bindings (property_id, status);
CREATE INDEX bindings_queue ON bindings (estate_id, status);

CREATE TABLE resident_tidings (
  id CHAR(26) NOT NULL PRIMARY KEY,
  resident_id CHAR(26) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  about_type VARCHAR(24) NOT NULL,
  about_id VARCHAR(64) NOT NULL,
  text VARCHAR(500) NOT NULL,
  at DATETIME(3) NOT NULL,
  read_at DATETIME(3) NULL
);
CREATE INDEX resident_tidings_resident ON resident_tidings (resident_id, at);

CREATE TABLE audit_log (
  id CHAR(26) NOT NULL PRIMARY KEY,
  at DATETIME(3) NOT NULL,
  actor_kind VARCHAR(12) NOT NULL,
  actor_id VARCHAR(26) NOT NULL,
  action VARCHAR(64) NOT NULL,
  object_type VARCHAR(24) NOT NULL,
  object_id VARCHAR(64) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  outcome VARCHAR(12) NOT NULL CHECK (outcome IN ('done', 'refused')),
  code VARCHAR(64) NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  seal VARCHAR(64) NOT NULL
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_object ON audit_log (object_type, object_id);

CREATE TABLE idempotency_keys (
  scope VARCHAR(64) NOT NULL,
  idempotency_key VARCHAR(128) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  answer MEDIUMTEXT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (scope, idempotency_key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
