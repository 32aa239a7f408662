CREATE TABLE booking (
    id           TEXT    NOT NULL PRIMARY KEY,
    wanted       TEXT    CHECK (wanted IS NULL OR json_valid(wanted)),
    held         TEXT    CHECK (held IS NULL OR json_valid(held)),
    operation    TEXT,
    first_at     INTEGER,
    started_at   INTEGER,
    attempts     INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    in_flight    INTEGER NOT NULL DEFAULT 0 CHECK (in_flight IN (0, 1)),
    cut_off      INTEGER NOT NULL DEFAULT 0 CHECK (cut_off >= 0),
    error        TEXT    NOT NULL DEFAULT '',
    stuck        TEXT,
    due_at       INTEGER,
    escalate_at  INTEGER,
    escalated_at INTEGER,
    over_at      INTEGER,
    CHECK ((operation IS NULL) = (first_at IS NULL) AND (operation IS NULL) = (started_at IS NULL))
) STRICT;

CREATE INDEX booking_due ON booking (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX booking_escalate ON booking (escalate_at) WHERE escalate_at IS NOT NULL;

CREATE TABLE event (
    nth     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    booking TEXT,
    told    TEXT    NOT NULL
) STRICT;

-- Calls have stopped; which token was refused is told by its digest.
CREATE TABLE stop (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    token TEXT    NOT NULL,
    why   TEXT    NOT NULL
) STRICT;
