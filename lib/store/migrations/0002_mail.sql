-- Mails of several kinds. Columns that came later may be NULL in rows of before: read with coalesce.

ALTER TABLE ops.outbox ADD COLUMN kind VARCHAR DEFAULT 'resend';   -- lib/model/outbox.py, MailKind
ALTER TABLE ops.outbox ADD COLUMN payload VARCHAR DEFAULT '{}';    -- what its words need, as JSON
ALTER TABLE ops.outbox ADD COLUMN bulk_id VARCHAR DEFAULT '';      -- the bulk resend it is part of
ALTER TABLE ops.outbox ADD COLUMN template VARCHAR DEFAULT '';     -- which version it was made from
ALTER TABLE ops.outbox ADD COLUMN policy INTEGER DEFAULT 0;        -- which version let it pass

-- Whose CDAs a mail of several systems brings. A mail of one has its serial in ops.outbox alone.
CREATE TABLE ops.outbox_serial (
    outbox_id VARCHAR NOT NULL,
    serial    VARCHAR NOT NULL,
    PRIMARY KEY (outbox_id, serial)
);
