-- Passkeys: second factors that a browser or a key of hardware keeps (lib/services/doors/passkeys.py).

-- `id` is the credential's own, as browsers write it (base64url). `counter` is what it said when it
-- was last used; `name` tells its person which one it is.
CREATE TABLE ops.passkey (
    id         VARCHAR PRIMARY KEY,
    username   VARCHAR NOT NULL,
    public_key BLOB NOT NULL,
    counter    BIGINT NOT NULL,
    name       VARCHAR NOT NULL,
    added_at   TIMESTAMP NOT NULL,
    used_at    TIMESTAMP,
    removed_at TIMESTAMP
);

-- What a passkey was asked to sign, as a hash: it counts once, and only in the half sign-in (by its
-- token's hash) or the session (by its id) that it was asked in.
CREATE TABLE ops.passkey_challenge (
    challenge_hash VARCHAR PRIMARY KEY,
    asked_in       VARCHAR NOT NULL,
    asked_at       TIMESTAMP NOT NULL,
    answered_at    TIMESTAMP
);
