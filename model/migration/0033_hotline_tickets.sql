-- A ticket of the 12345 centre is a case once, whoever reads the file again; how a case came takes its longest word.
CREATE TABLE hotline_tickets (
  ticket VARCHAR(64) NOT NULL PRIMARY KEY,
  complaint_id CHAR(26) NOT NULL
);
ALTER TABLE complaints ADD COLUMN came_by VARCHAR(16) NOT NULL DEFAULT 'mini_program' CHECK (came_by IN ('mini_program', 'call', 'walk_in', 'hotline_12345'));
UPDATE complaints SET came_by = channel;
ALTER TABLE complaints DROP COLUMN channel;
