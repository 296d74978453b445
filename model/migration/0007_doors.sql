-- One index, in walking order, holds whatever is asked of a roll: pages of doors, narrowed or not, and the tally.
CREATE INDEX roll_voters_walk ON roll_voters (motion_id, position, building, unit, channel, choice, invalid_reason, area);
DROP INDEX roll_voters_tally ON roll_voters;
DROP INDEX roll_voters_position ON roll_voters;
