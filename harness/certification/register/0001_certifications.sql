CREATE TABLE certification (
    id        TEXT NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL,
    subject   TEXT NOT NULL,
    UNIQUE (programme, subject)
) STRICT;

CREATE TABLE event (
    number        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    certification TEXT    NOT NULL REFERENCES certification (id),
    place         INTEGER NOT NULL CHECK (place >= 0),
    event         TEXT    NOT NULL CHECK (json_valid(event)),
    digest        TEXT    NOT NULL CHECK (length(digest) = 64),
    UNIQUE (certification, place)
) STRICT;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'an event is never changed'); END;

CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'an event is never removed'); END;

CREATE TRIGGER certification_is_never_changed BEFORE UPDATE ON certification
BEGIN SELECT RAISE (ABORT, 'a certification is never changed'); END;

CREATE TRIGGER certification_is_never_removed BEFORE DELETE ON certification
BEGIN SELECT RAISE (ABORT, 'a certification is never removed'); END;
