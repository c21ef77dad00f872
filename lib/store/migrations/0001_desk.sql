-- What happens at the desk. Keys only on columns that are never updated (design.md, "Rules of the
-- road"); soft deletes only; TIMESTAMPs are UTC.

CREATE TABLE ops.staff (
    username           VARCHAR PRIMARY KEY,
    name               VARCHAR NOT NULL,
    email              VARCHAR NOT NULL,
    role               VARCHAR NOT NULL CHECK (role IN ('agente', 'gerente', 'administrador')),
    password_hash      VARCHAR NOT NULL,
    active             BOOLEAN NOT NULL,
    credential_version INTEGER NOT NULL,  -- +1 on a new password, role or state: ends sessions
    created_at         TIMESTAMP NOT NULL,
    last_seen_at       TIMESTAMP
);

-- One row for each username and each network address that failed to sign in.
CREATE TABLE ops.throttle (
    key            VARCHAR PRIMARY KEY,
    failures       INTEGER NOT NULL,
    last_failed_at TIMESTAMP NOT NULL,
    blocked_until  TIMESTAMP
);

-- The cookie's value is minted when the ticket is redeemed; only hashes are kept.
CREATE TABLE ops.session (
    id                 VARCHAR PRIMARY KEY,
    username           VARCHAR NOT NULL,
    ticket_hash        VARCHAR NOT NULL,
    cookie_hash        VARCHAR,
    credential_version INTEGER NOT NULL,
    address            VARCHAR NOT NULL,
    opened_at          TIMESTAMP NOT NULL,
    seen_at            TIMESTAMP NOT NULL,
    expires_at         TIMESTAMP NOT NULL,
    ended_at           TIMESTAMP
);

-- Corrections laid over ref's accounts: NULL = not corrected, '' = corrected to nothing.
CREATE TABLE ops.correction (
    account_no    VARCHAR PRIMARY KEY,
    name          VARCHAR,
    email         VARCHAR,
    phone         VARCHAR,
    rfc           VARCHAR,
    legal_name    VARCHAR,
    tax_regime    VARCHAR,
    cfdi_use      VARCHAR,
    postal_code   VARCHAR,
    street        VARCHAR,
    neighborhood  VARCHAR,
    municipality  VARCHAR,
    state         VARCHAR,
    search        VARCHAR NOT NULL,
    version       INTEGER NOT NULL,
    corrected_at  TIMESTAMP NOT NULL,
    corrected_by  VARCHAR NOT NULL
);

CREATE TABLE ops.outbox (
    id              VARCHAR PRIMARY KEY,
    idempotency_key VARCHAR NOT NULL UNIQUE,
    serial          VARCHAR NOT NULL,
    account_no      VARCHAR NOT NULL,
    recipient       VARCHAR NOT NULL,
    recipient_name  VARCHAR NOT NULL,
    message_id      VARCHAR NOT NULL,
    requested_by    VARCHAR NOT NULL,
    requested_at    TIMESTAMP NOT NULL,
    reason          VARCHAR NOT NULL,
    ticket          VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,
    attempts        INTEGER NOT NULL,
    next_attempt_at TIMESTAMP,
    finished_at     TIMESTAMP,
    problem         VARCHAR NOT NULL,
    smtp_code       INTEGER,
    smtp_text       VARCHAR NOT NULL
);

-- The conflict row of a serial: while free_at lies ahead, nobody may queue another mail for it.
CREATE TABLE ops.resend_slot (
    serial    VARCHAR PRIMARY KEY,
    outbox_id VARCHAR NOT NULL,
    free_at   TIMESTAMP NOT NULL
);

CREATE TABLE ops.certificate (
    folio        VARCHAR PRIMARY KEY,
    serial       VARCHAR NOT NULL,
    product      VARCHAR NOT NULL,
    version      VARCHAR NOT NULL,
    seats        INTEGER NOT NULL,
    purchased_on DATE,
    holder       VARCHAR NOT NULL,
    rfc          VARCHAR NOT NULL,
    account_no   VARCHAR NOT NULL,
    search       VARCHAR NOT NULL,
    batch_id     VARCHAR NOT NULL
);

-- What a certificate was before a batch changed it: nothing typed by hand is ever lost.
CREATE TABLE ops.certificate_change (
    batch_id VARCHAR NOT NULL,
    folio    VARCHAR NOT NULL,
    before   VARCHAR NOT NULL
);

-- Each load of a vendor pack and each import of certificates. The newest 'pack' names the ref file
-- in force: that row, not a file, is the truth.
CREATE TABLE ops.batch (
    id          VARCHAR PRIMARY KEY,
    kind        VARCHAR NOT NULL CHECK (kind IN ('pack', 'certificates')),
    source      VARCHAR NOT NULL,
    ref_file    VARCHAR NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    actor       VARCHAR NOT NULL,
    summary     VARCHAR NOT NULL
);

-- Tables' views that people gave a name. `view` is a View as JSON (lib/model/view.py).
CREATE TABLE ops.saved_view (
    id         VARCHAR PRIMARY KEY,
    list       VARCHAR NOT NULL,
    owner      VARCHAR NOT NULL,
    name       VARCHAR NOT NULL,
    shared     BOOLEAN NOT NULL,
    view       VARCHAR NOT NULL,
    version    INTEGER NOT NULL,
    saved_at   TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by VARCHAR NOT NULL,
    deleted_at TIMESTAMP
);

-- The conflict row of a view's name, folded: `view_id` has it, '' when nobody does any more.
CREATE TABLE ops.view_name (
    owner    VARCHAR NOT NULL,
    list     VARCHAR NOT NULL,
    name_key VARCHAR NOT NULL,
    view_id  VARCHAR NOT NULL,
    PRIMARY KEY (owner, list, name_key)
);

-- The views that each person has in the menu, oldest first.
CREATE TABLE ops.pin (
    username  VARCHAR NOT NULL,
    view_id   VARCHAR NOT NULL,
    pinned    BOOLEAN NOT NULL,
    pinned_at TIMESTAMP NOT NULL,
    PRIMARY KEY (username, view_id)
);

-- How each person left each list's columns: a Layout as JSON (lib/model/view.py), rows on a page.
CREATE TABLE ops.layout (
    username VARCHAR NOT NULL,
    list     VARCHAR NOT NULL,
    layout   VARCHAR NOT NULL,
    per_page INTEGER NOT NULL,
    PRIMARY KEY (username, list)
);

-- The audit log: append-only, hash-chained (lib/store/log/audit.py).
CREATE TABLE ops.audit (
    seq        BIGINT PRIMARY KEY,
    logged_at  TIMESTAMP NOT NULL,
    actor      VARCHAR NOT NULL,
    role       VARCHAR NOT NULL,
    session    VARCHAR NOT NULL,
    address    VARCHAR NOT NULL,
    action     VARCHAR NOT NULL,
    outcome    VARCHAR NOT NULL,
    account_no VARCHAR NOT NULL,
    serial     VARCHAR NOT NULL,
    reason     VARCHAR NOT NULL,
    ticket     VARCHAR NOT NULL,
    subject    VARCHAR NOT NULL,
    commitment VARCHAR NOT NULL,
    prev       VARCHAR NOT NULL,
    hash       VARCHAR NOT NULL
);

-- Personal values of an audit row, apart, so that they can be erased: audit.commitment holds
-- their salted hash.
CREATE TABLE ops.audit_detail (
    seq    BIGINT PRIMARY KEY,
    salt   VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);
