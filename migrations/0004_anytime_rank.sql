-- Both services stand in one order: an anytime consultation counts as having come two hours before its promised answer,
-- which was 24 hours after it was asked wherever the promise was not written down yet.

UPDATE consultations SET rank = rank + 79200000
WHERE stage = 'waiting' AND service = 'anytime' AND acuity IN ('green', 'white');
