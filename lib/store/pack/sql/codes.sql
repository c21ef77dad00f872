-- The base's CDAs plus this pack's: what write.sql doesn't need, nor the search tables.
INSERT INTO made.activation
SELECT serial, issued_on, cause
FROM (
    SELECT serial, issued_on, cause FROM row_activation
    UNION ALL
    SELECT serial, issued_on, cause FROM base.activation b
    ANTI JOIN row_activation r ON r.serial = b.serial AND r.issued_on = b.issued_on
)
ORDER BY serial, issued_on;

INSERT INTO made.sealed_code
SELECT serial, issued_on, code
FROM (
    SELECT serial, issued_on, code FROM row_activation
    UNION ALL
    SELECT serial, issued_on, code FROM base.sealed_code b
    ANTI JOIN row_activation r ON r.serial = b.serial AND r.issued_on = b.issued_on
)
ORDER BY serial, issued_on;
