-- Photos of an intake that is not sent yet, in the order in which they came. Their pixels are in photos already, sealed; the log
-- tells of them once the intake is sent, and these rows go.

CREATE TABLE intake_photos (
    consultation_id TEXT NOT NULL,
    photo_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    CONSTRAINT unique_intake_photos_consultation_id_photo_id PRIMARY KEY (consultation_id, photo_id)
);
CREATE INDEX intake_photos_age ON intake_photos (at_ms);
CREATE INDEX drafts_age ON drafts (at_ms);
