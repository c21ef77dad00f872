-- Mail that came back, and why nothing leaves.

-- Whether the archive gets a copy of it: only then does the copy's absence say that it didn't go.
ALTER TABLE ops.outbox ADD COLUMN archived BOOLEAN DEFAULT 0;  -- 'false' isn't a constant to ALTER

-- Each report of the bounce folder that was read, by a digest of its bytes: read again (the folder
-- was restored, the server numbered it anew) it counts once.
CREATE TABLE ops.bounce (
    digest    VARCHAR PRIMARY KEY,
    kind      VARCHAR NOT NULL,  -- lib/model/bounce.py, BounceKind
    outbox_id VARCHAR NOT NULL,  -- '' when it is of no mail of ours
    status    VARCHAR NOT NULL,  -- RFC 3463, '' when it says none
    read_at   TIMESTAMP NOT NULL
);

-- How far each bounce folder was read.
CREATE TABLE ops.bounce_folder (
    folder      VARCHAR PRIMARY KEY,
    uidvalidity BIGINT NOT NULL,
    last_uid    BIGINT NOT NULL
);

-- Addresses that gave a mail back for good. `since` is NULL when somebody confirmed it later.
CREATE TABLE ops.failing_address (
    address   VARCHAR PRIMARY KEY,  -- lower case
    outbox_id VARCHAR NOT NULL,
    since     TIMESTAMP
);

-- Why nothing leaves: one row. `problem` is '' while mail flows; `probe_at`: nothing is tried before.
CREATE TABLE ops.mail_queue (
    id          VARCHAR PRIMARY KEY,
    problem     VARCHAR NOT NULL,
    since       TIMESTAMP,
    probe_at    TIMESTAMP,
    failures    INTEGER NOT NULL,  -- probes in a row that failed
    clock_after BIGINT NOT NULL    -- rows of the log up to this one say nothing about the clock
);
INSERT INTO ops.mail_queue VALUES ('mail', '', NULL, NULL, 0, 0);
