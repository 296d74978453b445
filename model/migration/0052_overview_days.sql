-- What the overview of each area said at the end of each day.
CREATE TABLE overview_days (
  area_code VARCHAR(12) NOT NULL,
  day VARCHAR(10) NOT NULL,
  figures MEDIUMTEXT NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (area_code, day)
);
