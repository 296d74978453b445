-- Where an estate lies (GCJ-02), in millionths of a degree.
ALTER TABLE projects ADD COLUMN longitude INT NULL;
ALTER TABLE projects ADD COLUMN latitude INT NULL;
