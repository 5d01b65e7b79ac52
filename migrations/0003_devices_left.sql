-- A browser that gave up its family's credential to enter another family: the same people may be registered twice.

ALTER TABLE devices ADD COLUMN left_for TEXT; -- the family that it entered; revoked_at says when
