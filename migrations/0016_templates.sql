-- Sentences that a city has agreed on, for desks to choose from.
CREATE TABLE templates (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,                  -- blanks stand in braces
    added_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,            -- the administrator who wrote it last, or retired it
    retired_at BIGINT,                   -- shown to nobody any more
    command_id TEXT NOT NULL,            -- the form that added it; sent twice it adds once
    CONSTRAINT unique_templates_municipality_id PRIMARY KEY (municipality, id),
    CONSTRAINT unique_templates_municipality_command_id UNIQUE (municipality, command_id)
);
