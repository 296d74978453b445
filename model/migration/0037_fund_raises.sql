-- Money raised for the maintenance fund of a home, after the owners' special vote; and an index by which one ledger of many homes is read.
CREATE TABLE fund_raises (
  id CHAR(26) NOT NULL PRIMARY KEY,
  slot VARCHAR(200) NOT NULL,
  property_id CHAR(26) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  motion_id CHAR(26) NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  on_date VARCHAR(10) NOT NULL,
  reference VARCHAR(400) NOT NULL,
  note VARCHAR(2000) NOT NULL,
  reverses VARCHAR(26) NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('entered', 'booked', 'rejected', 'reversed')),
  entered_by CHAR(26) NOT NULL,
  entered_at DATETIME(3) NOT NULL,
  checked_by VARCHAR(26) NOT NULL,
  checked_at DATETIME(3) NULL
);
CREATE UNIQUE INDEX fund_raises_slot ON fund_raises (slot);
CREATE INDEX fund_raises_property ON fund_raises (property_id, entered_at);
CREATE INDEX ledger_lines_order ON ledger_lines (purpose_type, purpose_id, account, at, voucher_id, debit, credit);
