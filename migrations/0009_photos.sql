-- Photos beside the log, sealed with the key of their consultation. The log says what they are; these are the pixels.

CREATE TABLE photos (
    consultation_id TEXT NOT NULL,
    photo_id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    bytes BIGINT NOT NULL,               -- of both views as they are stored
    large BYTEA NOT NULL,
    small BYTEA NOT NULL,
    CONSTRAINT unique_photos_consultation_id_photo_id PRIMARY KEY (consultation_id, photo_id)
);
CREATE INDEX photos_of_city ON photos (municipality, at_ms, bytes);

-- Photos on their way: parts as they arrive, sealed too. Gone when the photo is stored, or when it goes no further.
CREATE TABLE photo_parts (
    consultation_id TEXT NOT NULL,
    owner TEXT NOT NULL,                 -- signaling::actor::Actor::key
    photo_id TEXT NOT NULL,
    from_byte BIGINT NOT NULL,
    until_byte BIGINT NOT NULL,          -- exclusive
    total BIGINT NOT NULL,               -- bytes of the whole photo
    municipality TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT unique_photo_parts_consultation_id_owner_photo_id_from_byte
        PRIMARY KEY (consultation_id, owner, photo_id, from_byte)
);
CREATE INDEX photo_parts_of_city ON photo_parts (municipality, from_byte, total);
CREATE INDEX photo_parts_age ON photo_parts (at_ms);
