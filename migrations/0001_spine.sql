-- The spine: one append-only log per consultation, and what is written with it in the same transaction.
--
-- One text for SQLite and PostgreSQL. Ids, codes and JSON are TEXT, instants BIGINT milliseconds, bytes BYTEA (SQLite keeps
-- blobs in a column of any type). No BOOLEAN. Every unique rule is named unique_<table>_<columns>, so that both databases
-- name a violated rule alike (storage/error.rs).

-- Small facts about this database, such as the mark of a demo.
CREATE TABLE meta (
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT unique_meta_name PRIMARY KEY (name)
);

-- The log. Stored bytes are never rewritten.
CREATE TABLE events (
    consultation_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    facts TEXT NOT NULL,
    sealed BYTEA,
    actor TEXT NOT NULL,
    mac BYTEA NOT NULL,
    CONSTRAINT unique_events_consultation_id_seq PRIMARY KEY (consultation_id, seq)
);

-- Where each consultation stands: everything that lists, the queue and the figures read. Always what folding the log gives
-- (check-log compares), and written with it.
CREATE TABLE consultations (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    guardian TEXT NOT NULL,
    service TEXT NOT NULL,
    mode TEXT NOT NULL,
    quiet BIGINT NOT NULL,               -- 0 or 1
    subject TEXT NOT NULL,               -- band
    relation TEXT NOT NULL,
    complaint TEXT NOT NULL,             -- the main one
    complaints TEXT NOT NULL,            -- JSON array of codes, main one first
    returning_family BIGINT NOT NULL,    -- 0 or 1
    flags TEXT NOT NULL,                 -- JSON array of fired rules
    acuity TEXT NOT NULL,
    stage TEXT NOT NULL,                 -- waiting, claimed, closed, cancelled
    stage_at BIGINT NOT NULL,            -- since when
    rank BIGINT,                         -- only while waiting; lower is called earlier
    claimed_by TEXT,                     -- only while claimed
    claimed_name TEXT,
    claimed_role TEXT,
    requested_at BIGINT NOT NULL,
    unanswered_since BIGINT,
    first_claimed_at BIGINT,
    first_reply_at BIGINT,
    ended_at BIGINT,
    call_clinician TEXT,                 -- only while a call runs
    missed_calls BIGINT NOT NULL,
    talk_seconds BIGINT NOT NULL,
    disposition TEXT,                    -- of the signed note
    signed_by TEXT,
    signed_name TEXT,
    signed_role TEXT,
    signed_at BIGINT,
    survey TEXT,
    seq BIGINT NOT NULL,                 -- of the last event
    head BYTEA NOT NULL,                 -- its mac
    audit_seq BIGINT NOT NULL,           -- of the last look
    audit_head BYTEA NOT NULL,           -- its mac
    checkpointed_seq BIGINT NOT NULL,    -- how far the checkpoints reach
    checkpointed_audit_seq BIGINT NOT NULL,
    CONSTRAINT unique_consultations_id PRIMARY KEY (id)
);

-- One open consultation per family, one running call per clinician.
CREATE UNIQUE INDEX unique_consultations_guardian ON consultations (guardian) WHERE stage IN ('waiting', 'claimed');
CREATE UNIQUE INDEX unique_consultations_call_clinician ON consultations (call_clinician) WHERE call_clinician IS NOT NULL;
CREATE INDEX consultations_queue ON consultations (municipality, stage, rank, id);
CREATE INDEX consultations_of_guardian ON consultations (guardian, requested_at);
CREATE INDEX consultations_of_clinician ON consultations (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX consultations_by_request ON consultations (municipality, requested_at);

-- Deleting a row erases the content of a consultation. May live in, and be backed up to, another place than the rest.
CREATE TABLE consultation_keys (
    consultation_id TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT unique_consultation_keys_consultation_id PRIMARY KEY (consultation_id)
);

-- What happens by itself. A row is gone once it has taken effect.
CREATE TABLE timers (
    consultation_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    CONSTRAINT unique_timers_consultation_id_kind PRIMARY KEY (consultation_id, kind)
);
CREATE INDEX timers_due ON timers (due_at);

-- What is to be told outside of the desk (mail, LINE, push). Says that something happened, never what.
CREATE TABLE outbox (
    consultation_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    CONSTRAINT unique_outbox_consultation_id_seq PRIMARY KEY (consultation_id, seq)
);
CREATE INDEX outbox_unsent ON outbox (created_at) WHERE sent_at IS NULL;

-- The same command from the same actor takes effect once.
CREATE TABLE command_results (
    actor TEXT NOT NULL,
    command_id TEXT NOT NULL,
    consultation_id TEXT NOT NULL,
    first_seq BIGINT NOT NULL,           -- its events are first_seq to seq; first_seq = seq + 1 where it made none
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    CONSTRAINT unique_command_results_actor_command_id PRIMARY KEY (actor, command_id)
);
CREATE INDEX command_results_age ON command_results (at_ms);

-- What is being written. One row each, last write wins by revision, gone when signed or sent.
CREATE TABLE drafts (
    consultation_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    field TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    CONSTRAINT unique_drafts_consultation_id_owner_field PRIMARY KEY (consultation_id, owner, field)
);

-- Who looked: a second chain per consultation.
CREATE TABLE audit (
    consultation_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    mac BYTEA NOT NULL,
    CONSTRAINT unique_audit_consultation_id_seq PRIMARY KEY (consultation_id, seq)
);

-- Heads of all chains that changed, and totals; itself a chain.
CREATE TABLE checkpoints (
    number BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    body TEXT NOT NULL,                  -- JSON
    mac BYTEA NOT NULL,
    CONSTRAINT unique_checkpoints_number PRIMARY KEY (number)
);
