-- The official steps of a lift, as far as they have come.
CREATE TABLE lift_steps (
  plan_id CHAR(26) NOT NULL,
  step VARCHAR(16) NOT NULL,
  begun_on VARCHAR(10) NOT NULL,
  done_on VARCHAR(10) NOT NULL,
  note VARCHAR(2000) NOT NULL,
  staff_id CHAR(26) NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (plan_id, step)
);
