-- Pull requests that bring another configuration, or may: whether it is right is to be
-- said on their heads. One that touches it keeps its row, so that its next head is looked
-- at; the others' go.
CREATE TABLE config_checks (
    repo_id  BIGINT NOT NULL,
    pull     BIGINT NOT NULL,   -- its number; 0: those of the branch
    head     TEXT   NOT NULL,   -- the commit; of pull 0 the branch
    due_at   BIGINT,            -- when it is looked at; NULL: it was
    tries    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (repo_id, pull, head)
);
CREATE INDEX config_checks_due ON config_checks (due_at);
