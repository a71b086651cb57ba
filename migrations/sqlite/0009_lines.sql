-- An issue may have hotfixes of several release lines at once, each a case of its own;
-- that which began first has no name here.
ALTER TABLE cases ADD COLUMN line TEXT NOT NULL DEFAULT '';
DROP INDEX cases_open;
CREATE UNIQUE INDEX cases_open ON cases (repo_id, issue, line) WHERE over_at IS NULL;
