-- What a manager should look at (lib/model/alert.py). Found again and again in the log, raised once:
-- `key` says of what and which day, so that a second look or a restart adds nothing.

CREATE TABLE ops.alert (
    id        VARCHAR PRIMARY KEY,
    key       VARCHAR NOT NULL UNIQUE,
    rule      VARCHAR NOT NULL,
    about     VARCHAR NOT NULL,  -- a person, an account, a network address, as the rule has it
    people    VARCHAR NOT NULL,  -- JSON: whose acts they are; none of them answers for it
    facts     VARCHAR NOT NULL,  -- JSON: why it fired
    entries   VARCHAR NOT NULL,  -- JSON: the rows of the log behind it, by seq, oldest first
    raised_at TIMESTAMP NOT NULL,
    state     VARCHAR NOT NULL,  -- lib/model/alert.py, State
    taken_by  VARCHAR NOT NULL,  -- '' while nobody has
    taken_at  TIMESTAMP,
    closed_at TIMESTAMP,
    note      VARCHAR NOT NULL   -- what it was, in the words of who took it
);
