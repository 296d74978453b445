-- A line of the log of papers that was a slip stays, with why it does not count.
ALTER TABLE paper_receipts ADD COLUMN struck_at DATETIME(3) NULL;
ALTER TABLE paper_receipts ADD COLUMN struck_by VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE paper_receipts ADD COLUMN struck_reason VARCHAR(500) NOT NULL DEFAULT '';
