-- Who is who: cities, staff, families, their devices and the private links of consultations.
--
-- No secret stands here in clear. Tokens are SHA-256, what people remember is argon2id or keyed HMAC, and what must be shown
-- again is sealed with a key that is not in the database (server/src/identity/secret.rs).

CREATE TABLE municipalities (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    service_name TEXT NOT NULL,
    opening_hours TEXT NOT NULL,         -- JSON, signaling::hours::Hours
    reply_hours BIGINT NOT NULL,         -- anytime consultations are answered within
    satisfaction_target BIGINT NOT NULL, -- tenths of a percent
    satisfaction_baseline BIGINT NOT NULL,
    registered_target BIGINT NOT NULL,
    registered_baseline BIGINT NOT NULL,
    consultations_target BIGINT NOT NULL,
    consultations_baseline BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    demo_at BIGINT,                      -- only of a demo city
    CONSTRAINT unique_municipalities_id PRIMARY KEY (id)
);

-- The tenant is found by the host that the browser asked for.
CREATE TABLE municipality_hosts (
    host TEXT NOT NULL,                  -- lower case, without port
    municipality TEXT NOT NULL,
    CONSTRAINT unique_municipality_hosts_host PRIMARY KEY (host)
);

-- 合言葉. The digest (keyed) is compared, the sealed text is shown to the administrator.
CREATE TABLE passphrases (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    digest TEXT NOT NULL,
    sealed TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,                  -- exclusive
    CONSTRAINT unique_passphrases_id PRIMARY KEY (id)
);
CREATE INDEX passphrases_by_digest ON passphrases (municipality, digest);

CREATE TABLE staff (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    login TEXT NOT NULL,                 -- lower case
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT,                  -- PHC string
    totp_sealed TEXT,
    totp_last_step BIGINT NOT NULL,      -- the newest step that has counted; every step counts once
    wrong_tries BIGINT NOT NULL,
    locked_until BIGINT,
    created_at BIGINT NOT NULL,
    enrolled_at BIGINT,
    disabled_at BIGINT,
    CONSTRAINT unique_staff_id PRIMARY KEY (id),
    CONSTRAINT unique_staff_municipality_login UNIQUE (municipality, login)
);

-- One-time links by which a password is chosen and the second factor added.
CREATE TABLE staff_enrolments (
    token_hash TEXT NOT NULL,
    staff TEXT NOT NULL,
    totp_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT,
    CONSTRAINT unique_staff_enrolments_token_hash PRIMARY KEY (token_hash)
);
CREATE INDEX staff_enrolments_of_staff ON staff_enrolments (staff);

CREATE TABLE staff_sessions (
    token_hash TEXT NOT NULL,
    staff TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,             -- to the minute
    ended_at BIGINT,
    CONSTRAINT unique_staff_sessions_token_hash PRIMARY KEY (token_hash)
);
CREATE INDEX staff_sessions_of_staff ON staff_sessions (staff);

CREATE TABLE guardians (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    command_id TEXT NOT NULL,            -- the form that registered; sent twice it registers once
    reach TEXT NOT NULL,
    profile_sealed TEXT NOT NULL,        -- whom it is about
    recovery_hash TEXT,                  -- PHC string
    recovery_tries BIGINT NOT NULL,      -- wrong ones in a row
    registered_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    test_at BIGINT,                      -- staff trying it out: in no figure
    CONSTRAINT unique_guardians_id PRIMARY KEY (id),
    CONSTRAINT unique_guardians_municipality_command_id UNIQUE (municipality, command_id)
);
CREATE INDEX guardians_by_registration ON guardians (municipality, registered_at);

CREATE TABLE consents (
    guardian TEXT NOT NULL,
    purpose TEXT NOT NULL,
    version TEXT NOT NULL,               -- of the words that were read
    answer TEXT NOT NULL,                -- given, refused
    answered_at BIGINT NOT NULL,
    CONSTRAINT unique_consents_guardian_purpose_version PRIMARY KEY (guardian, purpose, version)
);

CREATE TABLE devices (
    id TEXT NOT NULL,
    guardian TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    name TEXT NOT NULL,                  -- 「iPhone・Safari」
    joined_by TEXT NOT NULL,             -- registration, code, link, recovery
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,             -- to the day
    told_at BIGINT NOT NULL,             -- devices that joined later are still to be told to this one
    revoked_at BIGINT,
    CONSTRAINT unique_devices_id PRIMARY KEY (id),
    CONSTRAINT unique_devices_token_hash UNIQUE (token_hash)
);
CREATE INDEX devices_of_guardian ON devices (guardian, created_at);

-- The private link of one consultation. The link's text is derived from the consultation, never stored.
CREATE TABLE tickets (
    consultation TEXT NOT NULL,
    ticket_hash TEXT NOT NULL,
    guardian TEXT NOT NULL,
    municipality TEXT NOT NULL,
    command_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT unique_tickets_consultation PRIMARY KEY (consultation),
    CONSTRAINT unique_tickets_ticket_hash UNIQUE (ticket_hash),
    CONSTRAINT unique_tickets_guardian_command_id UNIQUE (guardian, command_id)
);

-- Letting another device in. The six digits and the link are derived from the id.
CREATE TABLE transfers (
    id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    guardian TEXT NOT NULL,
    consultation TEXT NOT NULL,
    wrong_tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT,
    CONSTRAINT unique_transfers_id PRIMARY KEY (id),
    CONSTRAINT unique_transfers_token_hash UNIQUE (token_hash)
);
CREATE INDEX transfers_of_guardian ON transfers (guardian, created_at);
