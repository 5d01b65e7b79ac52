-- Whom staff telephone when no supervisor's page answers: up to three numbers of a city, in the order in which they are called.
CREATE TABLE supervisor_phones (
    municipality TEXT NOT NULL,
    place BIGINT NOT NULL,               -- 1 is called first
    name TEXT NOT NULL,                  -- of the function, not of a person
    number TEXT NOT NULL,                -- digits
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,            -- the administrator
    CONSTRAINT unique_supervisor_phones_municipality_place PRIMARY KEY (municipality, place)
);
