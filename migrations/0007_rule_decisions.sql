-- What administrators decided about red-flag rules, and the editions that this desk has run with.

-- Rows are only added; the newest of a rule counts. A chain in each city, like looks: mac covers the row and the one before it.
CREATE TABLE rule_decisions (
    municipality TEXT NOT NULL,
    seq BIGINT NOT NULL,                 -- 1, 2, 3 … within the city
    at_ms BIGINT NOT NULL,
    rule TEXT NOT NULL,                  -- C05
    version BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,           -- SHA-256 of the rule's content
    decided TEXT NOT NULL,               -- approved, withdrawn, enabled, disabled
    physician TEXT,                      -- of an approval
    approved_on TEXT,                    -- its day
    staff TEXT NOT NULL,                 -- the administrator
    staff_name TEXT NOT NULL,
    command_id TEXT NOT NULL,            -- the page's form; the same button pressed twice counts once
    mac BYTEA NOT NULL,
    CONSTRAINT unique_rule_decisions_municipality_seq PRIMARY KEY (municipality, seq),
    CONSTRAINT unique_rule_decisions_municipality_command_id_decided UNIQUE (municipality, command_id, decided)
);

-- The files themselves, so that two can be compared.
CREATE TABLE rule_editions (
    digest TEXT NOT NULL,                -- SHA-256 of the file
    edition TEXT NOT NULL,
    file TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    CONSTRAINT unique_rule_editions_digest PRIMARY KEY (digest)
);
