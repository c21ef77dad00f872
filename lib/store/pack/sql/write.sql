-- The new ref: the base's rows plus this pack's. Sorted here, once, so that what belongs
-- together lies together.
CREATE TABLE row_name AS SELECT account_no, folded(name) AS name_folded FROM row_account;

INSERT INTO made.name_order
SELECT name_folded, row_number() OVER (ORDER BY name_folded) - 1
FROM (
    SELECT name_folded FROM row_name
    UNION
    SELECT name_folded FROM base.account b ANTI JOIN row_account r ON r.account_no = b.account_no
)
ORDER BY name_folded;

INSERT INTO made.account
SELECT account_no, name, email, phone, rfc, legal_name, tax_regime, cfdi_use, postal_code,
       street, neighborhood, municipality, state, registered_on, search, name_folded, name_rank
FROM (
    SELECT * EXCLUDE (file, line, problems),
           account_search(account_no, name_folded, email, phone, rfc) AS search
    FROM row_account JOIN row_name USING (account_no)
    UNION ALL BY NAME
    SELECT * EXCLUDE (name_rank)
    FROM base.account b ANTI JOIN row_account r ON r.account_no = b.account_no
)
JOIN made.name_order USING (name_folded)
ORDER BY account_no;

CREATE TABLE serial_order AS
SELECT serial, row_number() OVER (ORDER BY serial) - 1 AS serial_rank
FROM (
    SELECT serial FROM row_system
    UNION ALL
    SELECT serial FROM base.system b ANTI JOIN row_system r ON r.serial = b.serial
);

INSERT INTO made.system
SELECT 0, s.serial, s.kind, s.account_no, a.name, s.product, s.version, s.seats, s.purchased_on,
       s.activated_on, s.next_payment_on, s.period, s.status,
       a.name_folded, a.name_rank, a.rowid, o.serial_rank
FROM (
    SELECT * EXCLUDE (file, line, problems) FROM row_system
    UNION ALL BY NAME
    SELECT * EXCLUDE (id, account_name, name_folded, name_rank, account_rank,
                      serial_rank)
    FROM base.system b ANTI JOIN row_system r ON r.serial = b.serial
) s
JOIN made.account a ON a.account_no = s.account_no
JOIN serial_order o ON o.serial = s.serial
-- By account and serial: numbers are sorted sooner.
ORDER BY s.kind, a.rowid, o.serial_rank;

-- Numbering rows while they are sorted takes as long again.
UPDATE made.system SET id = rowid;
