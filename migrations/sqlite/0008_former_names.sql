-- What repositories were called before, owner/name in lower case: an old link leads on.
CREATE TABLE former_names (
    full_name TEXT    NOT NULL PRIMARY KEY,
    repo_id   INTEGER NOT NULL REFERENCES repos (id)
) STRICT;
