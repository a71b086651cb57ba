-- Words that may show a repository to everybody can come late: it counts as public
-- once GitHub itself was asked after the last of them.
ALTER TABLE repos ADD COLUMN told INTEGER NOT NULL DEFAULT 0;   -- such words so far
ALTER TABLE repos ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;  -- of those, before the last question
CREATE INDEX repos_unasked ON repos (installation_id)
    WHERE asked < told AND installation_id IS NOT NULL;
