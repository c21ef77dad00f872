-- Mails that wait for a manager. A row lives beside its ops.outbox row, which says 'held' meanwhile:
-- what waits is what both say, and an answer is taken once (WHERE state = 'waiting' RETURNING).

CREATE TABLE ops.approval (
    outbox_id    VARCHAR PRIMARY KEY,
    asked_by     VARCHAR NOT NULL,
    asked_at     TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL,
    stops        VARCHAR NOT NULL,   -- why it was stopped: Stops (lib/model/policy.py) as JSON
    state        VARCHAR NOT NULL,   -- lib/model/approval.py, Answer
    answered_by  VARCHAR,
    answered_at  TIMESTAMP,
    note         VARCHAR NOT NULL,
    announced_at TIMESTAMP           -- when a mail that tells the managers was queued
);
