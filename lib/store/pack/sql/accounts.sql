-- Among rows without another problem the first of a number wins.
INSERT INTO aside BY NAME
SELECT r.file, r.line, r.account_no AS key, 'No. Cuenta' AS field, 'cuenta repetida' AS reason,
       shown(r.account_no) AS value, 'ya está en la línea ' || f.line AS detail
FROM row_account r
JOIN (
    SELECT account_no, min(line) AS line FROM row_account GROUP BY account_no HAVING count(*) > 1
) f ON f.account_no = r.account_no AND r.line > f.line;

DELETE FROM row_account WHERE line IN (SELECT line FROM aside WHERE file = 'cuentas.csv');
