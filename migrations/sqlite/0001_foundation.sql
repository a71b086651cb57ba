-- Times are milliseconds since the epoch, UTC. JSON is TEXT.
-- A partial index is used only where a query repeats its condition word by word.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE installations (
    id           INTEGER NOT NULL PRIMARY KEY,  -- GitHub's
    account      TEXT    NOT NULL,
    permissions  TEXT    NOT NULL,              -- JSON
    suspended    INTEGER NOT NULL DEFAULT 0,
    removed_at   INTEGER
) STRICT;

CREATE TABLE repos (
    id              INTEGER NOT NULL PRIMARY KEY,  -- GitHub's
    installation_id INTEGER REFERENCES installations (id),
    owner           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    default_branch  TEXT    NOT NULL,
    html_url        TEXT    NOT NULL,
    private         INTEGER NOT NULL,
    seen_at         INTEGER NOT NULL,
    trigger_labels  TEXT                     -- JSON; NULL while not known
) STRICT;
CREATE INDEX repos_installation ON repos (installation_id);

CREATE TABLE inbox (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    delivery_id TEXT    NOT NULL UNIQUE,
    event       TEXT    NOT NULL,
    repo_id     INTEGER,
    body        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'dead')),
    due_at      INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    outcome     TEXT,
    closed_at   INTEGER
) STRICT;
CREATE INDEX inbox_pending ON inbox (due_at) WHERE state = 'pending';
CREATE INDEX inbox_received ON inbox (received_at) WHERE state <> 'pending';

CREATE TABLE cases (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    repo_id    INTEGER NOT NULL REFERENCES repos (id),
    issue      INTEGER NOT NULL,
    facts      TEXT    NOT NULL,             -- JSON
    schema     INTEGER NOT NULL,
    rev        INTEGER NOT NULL,
    policy_src TEXT,
    policy     TEXT,                         -- JSON
    phase      TEXT    NOT NULL,
    wake_at    INTEGER,
    opened_at  INTEGER NOT NULL,
    over_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX cases_open ON cases (repo_id, issue) WHERE over_at IS NULL;
CREATE INDEX cases_issue ON cases (repo_id, issue, id);
CREATE INDEX cases_wake ON cases (wake_at) WHERE over_at IS NULL;

CREATE TABLE outbox (
    id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id        INTEGER NOT NULL REFERENCES cases (id),
    line           TEXT    NOT NULL,
    slot           TEXT    NOT NULL,
    subject        TEXT    NOT NULL,
    generation     INTEGER NOT NULL,
    args           TEXT    NOT NULL,         -- JSON
    lane           TEXT    NOT NULL CHECK (lane IN ('write', 'talk', 'read')),
    class          TEXT    NOT NULL,
    priority       INTEGER NOT NULL,         -- the smaller goes first
    state          TEXT    NOT NULL CHECK (state IN
                       ('waiting', 'acting', 'unsure', 'blocked', 'done', 'cancelled', 'failed')),
    due_at         INTEGER NOT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0,
    epoch          INTEGER,                  -- of the last attempt
    started_at     INTEGER,                  -- when the last act began, by our clock
    started_github INTEGER,                  -- and by GitHub's
    doubt          INTEGER NOT NULL DEFAULT 0,  -- that act may have happened
    looks          INTEGER NOT NULL DEFAULT 0,  -- and was looked for so often in vain
    error          TEXT,
    result         TEXT,                     -- JSON
    closed_at      INTEGER,
    UNIQUE (case_id, line, slot, subject, generation)
) STRICT;
CREATE UNIQUE INDEX outbox_live ON outbox (case_id, line, slot)
    WHERE state IN ('waiting', 'acting', 'unsure', 'blocked');
CREATE INDEX outbox_due ON outbox (due_at, priority)
    WHERE state IN ('waiting', 'unsure', 'blocked');
CREATE INDEX outbox_acting ON outbox (epoch) WHERE state = 'acting';

CREATE TABLE journal (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    rev        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    cause      TEXT    NOT NULL,
    event      TEXT    NOT NULL,             -- JSON
    facts_hash TEXT    NOT NULL,
    build      TEXT    NOT NULL,
    UNIQUE (case_id, rev)
) STRICT;

CREATE TABLE claims (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    repo_id  INTEGER NOT NULL REFERENCES repos (id),
    kind     TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    line     TEXT    NOT NULL,
    taken_at INTEGER NOT NULL,
    freed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX claims_held ON claims (repo_id, kind, value) WHERE freed_at IS NULL;
CREATE INDEX claims_case ON claims (case_id) WHERE freed_at IS NULL;

-- Who stands behind a claim: woken when it is freed.
CREATE TABLE claim_waits (
    repo_id INTEGER NOT NULL REFERENCES repos (id),
    kind    TEXT    NOT NULL,
    value   TEXT    NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    PRIMARY KEY (repo_id, kind, value, case_id)
) STRICT;
CREATE INDEX claim_waits_case ON claim_waits (case_id);
