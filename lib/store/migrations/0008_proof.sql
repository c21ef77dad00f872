-- What proves the log (lib/store/log/checkpoints.py), and what the proof said.

-- The log's head, signed with a key that lies outside the database; each is also a line of
-- audit.checkpoints.
CREATE TABLE ops.checkpoint (
    seq       BIGINT PRIMARY KEY,  -- the newest row it covers: the one that says it was signed
    hash      VARCHAR NOT NULL,
    rows      BIGINT NOT NULL,
    signed_at TIMESTAMP NOT NULL,
    key       VARCHAR NOT NULL,    -- fingerprint
    signature VARCHAR NOT NULL     -- Ed25519, hex
);

-- Each verification, when it ended.
CREATE TABLE ops.verification (
    id        VARCHAR PRIMARY KEY,
    ended_at  TIMESTAMP NOT NULL,
    rows      BIGINT NOT NULL,
    problem   VARCHAR NOT NULL,    -- lib/model/proof.py, Problem; '' when it found nothing
    seq       BIGINT NOT NULL,     -- the first row that fails; 0 when none does
    through   BIGINT NOT NULL,     -- it is one of these when the anchors can't say which
    unchecked VARCHAR NOT NULL     -- JSON: fingerprints of keys whose signatures it couldn't check
);
