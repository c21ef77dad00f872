-- Ways in: second factors (lib/services/doors/factors.py), links that set a password.

-- The seed of each person's codes, sealed; NULL when they have none any more. `last_step` is the
-- newest step whose code was used (RFC 6238): none of before it works again.
CREATE TABLE ops.totp (
    username    VARCHAR PRIMARY KEY,
    seed        BLOB,
    last_step   BIGINT NOT NULL,
    enrolled_at TIMESTAMP NOT NULL
);

-- Each works once, in place of a code; made anew, the ones before are void.
CREATE TABLE ops.recovery_code (
    code_hash VARCHAR PRIMARY KEY,
    username  VARCHAR NOT NULL,
    made_at   TIMESTAMP NOT NULL,
    void_at   TIMESTAMP
);

-- A sign-in between its password and its second factor. `seed` is the one being enrolled.
CREATE TABLE ops.half_sign_in (
    token_hash         VARCHAR PRIMARY KEY,
    username           VARCHAR NOT NULL,
    credential_version INTEGER NOT NULL,
    address            VARCHAR NOT NULL,
    opened_at          TIMESTAMP NOT NULL,
    ended_at           TIMESTAMP,
    seed               BLOB
);

-- Links by mail with which somebody sets their own password: to come in for the first time, or
-- anew. Only a hash of what the link holds is kept; a newer one voids those before it.
CREATE TABLE ops.password_link (
    token_hash VARCHAR PRIMARY KEY,
    username   VARCHAR NOT NULL,
    made_by    VARCHAR NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at   TIMESTAMP
);
