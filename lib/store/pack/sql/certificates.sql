INSERT INTO aside
SELECT r.file, r.line, r.folio, 'Folio', 'folio repetido: ya está en la línea ' || f.line
FROM row_certificate r
JOIN (
    SELECT folio, min(line) AS line FROM row_certificate GROUP BY folio HAVING count(*) > 1
) f ON f.folio = r.folio AND r.line > f.line;

-- A serial that this pack sells as something else can't be on a box too.
INSERT INTO aside
SELECT c.file, c.line, c.folio, 'No. Serie',
       'serie repetida: ya está en ' || s.file || ' línea ' || s.line
FROM row_certificate c
JOIN row_system s ON s.serial = c.serial
WHERE c.line NOT IN (SELECT line FROM aside WHERE file = 'certificados.csv');

DELETE FROM row_certificate WHERE line IN (SELECT line FROM aside WHERE file = 'certificados.csv');

-- The record is worth keeping all the same: it may be the only one of what is on the paper.
INSERT INTO remark
SELECT c.file, c.line, 'No. Cuenta', 'la cuenta ' || left(c.account_no, 40) || ' no existe'
FROM row_certificate c
ANTI JOIN row_account r ON r.account_no = c.account_no
ANTI JOIN base.account b ON b.account_no = c.account_no
WHERE c.account_no <> '';

INSERT INTO remark
SELECT c.file, c.line, 'No. Serie', 'la misma serie está en otro folio (línea ' || f.line || ')'
FROM row_certificate c
JOIN (
    SELECT serial, min(line) AS line FROM row_certificate GROUP BY serial HAVING count(*) > 1
) f ON f.serial = c.serial AND c.line > f.line;

INSERT INTO remark SELECT file, line, 'Titular', 'sin titular' FROM row_certificate WHERE holder = '';

INSERT INTO remark
SELECT file, line, 'Usuarios', seats || ' usuarios, y ' || product || ' es de un solo usuario'
FROM row_certificate WHERE seats > 1 AND product IN ('FACTURE', 'ADM');
