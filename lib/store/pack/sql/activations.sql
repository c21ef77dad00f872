-- A CDA belongs to a subscription or a licence of this pack or of an earlier one.
INSERT INTO aside BY NAME
SELECT r.file, r.line, r.serial AS key, 'No. Serie' AS field, CASE
       WHEN a.line IS NOT NULL THEN 'la serie quedó apartada'
       WHEN r.serial IN (SELECT serial FROM row_certificate)
       THEN 'la serie es de un certificado, y su CDA está impreso en él'
       ELSE 'la serie no existe' END AS reason,
       shown(r.serial) AS value, coalesce(a.file || ' línea ' || a.line, '') AS detail
FROM row_activation r
ANTI JOIN row_system s ON s.serial = r.serial
ANTI JOIN base.system b ON b.serial = r.serial
LEFT JOIN (
    SELECT key, min_by(file, line) AS file, min(line) AS line FROM aside
    WHERE file IN ('suscripciones.csv', 'licencias.csv') GROUP BY key
) a ON a.key = r.serial;

DELETE FROM row_activation WHERE line IN (SELECT line FROM aside WHERE file = 'cda.csv');

INSERT INTO aside BY NAME
SELECT r.file, r.line, r.serial AS key, 'No. Serie' AS field,
       'CDA repetido: misma serie y misma fecha de emisión' AS reason,
       shown(r.serial) AS value, 'ya está en la línea ' || f.line AS detail
FROM row_activation r
JOIN (
    SELECT serial, issued_on, min(line) AS line FROM row_activation
    GROUP BY serial, issued_on HAVING count(*) > 1
) f ON f.serial = r.serial AND f.issued_on = r.issued_on AND r.line > f.line;

DELETE FROM row_activation WHERE line IN (SELECT line FROM aside WHERE file = 'cda.csv');
