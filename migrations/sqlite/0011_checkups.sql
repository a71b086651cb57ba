-- What the doctor found of a repository when it looked last, and when the week's look is
-- due. Of a repository that has no row it is due as soon as it is active.
CREATE TABLE checkups (
    repo_id  INTEGER NOT NULL PRIMARY KEY,
    due_at   INTEGER NOT NULL,
    found    TEXT               -- JSON; NULL: it could not be looked at yet
);
