-- Resends to many at once (lib/model/bulk.py). What became of each mail stands in ops.outbox.

CREATE TABLE ops.bulk (
    id              VARCHAR PRIMARY KEY,
    idempotency_key VARCHAR NOT NULL UNIQUE,
    list            VARCHAR NOT NULL,   -- where it was asked for: a source's id
    requested_by    VARCHAR NOT NULL,
    session         VARCHAR NOT NULL,   -- for the log's rows, which are written after it is over
    address         VARCHAR NOT NULL,
    requested_at    TIMESTAMP NOT NULL,
    reason          VARCHAR NOT NULL,
    ticket          VARCHAR NOT NULL,
    manner          VARCHAR NOT NULL,   -- one mail per account, or one per system
    accepted        VARCHAR NOT NULL,   -- JSON: the rules whose warnings were accepted
    systems         INTEGER NOT NULL,
    state           VARCHAR NOT NULL,
    finished_at     TIMESTAMP
);

-- Its systems in order. Those with the same mail_no go together; `why` and `facts` say what left
-- one out.
CREATE TABLE ops.bulk_system (
    bulk_id    VARCHAR NOT NULL,
    place      INTEGER NOT NULL,
    mail_no    INTEGER NOT NULL,
    serial     VARCHAR NOT NULL,
    account_no VARCHAR NOT NULL,
    state      VARCHAR NOT NULL,
    outbox_id  VARCHAR NOT NULL,
    why        VARCHAR NOT NULL,
    facts      VARCHAR NOT NULL,
    PRIMARY KEY (bulk_id, place)
);
