-- The log's segments that left ops.audit (lib/store/log/archives.py), and what was found in the log
-- and put out of the way.

-- One that was archived: its rows lie in a Parquet file under data/log, read through the view
-- log_row. Those still in ops.audit need no row here: each begins with a row of the log that says so.
CREATE TABLE ops.segment (
    first       BIGINT PRIMARY KEY,  -- the row that began it; 1 of the oldest
    last        BIGINT NOT NULL,
    head        VARCHAR NOT NULL,    -- the hash of its last row
    rows        BIGINT NOT NULL,
    begun_at    TIMESTAMP NOT NULL,  -- of its first row
    ended_at    TIMESTAMP NOT NULL,  -- of its last
    sha256      VARCHAR NOT NULL,    -- of data/log/segment-<first>-<last>.parquet
    archived_at TIMESTAMP NOT NULL,
    dropped_at  TIMESTAMP            -- an administrator let it go; a row of the log says who and why
);

-- Details of rows that there weren't yet: they would have kept the log from growing past them.
CREATE TABLE ops.detail_aside (
    id       VARCHAR PRIMARY KEY,
    seq      BIGINT NOT NULL,  -- the number they had
    salt     VARCHAR NOT NULL,
    detail   VARCHAR NOT NULL,
    after    BIGINT NOT NULL,  -- the log's newest row when they were found
    aside_at TIMESTAMP NOT NULL
);

-- JSON: of each segment that fails its first row that does ([row, problem, through]; `problem`, `seq`
-- and `through` are those of the first of them), the segments nobody can check because an
-- administrator let them go, and which row began the one in use. '{}': of before there were segments.
ALTER TABLE ops.verification ADD COLUMN findings VARCHAR DEFAULT '{}';
