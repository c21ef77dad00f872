-- Imports and loads that can be undone (lib/store/records/undos.py).

-- The file that a batch came from; when `kept`, it lies in data/batches/<batch_id>/<name>.
-- `notes` is what was said of its rows, as JSON: the first of those set aside, and warnings.
CREATE TABLE ops.batch_file (
    batch_id VARCHAR PRIMARY KEY,
    name     VARCHAR NOT NULL,
    kept     BOOLEAN NOT NULL,
    bytes    BIGINT NOT NULL,
    sha256   VARCHAR NOT NULL,
    notes    VARCHAR NOT NULL
);

-- One row for each batch that was undone: its key lets only one of two people do it. `result` says
-- as JSON what went, what returned and what stayed because it was edited since.
CREATE TABLE ops.batch_undo (
    batch_id  VARCHAR PRIMARY KEY,
    undone_at TIMESTAMP NOT NULL,
    undone_by VARCHAR NOT NULL,
    reason    VARCHAR NOT NULL,
    result    VARCHAR NOT NULL
);

-- Certificates that went with the batch that brought them: gone while they still are as that batch
-- left them, so the same folio may come back in another. Deleting them would take 100 µs a row.
CREATE TABLE ops.certificate_gone (
    folio    VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL
);
