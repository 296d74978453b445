-- What was cast lately is found among all motions; a seal sorts its own.
CREATE INDEX ballots_cast ON ballots (cast_at, motion_id);
DROP INDEX ballots_time ON ballots;
