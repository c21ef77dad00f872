-- The scratch database of one build (in memory, spilling into the build's own folder).
-- Rows as read and typed; `problems` say why a row can't go in (NULL: it can so far).
-- CDAs arrive here sealed.

CREATE TYPE problem AS STRUCT(
    field VARCHAR, value VARCHAR, reason VARCHAR, suggestion VARCHAR, detail VARCHAR
);
CREATE TABLE row_account (
    file VARCHAR, line INTEGER, account_no VARCHAR, name VARCHAR, email VARCHAR, phone VARCHAR,
    rfc VARCHAR, legal_name VARCHAR, tax_regime VARCHAR, cfdi_use VARCHAR, postal_code VARCHAR,
    street VARCHAR, neighborhood VARCHAR, municipality VARCHAR, state VARCHAR,
    registered_on DATE, problems problem[]
);
CREATE TABLE row_system (
    file VARCHAR, line INTEGER, serial VARCHAR, kind VARCHAR, account_no VARCHAR,
    product VARCHAR, version VARCHAR, seats INTEGER, purchased_on DATE, activated_on DATE,
    next_payment_on DATE, period VARCHAR DEFAULT '', status VARCHAR DEFAULT '',
    problems problem[]
);
CREATE TABLE row_certificate (
    file VARCHAR, line INTEGER, folio VARCHAR, serial VARCHAR, product VARCHAR, version VARCHAR,
    seats INTEGER, purchased_on DATE, holder VARCHAR, rfc VARCHAR, account_no VARCHAR,
    problems problem[]
);
CREATE TABLE row_activation (
    file VARCHAR, line INTEGER, serial VARCHAR, code BLOB, issued_on DATE, cause VARCHAR,
    problems problem[]
);

-- Why rows are set aside, with their key where they have one, and remarks on rows that go in: one
-- for each problem (lib/model/load.py RowNote says what the columns hold).
CREATE TABLE aside (
    file VARCHAR, line INTEGER, key VARCHAR, field VARCHAR, reason VARCHAR,
    value VARCHAR DEFAULT '', suggestion VARCHAR DEFAULT '', detail VARCHAR DEFAULT ''
);
CREATE TABLE remark (
    file VARCHAR, line INTEGER, field VARCHAR, reason VARCHAR,
    value VARCHAR DEFAULT '', suggestion VARCHAR DEFAULT '', detail VARCHAR DEFAULT ''
);

-- Columns that the file of an import hasn't (lib/store/pack/files.py): nothing is said of them.
CREATE TABLE absent (name VARCHAR);

-- ---- how a cell is read ---------------------------------------------------------------------

CREATE MACRO shown(x) AS left(x, 80);

-- Excel shows long numbers as 1.23E+11 and saves what it shows.
CREATE MACRO eaten_by_excel(x) AS
    contains(x, '+') AND regexp_full_match(x, '[0-9]([.,][0-9]+)?[Ee]\+[0-9]+');

-- What a formula that fails leaves, in English or Spanish, and a column too narrow: #N/A, #¡REF!, ###.
CREATE MACRO sheet_error(x) AS (starts_with(x, '#') OR starts_with(x, 'Err:')) AND regexp_full_match(
    x, '#(N/[AD]|[¡¿]?[A-ZÁÉÍÓÚ/0_]{3,20}[!?]|GETTING_DATA|OBTENIENDO_DATOS|#{2,})|Err:[0-9]{3}');

-- dd/mm/aaaa or ISO, with a midnight after it where a program added one.
CREATE MACRO date_only(x) AS CASE WHEN length(x) <= 10 THEN x
    ELSE regexp_replace(x, '[ T]0?0:00(:00(\.0+)?)?$', '') END;
CREATE MACRO looks_like_date(x) AS
    regexp_full_match(date_only(x), '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}');
CREATE MACRO to_date(x) AS CAST(CASE
    WHEN contains(x, '/') THEN try_strptime(date_only(x), '%d/%m/%Y')
    ELSE try_strptime(date_only(x), '%Y-%m-%d') END AS DATE);
CREATE MACRO date_problem(x) AS CASE
    WHEN NOT looks_like_date(x) THEN 'no es una fecha dd/mm/aaaa'
    WHEN coalesce(year(to_date(x)), 0) NOT BETWEEN 1900 AND 2199 THEN 'fecha imposible' END;

-- "Aspel SAE", "Aspel-SAE" and "sae" are SAE.
CREATE MACRO to_product(x) AS upper(regexp_replace(x, '^aspel[ -]+', '', 'i'));

CREATE MACRO to_seats(x) AS CASE WHEN regexp_full_match(x, '[0-9]{1,4}') THEN CAST(x AS INTEGER) END;

-- A phone as written and, where that isn't digits alone, its digits: what people type.
CREATE MACRO spaced_phone(phone) AS CASE
    WHEN regexp_full_match(phone, '[0-9]*') THEN phone
    ELSE phone || ' ' || regexp_replace(phone, '[^0-9]', '', 'g')
END;

-- A serial or an RFC as written and, where that isn't letters and digits alone, without the rest.
CREATE MACRO bare(x) AS regexp_replace(x, '[^0-9A-Za-z]', '', 'g');
CREATE MACRO spaced_code(x) AS CASE WHEN bare(x) IN (x, '') THEN x ELSE x || ' ' || bare(x) END;

-- Texts with a space between them; empty ones leave none.
CREATE MACRO spaced(a, b, c, d, e) AS concat_ws(
    ' ', nullif(a, ''), nullif(b, ''), nullif(c, ''), nullif(d, ''), nullif(e, '')
);

-- What an account is searched by.
CREATE MACRO account_search(account_no, name_folded, email, phone, rfc) AS spaced(
    folded(account_no), name_folded, folded(email), folded(spaced_phone(phone)),
    folded(spaced_code(rfc))
);
