-- For whom a waiting consultation was handed on: `person:ID` or `profession:CODE`; nothing where anybody may take it.
ALTER TABLE consultations ADD COLUMN meant_for TEXT;
