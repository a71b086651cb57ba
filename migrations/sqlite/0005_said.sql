-- What a delivery says, whatever its id (a digest of event and content): the
-- same under a new id is a replay.
ALTER TABLE inbox ADD COLUMN said TEXT;
CREATE INDEX inbox_said ON inbox (said) WHERE said IS NOT NULL;
