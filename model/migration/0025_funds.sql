-- What is pledged, what has come in and gone out, and what a maintenance fund holds.
CREATE TABLE pledges (
  id CHAR(26) NOT NULL PRIMARY KEY,
  slot VARCHAR(120) NOT NULL,
  purpose_type VARCHAR(8) NOT NULL CHECK (purpose_type IN ('lift', 'estate')),
  purpose_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  plan_version INT NOT NULL,
  contributor VARCHAR(24) NOT NULL,
  property_id VARCHAR(26) NOT NULL,
  label VARCHAR(400) NOT NULL,
  name TEXT NOT NULL,
  resident_id VARCHAR(26) NOT NULL,
  most BIGINT NULL,
  least_homes INT NULL,
  due_on VARCHAR(10) NOT NULL,
  ground VARCHAR(32) NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('pledged', 'confirmed', 'withdrawn')),
  reminded_on VARCHAR(10) NOT NULL,
  created_by VARCHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX pledges_slot ON pledges (slot);
CREATE INDEX pledges_purpose ON pledges (purpose_type, purpose_id, created_at);
CREATE INDEX pledges_property ON pledges (property_id);
CREATE INDEX pledges_resident ON pledges (resident_id);

CREATE TABLE pledge_parts (
  pledge_id CHAR(26) NOT NULL,
  source VARCHAR(24) NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  PRIMARY KEY (pledge_id, source)
);

CREATE TABLE ledgers (
  purpose_type VARCHAR(8) NOT NULL,
  purpose_id CHAR(26) NOT NULL,
  opened_at DATETIME(3) NOT NULL,
  PRIMARY KEY (purpose_type, purpose_id)
);

CREATE TABLE vouchers (
  id CHAR(26) NOT NULL PRIMARY KEY,
  slot VARCHAR(200) NOT NULL,
  purpose_type VARCHAR(8) NOT NULL,
  purpose_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  kind VARCHAR(12) NOT NULL CHECK (kind IN ('receipt', 'refund', 'expense', 'reversal')),
  source VARCHAR(24) NOT NULL,
  pledge_id VARCHAR(26) NOT NULL,
  property_id VARCHAR(26) NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  on_date VARCHAR(10) NOT NULL,
  reference VARCHAR(400) NOT NULL,
  note VARCHAR(2000) NOT NULL,
  payee TEXT NOT NULL,
  motion_id VARCHAR(26) NOT NULL,
  ground VARCHAR(32) NOT NULL,
  reverses VARCHAR(26) NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('entered', 'booked', 'rejected', 'reversed')),
  entered_by CHAR(26) NOT NULL,
  entered_at DATETIME(3) NOT NULL,
  checked_by VARCHAR(26) NOT NULL,
  checked_at DATETIME(3) NULL
);
CREATE UNIQUE INDEX vouchers_slot ON vouchers (slot);
CREATE INDEX vouchers_purpose ON vouchers (purpose_type, purpose_id, entered_at);
CREATE INDEX vouchers_pledge ON vouchers (pledge_id, stage);
CREATE INDEX vouchers_area ON vouchers (area_code, entered_at);

CREATE TABLE ledger_lines (
  voucher_id CHAR(26) NOT NULL,
  position INT NOT NULL,
  purpose_type VARCHAR(8) NOT NULL,
  purpose_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  account VARCHAR(12) NOT NULL CHECK (account IN ('assets', 'funds', 'spent')),
  source VARCHAR(24) NOT NULL,
  debit BIGINT NOT NULL CHECK (debit >= 0),
  credit BIGINT NOT NULL CHECK (credit >= 0),
  on_date VARCHAR(10) NOT NULL,
  pledge_id VARCHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (voucher_id, position)
);
CREATE INDEX ledger_lines_totals ON ledger_lines (purpose_type, purpose_id, account, source, debit, credit);
CREATE INDEX ledger_lines_area ON ledger_lines (area_code, account, estate_id, source, on_date, debit, credit);
CREATE INDEX ledger_lines_pledge ON ledger_lines (pledge_id, account, source, debit, credit);

CREATE TABLE maintenance_balances (
  property_id CHAR(26) NOT NULL PRIMARY KEY,
  balance BIGINT NOT NULL CHECK (balance >= 0),
  as_of VARCHAR(10) NOT NULL,
  updated_by CHAR(26) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
