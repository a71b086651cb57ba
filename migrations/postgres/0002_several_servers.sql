-- Several servers with one database. Each has its row in `replicas`; one of them leads:
-- it works everything off, and the others take deliveries and show pages.
ALTER TABLE replicas ADD COLUMN facts_schema BIGINT NOT NULL DEFAULT 0;
-- Servers of before know no other beside them, so the row of one that runs leads.
ALTER TABLE replicas ADD COLUMN leads BOOLEAN NOT NULL DEFAULT TRUE;
CREATE UNIQUE INDEX replicas_lead ON replicas (leads) WHERE leads;

-- Which deliveries came is asked of the database, as no server has seen all of them.
CREATE INDEX inbox_key ON inbox (key);
CREATE INDEX inbox_said ON inbox (said);
CREATE INDEX seen_key ON seen (key);
CREATE INDEX seen_said ON seen (said);
CREATE INDEX set_aside_key ON set_aside (key);
CREATE INDEX set_aside_said ON set_aside (said);

-- And so is whom they concern.
CREATE INDEX inbox_opens ON inbox (repo_id) WHERE opens IS NOT NULL;
CREATE INDEX set_aside_opens ON set_aside (repo_id) WHERE opens IS NOT NULL;
