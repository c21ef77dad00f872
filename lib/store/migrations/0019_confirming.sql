-- Who is at the keyboard: asked again before what matters (lib/services/doors/confirming.py), known
-- again where they have been before (lib/services/doors/attempts.py).

-- When this session's person last proved themselves again; NULL: not since it was opened. `browser`
-- is its browser and system as a list shows them.
ALTER TABLE ops.session ADD COLUMN confirmed_at TIMESTAMP;
ALTER TABLE ops.session ADD COLUMN browser VARCHAR DEFAULT '';

-- The browser of a sign-in that waits for its second factor, for the session that it opens.
ALTER TABLE ops.half_sign_in ADD COLUMN device VARCHAR DEFAULT '';
ALTER TABLE ops.half_sign_in ADD COLUMN browser VARCHAR DEFAULT '';

-- Browsers that somebody signed in with: a hash of the person and of a long-lived cookie's value.
CREATE TABLE ops.device (
    device_hash VARCHAR PRIMARY KEY,
    username    VARCHAR NOT NULL,
    browser     VARCHAR NOT NULL,
    first_at    TIMESTAMP NOT NULL,
    last_at     TIMESTAMP NOT NULL
);
