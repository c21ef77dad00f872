-- The policy of resends. Each change is a new version; the newest is in force, none is ever changed.

CREATE TABLE ops.policy (
    version    INTEGER PRIMARY KEY,
    policy     VARCHAR NOT NULL,       -- lib/model/policy.py, as JSON
    changed_at TIMESTAMP NOT NULL,
    changed_by VARCHAR NOT NULL
);

-- The conflict row of a person's quota: who asks for a mail writes it before counting their mails,
-- so that of two at once one comes second and counts the other's.
CREATE TABLE ops.quota_turn (
    username VARCHAR PRIMARY KEY,
    turns    BIGINT NOT NULL
);
