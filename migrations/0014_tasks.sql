-- What supervisors have to look after: unhappy families, concerns, consented referrals. Always what folding the logs gives, and
-- written with them; what was said and done stands sealed in the log.
CREATE TABLE tasks (
    consultation_id TEXT NOT NULL,
    seq BIGINT NOT NULL,                 -- of the event that opened it
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,                  -- concern, dissatisfied, referral
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    owner_name TEXT,                     -- the supervisor who has it
    closed_at BIGINT,
    CONSTRAINT unique_tasks_consultation_id_seq PRIMARY KEY (consultation_id, seq)
);
CREATE INDEX tasks_open ON tasks (municipality, due_at) WHERE closed_at IS NULL;
