-- In a copy of the base: what only its own load told (carry.sql, notes.sql).
DELETE FROM made.meta;
DELETE FROM made.pack_certificate;
DELETE FROM made.pack_absent;
DELETE FROM made.pack_account;
DROP TABLE IF EXISTS made.note;
