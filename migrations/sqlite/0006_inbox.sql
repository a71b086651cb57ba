-- The inbox holds facts, not bodies, and only what is to be worked on: the
-- receiver appends to one table without an index, and a row leaves it in the
-- transaction of what follows from it.
DROP TABLE inbox_waits;
DROP TABLE inbox;

CREATE TABLE inbox (
    id          INTEGER NOT NULL PRIMARY KEY,  -- the order of arrival
    key         BLOB    NOT NULL,              -- of the delivery id
    said        BLOB    NOT NULL,              -- what it says, whatever its id: a digest
    delivery_id TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    repo_id     INTEGER,
    opens       INTEGER,                       -- the issue on which it may begin a case
    fact        TEXT    NOT NULL,              -- JSON
    received_at INTEGER NOT NULL,
    fetched     INTEGER NOT NULL
) STRICT;

-- What was acknowledged and left the inbox: it is not taken again. Read as a
-- whole at start, and forgotten from the front.
CREATE TABLE seen (
    id          INTEGER NOT NULL PRIMARY KEY,
    key         BLOB    NOT NULL,
    said        BLOB    NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

-- What could not be worked on. Without a time it waits for a start, or for
-- somebody who asks.
CREATE TABLE set_aside (
    id          INTEGER NOT NULL PRIMARY KEY,
    key         BLOB    NOT NULL,
    said        BLOB    NOT NULL,
    delivery_id TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    repo_id     INTEGER,
    opens       INTEGER,
    fact        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    fetched     INTEGER NOT NULL,
    tries       INTEGER NOT NULL,
    due_at      INTEGER,
    error       TEXT    NOT NULL
) STRICT;
CREATE INDEX set_aside_due ON set_aside (due_at) WHERE due_at IS NOT NULL;

-- What a case has not taken, as its facts could not be read.
CREATE TABLE inbox_waits (
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    id          INTEGER NOT NULL,
    delivery_id TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    fact        TEXT    NOT NULL,
    fetched     INTEGER NOT NULL,
    PRIMARY KEY (case_id, id)
) STRICT;

-- Counting the open cases by phase reads no facts; what is over is pruned in
-- the order of its end.
CREATE INDEX cases_phase ON cases (phase, unreadable) WHERE over_at IS NULL;
CREATE INDEX cases_open_id ON cases (id) WHERE over_at IS NULL;
CREATE INDEX cases_over ON cases (over_at) WHERE over_at IS NOT NULL;
