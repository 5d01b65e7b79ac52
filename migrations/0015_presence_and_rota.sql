-- What clinicians said of themselves last; one row each.
CREATE TABLE duty (
    staff TEXT NOT NULL,
    municipality TEXT NOT NULL,
    duty TEXT NOT NULL,                  -- on, break, off
    since_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,             -- when their desk was last heard of, to the minute
    CONSTRAINT unique_duty_staff PRIMARY KEY (staff)
);
CREATE INDEX duty_of_city ON duty (municipality);

-- Everything they said. Rows are only added; the same form counts once.
CREATE TABLE duty_changes (
    staff TEXT NOT NULL,
    command_id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    duty TEXT NOT NULL,
    kept BIGINT NOT NULL,                -- consultations that were gone on with after the end of the shift
    at_ms BIGINT NOT NULL,
    CONSTRAINT unique_duty_changes_staff_command_id PRIMARY KEY (staff, command_id)
);
CREATE INDEX duty_changes_by_time ON duty_changes (municipality, at_ms);

-- The rota.
CREATE TABLE shifts (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    staff TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,            -- exclusive
    swap_asked_at BIGINT,                -- somebody is asked to take it
    swap_to TEXT,                        -- one colleague; anybody where it is empty
    CONSTRAINT unique_shifts_id PRIMARY KEY (id)
);
CREATE INDEX shifts_by_time ON shifts (municipality, until_at);

-- Who changed the rota how. Rows are only added; the same form counts once.
CREATE TABLE rota_changes (
    municipality TEXT NOT NULL,
    command_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    changed TEXT NOT NULL,               -- in words
    staff TEXT NOT NULL,
    staff_name TEXT NOT NULL,
    CONSTRAINT unique_rota_changes_municipality_command_id PRIMARY KEY (municipality, command_id)
);
CREATE INDEX rota_changes_by_time ON rota_changes (municipality, at_ms);
