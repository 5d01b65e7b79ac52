-- Appointments: which a city offers (neither number: none), when the family of a consultation comes by one, and who holds which place.
ALTER TABLE municipalities ADD COLUMN appointments_an_hour BIGINT;
ALTER TABLE municipalities ADD COLUMN appointment_families BIGINT;
ALTER TABLE consultations ADD COLUMN appointment_at BIGINT;

-- Only those that have not begun. The same ten minutes have as many places as the city lets families book them.
CREATE TABLE appointments (
    consultation_id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    slot_at BIGINT NOT NULL,
    place BIGINT NOT NULL,
    CONSTRAINT unique_appointments_consultation_id PRIMARY KEY (consultation_id),
    CONSTRAINT unique_appointments_municipality_slot_at_place UNIQUE (municipality, slot_at, place)
);

-- A consultation that is booked for later is open too: one per family.
DROP INDEX unique_consultations_guardian;
CREATE UNIQUE INDEX unique_consultations_guardian ON consultations (guardian) WHERE stage IN ('waiting', 'booked', 'claimed');
