-- The media type of a workbook has 65 characters.
ALTER TABLE files ADD COLUMN kind_of_media VARCHAR(128) NOT NULL DEFAULT '';
UPDATE files SET kind_of_media = media_type;
ALTER TABLE files DROP COLUMN media_type;
ALTER TABLE files RENAME COLUMN kind_of_media TO media_type;
