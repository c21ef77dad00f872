-- Where the columns of certificates stand under certain headings, as a person said it last
-- (lib/services/imports/mapping.py).
CREATE TABLE ops.column_mapping (
    headings  VARCHAR PRIMARY KEY,  -- SHA-256 of them, folded, whatever their order
    columns   VARCHAR NOT NULL,     -- JSON: ours -> [heading, which of those alike] or null; '' = as found
    mapped_at TIMESTAMP NOT NULL,
    mapped_by VARCHAR NOT NULL
);

-- How the file of an import was read: JSON, '' for a load or before this step.
ALTER TABLE ops.batch_file ADD COLUMN reading VARCHAR DEFAULT '';
