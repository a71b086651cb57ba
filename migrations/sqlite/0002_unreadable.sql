-- Why the case's facts cannot be read: it stands still, and nothing of it is
-- handed out but what is told beside it.
ALTER TABLE cases ADD COLUMN unreadable TEXT;

-- Deliveries that a case has not taken, as its facts could not be read. It takes
-- them in order before anything else once they can.
CREATE TABLE inbox_waits (
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    inbox_id INTEGER NOT NULL REFERENCES inbox (id),
    PRIMARY KEY (case_id, inbox_id)
) STRICT;
CREATE INDEX inbox_waits_delivery ON inbox_waits (inbox_id);
