-- Critical issues that stand, and whether the operator was told of each.
CREATE TABLE alert (
    kind    TEXT    NOT NULL,
    booking TEXT    NOT NULL DEFAULT '',
    at      INTEGER NOT NULL,
    why     TEXT    NOT NULL,
    told    INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    PRIMARY KEY (kind, booking)
) STRICT;
