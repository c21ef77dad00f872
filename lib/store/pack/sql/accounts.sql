-- Among rows without another problem the first of a number wins.
INSERT INTO aside
SELECT r.file, r.line, r.account_no, 'No. Cuenta',
       'cuenta repetida: ya está en la línea ' || f.line
FROM row_account r
JOIN (
    SELECT account_no, min(line) AS line FROM row_account GROUP BY account_no HAVING count(*) > 1
) f ON f.account_no = r.account_no AND r.line > f.line;

DELETE FROM row_account WHERE line IN (SELECT line FROM aside WHERE file = 'cuentas.csv');
