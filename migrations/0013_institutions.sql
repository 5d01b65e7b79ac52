-- Where leaflets of the desk lie, and through whose leaflet a family came.

CREATE TABLE institutions (
    municipality TEXT NOT NULL,
    code TEXT NOT NULL,                  -- stands in the leaflet's link; no secret
    name TEXT NOT NULL,
    reach TEXT NOT NULL,                 -- what kind it is: the answer that its families most likely give
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,              -- the administrator
    ended_at BIGINT,                     -- no leaflet is printed for it any more; those that hang somewhere still count
    command_id TEXT NOT NULL,            -- the form; sent twice it adds once
    CONSTRAINT unique_institutions_municipality_code PRIMARY KEY (municipality, code),
    CONSTRAINT unique_institutions_municipality_command_id UNIQUE (municipality, command_id),
    CONSTRAINT unique_institutions_municipality_name UNIQUE (municipality, name)
);

ALTER TABLE guardians ADD COLUMN institution TEXT;   -- code; nothing for families that came in another way
