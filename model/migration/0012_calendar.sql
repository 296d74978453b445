-- Holidays and make-up working days, by the State Council's notice of a year.
CREATE TABLE holidays (
  day VARCHAR(10) NOT NULL PRIMARY KEY,
  notice_year INT NOT NULL,
  name VARCHAR(64) NOT NULL,
  off INT NOT NULL
);
CREATE INDEX holidays_year ON holidays (notice_year);
