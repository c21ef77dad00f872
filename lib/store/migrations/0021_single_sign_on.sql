-- Ways in by the company's own accounts (lib/services/doors/single_sign_on.py).

-- Whose account of which provider: `subject` is the provider's own, for good (OpenID Connect Core,
-- 5.7). A link taken away stays as a row with its end.
CREATE TABLE ops.sso_identity (
    issuer    VARCHAR NOT NULL,
    subject   VARCHAR NOT NULL,
    username  VARCHAR NOT NULL,
    linked_at TIMESTAMP NOT NULL,
    ended_at  TIMESTAMP,
    PRIMARY KEY (issuer, subject)
);

-- Tokens that opened something, or were refused, by their hash: none counts twice. Kept for longer
-- than any is young enough to be taken.
CREATE TABLE ops.sso_token (
    token_hash VARCHAR PRIMARY KEY,
    forget_at  TIMESTAMP NOT NULL
);

-- Between the provider's answer and the page that opens the session: once, and for a minute.
CREATE TABLE ops.sso_arrival (
    token_hash         VARCHAR PRIMARY KEY,
    username           VARCHAR NOT NULL,
    credential_version INTEGER NOT NULL,
    strong             BOOLEAN NOT NULL,  -- the provider asked for a second factor
    authenticated_at   TIMESTAMP,         -- when it last asked them who they are
    arrived_at         TIMESTAMP NOT NULL,
    ended_at           TIMESTAMP
);

-- Administrators whose password opens the desk when only the provider does otherwise.
CREATE TABLE ops.break_glass (
    username VARCHAR PRIMARY KEY,
    since    TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);

-- How somebody came in (lib/services/doors/opening.py, Entrance).
ALTER TABLE ops.session ADD COLUMN entrance VARCHAR DEFAULT 'password';
ALTER TABLE ops.half_sign_in ADD COLUMN entrance VARCHAR DEFAULT 'password';
