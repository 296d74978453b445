-- The last four of owners' phones and document numbers, keyed, by which staff find people; null until a row from before is keyed.
ALTER TABLE owners ADD COLUMN phone_end_index VARCHAR(64);
ALTER TABLE owners ADD COLUMN document_end_index VARCHAR(64);
CREATE INDEX owners_phone_end ON owners (phone_end_index, id);
CREATE INDEX owners_document_end ON owners (document_end_index);
