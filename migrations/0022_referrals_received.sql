-- Referrals that the city's public-health nurse received: when, for her list of the last days. owner_name is hers then, with her title.
ALTER TABLE tasks ADD COLUMN received_at BIGINT;
CREATE INDEX tasks_received ON tasks (municipality, received_at) WHERE received_at IS NOT NULL;
