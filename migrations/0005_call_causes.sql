-- Why calls of a consultation failed or began late: codes, separated by commas, the most certain first.

ALTER TABLE consultations ADD COLUMN call_causes TEXT NOT NULL DEFAULT '';
