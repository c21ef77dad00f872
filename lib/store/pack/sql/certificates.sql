INSERT INTO aside BY NAME
SELECT r.file, r.line, r.folio AS key, 'Folio' AS field, 'folio repetido' AS reason,
       shown(r.folio) AS value, 'ya está en la línea ' || f.line AS detail
FROM row_certificate r
JOIN (
    SELECT folio, min(line) AS line FROM row_certificate GROUP BY folio HAVING count(*) > 1
) f ON f.folio = r.folio AND r.line > f.line;

-- A serial that this pack sells as something else can't be on a box too.
INSERT INTO aside BY NAME
SELECT c.file, c.line, c.folio AS key, 'No. Serie' AS field, 'serie repetida' AS reason,
       shown(c.serial) AS value, 'ya está en ' || s.file || ' línea ' || s.line AS detail
FROM row_certificate c
JOIN row_system s ON s.serial = c.serial
WHERE c.line NOT IN (SELECT line FROM aside WHERE file = 'certificados.csv');

DELETE FROM row_certificate WHERE line IN (SELECT line FROM aside WHERE file = 'certificados.csv');

-- The record is worth keeping all the same: it may be the only one of what is on the paper.
INSERT INTO remark BY NAME
SELECT c.file, c.line, 'No. Cuenta' AS field, 'la cuenta no existe' AS reason,
       shown(c.account_no) AS value
FROM row_certificate c
ANTI JOIN row_account r ON r.account_no = c.account_no
ANTI JOIN base.account b ON b.account_no = c.account_no
WHERE c.account_no <> '';

INSERT INTO remark BY NAME
SELECT c.file, c.line, 'No. Serie' AS field, 'la misma serie está en otro folio' AS reason,
       shown(c.serial) AS value, 'línea ' || f.line AS detail
FROM row_certificate c
JOIN (
    SELECT serial, min(line) AS line FROM row_certificate GROUP BY serial HAVING count(*) > 1
) f ON f.serial = c.serial AND c.line > f.line;

INSERT INTO remark BY NAME
SELECT file, line, 'Titular' AS field, 'sin titular' AS reason
FROM row_certificate WHERE holder = '' AND 'holder' NOT IN (SELECT name FROM absent);

INSERT INTO remark BY NAME
SELECT file, line, 'Usuarios' AS field, 'el sistema es de un solo usuario' AS reason,
       CAST(seats AS VARCHAR) AS value, product AS detail
FROM row_certificate WHERE seats > 1 AND product IN ('FACTURE', 'ADM');
