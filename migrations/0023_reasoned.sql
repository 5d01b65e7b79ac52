-- What was done otherwise than the order, the rules or the scope guard have it, with a reason: codes, separated by commas. Its words
-- stand in the log alone.
ALTER TABLE consultations ADD COLUMN reasoned TEXT NOT NULL DEFAULT '';

-- What folding the logs of before gives. One command begins an appointment early and takes it: two events of one actor.
UPDATE consultations SET reasoned =
    CASE WHEN EXISTS (
        SELECT 1 FROM events e WHERE e.consultation_id = consultations.id AND e.kind = 'claimed' AND e.facts LIKE '%"overtook":true%'
        AND NOT EXISTS (
            SELECT 1 FROM events b WHERE b.consultation_id = e.consultation_id AND b.seq = e.seq - 1
            AND b.kind = 'appointment_begun' AND b.actor = e.actor
        )
    ) THEN 'overtook,' ELSE '' END ||
    CASE WHEN EXISTS (
        SELECT 1 FROM events e WHERE e.consultation_id = consultations.id AND e.kind = 'claimed' AND e.facts LIKE '%"overtook":true%'
        AND EXISTS (
            SELECT 1 FROM events b WHERE b.consultation_id = e.consultation_id AND b.seq = e.seq - 1
            AND b.kind = 'appointment_begun' AND b.actor = e.actor
        )
    ) THEN 'begun_early,' ELSE '' END ||
    CASE WHEN EXISTS (
        SELECT 1 FROM events e WHERE e.consultation_id = consultations.id AND e.kind = 'class_changed' AND (
            e.facts LIKE '%"from":"red","to":%'
            OR e.facts LIKE '%"from":"yellow","to":"green"%' OR e.facts LIKE '%"from":"yellow","to":"white"%'
            OR e.facts LIKE '%"from":"green","to":"white"%'
        )
    ) THEN 'lowered,' ELSE '' END ||
    CASE WHEN EXISTS (
        SELECT 1 FROM events e WHERE e.consultation_id = consultations.id AND e.kind = 'scope_passed'
    ) THEN 'scope_passed,' ELSE '' END
WHERE id IN (SELECT consultation_id FROM events WHERE kind IN ('claimed', 'class_changed', 'scope_passed'));
