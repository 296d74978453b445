-- Lists of a bank's statements that staff upload, and what of them became a voucher.
CREATE TABLE bank_lists (
  id CHAR(26) NOT NULL PRIMARY KEY,
  area_code VARCHAR(12) NOT NULL,
  findings MEDIUMTEXT NOT NULL,
  created_by CHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE TABLE bank_movements (
  id CHAR(26) NOT NULL PRIMARY KEY,
  slot VARCHAR(64) NOT NULL,
  direction VARCHAR(3) NOT NULL CHECK (direction IN ('in', 'out')),
  on_date VARCHAR(10) NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  reference VARCHAR(400) NOT NULL,
  payer TEXT NOT NULL,
  payer_index VARCHAR(64) NOT NULL,
  words TEXT NOT NULL,
  voucher_id VARCHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX bank_movements_slot ON bank_movements (slot);
CREATE INDEX bank_movements_voucher ON bank_movements (voucher_id);
CREATE TABLE bank_rows (
  list_id CHAR(26) NOT NULL,
  position INT NOT NULL,
  sheet VARCHAR(400) NOT NULL,
  line INT NOT NULL,
  movement_id CHAR(26) NOT NULL,
  known INT NOT NULL,
  PRIMARY KEY (list_id, position)
);
CREATE INDEX bank_rows_movement ON bank_rows (movement_id);
CREATE INDEX vouchers_reference ON vouchers (reference, amount);
