-- GitHub could not deliver it: it was found in the log of deliveries, perhaps
-- long after, and what was said may have been taken back since.
ALTER TABLE inbox ADD COLUMN fetched INTEGER NOT NULL DEFAULT 0;
