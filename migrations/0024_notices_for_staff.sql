-- To whom a notice is told: family, or staff who have no page open. Rows from before, and those of a server that does not know the
-- column yet, are all a family's.
ALTER TABLE outbox ADD COLUMN audience TEXT NOT NULL DEFAULT 'family';
