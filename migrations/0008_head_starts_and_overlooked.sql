-- Yellow counts as having come an hour earlier instead of half an hour, green twenty minutes instead of ten.

UPDATE consultations SET rank = rank - 1800000 WHERE stage = 'waiting' AND acuity = 'yellow';
UPDATE consultations SET rank = rank - 600000 WHERE stage = 'waiting' AND acuity = 'green';

-- Since when a consultation that nobody took in time is on the supervisors' list; nothing once they have closed it.
ALTER TABLE consultations ADD COLUMN overlooked_at BIGINT;
CREATE INDEX consultations_overlooked ON consultations (municipality, overlooked_at) WHERE overlooked_at IS NOT NULL;
