-- Which clinicians are in which running call: who has the consultation, and a colleague who came in. Nobody is in two.
CREATE TABLE call_seats (
    clinician TEXT NOT NULL,
    consultation_id TEXT NOT NULL,
    CONSTRAINT unique_call_seats_clinician PRIMARY KEY (clinician)
);
CREATE INDEX call_seats_of_consultation ON call_seats (consultation_id);

-- Calls that run while this is put in place.
INSERT INTO call_seats (clinician, consultation_id)
    SELECT call_clinician, id FROM consultations WHERE call_clinician IS NOT NULL;
