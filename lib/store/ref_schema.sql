-- What the vendor handed over: one immutable file for each load. Built by lib/store/pack/, from its
-- rows and the base's or, when few changed and none moved, in a copy of the base (growing.py).
-- Rows lie sorted by account so that one customer's lie together; ref_keys.sql finds single ones.

CREATE TABLE meta (
    format          INTEGER NOT NULL,  -- REF_FORMAT in lib/store/ref.py
    built_at        TIMESTAMP NOT NULL,
    key_fingerprint VARCHAR NOT NULL   -- which key sealed sealed_code.code (lib/store/keys.py)
);

CREATE TABLE account (
    account_no    VARCHAR NOT NULL,
    name          VARCHAR NOT NULL,
    email         VARCHAR NOT NULL,
    phone         VARCHAR NOT NULL,
    rfc           VARCHAR NOT NULL,
    legal_name    VARCHAR NOT NULL,
    tax_regime    VARCHAR NOT NULL,
    cfdi_use      VARCHAR NOT NULL,
    postal_code   VARCHAR NOT NULL,
    street        VARCHAR NOT NULL,
    neighborhood  VARCHAR NOT NULL,
    municipality  VARCHAR NOT NULL,
    state         VARCHAR NOT NULL,
    registered_on DATE,
    search        VARCHAR NOT NULL,    -- folded name, email, phone, RFC, number (lib/model/text.py)
    name_folded   VARCHAR NOT NULL,    -- what the name is filtered by
    name_rank     INTEGER NOT NULL     -- its place in name_order: what it is sorted by
);

-- The folded names in order, each one once: where a corrected name would stand among them.
CREATE TABLE name_order (
    name_folded VARCHAR NOT NULL,
    name_rank   INTEGER NOT NULL       -- dense, from 0
);

-- Subscriptions and electronic licences. account_name and name_folded are copied from the account
-- so that the grid answers from one table.
CREATE TABLE system (
    id              INTEGER NOT NULL,  -- dense, in file order: breaks ties when sorting
    serial          VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,  -- lib/model/system.py Kind
    account_no      VARCHAR NOT NULL,
    account_name    VARCHAR NOT NULL,
    product         VARCHAR NOT NULL,
    version         VARCHAR NOT NULL,
    seats           INTEGER NOT NULL,
    purchased_on    DATE,
    activated_on    DATE,
    next_payment_on DATE,
    period          VARCHAR NOT NULL,
    status          VARCHAR NOT NULL,
    name_folded     VARCHAR NOT NULL,
    name_rank       INTEGER NOT NULL,
    account_rank    INTEGER NOT NULL,  -- places among all accounts and serials: sorting by a whole
    serial_rank     INTEGER NOT NULL   -- number is quicker, and its buckets find any page
);

-- Every CDA ever issued; the newest of a serial is the one in force.
CREATE TABLE activation (
    serial    VARCHAR NOT NULL,
    issued_on DATE NOT NULL,
    cause     VARCHAR NOT NULL
);

-- The codes of those, apart: only lib/store/vault.py reads them, so that no list can show one.
CREATE TABLE sealed_code (
    serial    VARCHAR NOT NULL,
    issued_on DATE NOT NULL,
    code      BLOB NOT NULL            -- AES-SIV ciphertext
);

-- certificados.csv of the same pack; merged into ops.certificate when the file is published.
CREATE TABLE pack_certificate (
    folio        VARCHAR NOT NULL,
    serial       VARCHAR NOT NULL,
    product      VARCHAR NOT NULL,
    version      VARCHAR NOT NULL,
    seats        INTEGER NOT NULL,
    purchased_on DATE,
    holder       VARCHAR NOT NULL,
    rfc          VARCHAR NOT NULL,
    account_no   VARCHAR NOT NULL,
    search       VARCHAR NOT NULL
);

-- Which of those columns the file of an import hadn't: what the desk holds there stays. A pack has
-- them all.
CREATE TABLE pack_absent (
    name VARCHAR NOT NULL
);

-- Which accounts this pack named: where they differ from the desk's corrections, a load says so.
CREATE TABLE pack_account (
    account_no VARCHAR NOT NULL
);

-- ---- search: lib/store/records/grams.py says what a gram and a slot are ---------------------------------
-- The texts are every account's `search` and after them every system's serial, numbered as those lie.
-- A text starts at the first place of a slot of its own.

CREATE TABLE search_place (
    gram USMALLINT NOT NULL USING COMPRESSION rle,
    -- Sorted by both, and after them so are those of texts laid again: one look finds a gram's, and
    -- what it finds is in order.
    spot UINTEGER NOT NULL USING COMPRESSION bitpacking
);

-- How many it has: a row from each load that laid any.
CREATE TABLE search_gram (
    gram   USMALLINT NOT NULL,
    places UINTEGER NOT NULL
);

CREATE TABLE search_text (
    slots USMALLINT NOT NULL           -- how many it takes: those that aren't fresh, in their order
);

-- Texts that a later load brought (`fresh`) or changed: laid after all the others, in this order. Of a
-- text that stands here twice the last counts; where it lay before counts no more.
CREATE TABLE search_again (
    text  UINTEGER NOT NULL,           -- its number among all texts
    slots USMALLINT NOT NULL,
    fresh BOOLEAN NOT NULL
);

-- Which texts hold a symbol at all, a bit for each: most symbols stand in most of them.
CREATE TABLE search_letter (
    symbol UTINYINT NOT NULL,
    texts  BLOB NOT NULL
);

-- The words of names, for those who mistype one.
CREATE TABLE search_name (
    word     VARCHAR NOT NULL,
    accounts INTEGER NOT NULL
);
