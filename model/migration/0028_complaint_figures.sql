-- What the statistics of cases add up, and mediation of neighbours.
ALTER TABLE complaints ADD COLUMN filed_month VARCHAR(7) NOT NULL DEFAULT '';
ALTER TABLE complaints ADD COLUMN days_taken INT NOT NULL DEFAULT 0;
CREATE INDEX complaints_month ON complaints (filed_month, category_code);

CREATE TABLE mediations (
  id CHAR(26) NOT NULL PRIMARY KEY,
  complaint_id CHAR(26) NOT NULL,
  number INT NOT NULL,
  held_on VARCHAR(10) NOT NULL,
  place VARCHAR(100) NOT NULL,
  outcome VARCHAR(12) NOT NULL CHECK (outcome IN ('agreed', 'adjourned', 'failed')),
  present TEXT NOT NULL,
  facts TEXT NOT NULL,
  agreement TEXT NOT NULL,
  due_on VARCHAR(10) NOT NULL,
  follow_up TEXT NOT NULL,
  followed_at DATETIME(3) NULL,
  kept INT NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX mediations_number ON mediations (complaint_id, number);
