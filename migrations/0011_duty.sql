-- Single days on which a desk is open otherwise than in its week, and who changed the hours when.

-- Today's and coming days; an empty list of spans is closed.
CREATE TABLE opening_days (
    municipality TEXT NOT NULL,
    day TEXT NOT NULL,                   -- 2026-12-31
    spans TEXT NOT NULL,                 -- JSON, signaling::hours::Span
    words TEXT NOT NULL,                 -- why, as families read it; may be empty
    CONSTRAINT unique_opening_days_municipality_day PRIMARY KEY (municipality, day)
);

-- Rows are only added. Written with the change itself, so the same form sent twice counts once.
CREATE TABLE opening_changes (
    municipality TEXT NOT NULL,
    command_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    changed TEXT NOT NULL,               -- in words: 「12月31日（木）を休みに（年末年始）」
    staff TEXT NOT NULL,                 -- the administrator
    staff_name TEXT NOT NULL,
    CONSTRAINT unique_opening_changes_municipality_command_id PRIMARY KEY (municipality, command_id)
);
CREATE INDEX opening_changes_by_time ON opening_changes (municipality, at_ms);
