-- A CDA belongs to a subscription or a licence of this pack or of an earlier one.
INSERT INTO aside
SELECT r.file, r.line, r.serial, 'No. Serie',
       'la serie ' || left(r.serial, 40) || CASE
       WHEN a.line IS NOT NULL THEN ' quedó apartada (' || a.file || ' línea ' || a.line || ')'
       WHEN r.serial IN (SELECT serial FROM row_certificate)
       THEN ' es de un certificado: su CDA está impreso en él'
       ELSE ' no existe' END
FROM row_activation r
ANTI JOIN row_system s ON s.serial = r.serial
ANTI JOIN base.system b ON b.serial = r.serial
LEFT JOIN (
    SELECT key, min_by(file, line) AS file, min(line) AS line FROM aside
    WHERE file IN ('suscripciones.csv', 'licencias.csv') GROUP BY key
) a ON a.key = r.serial;

DELETE FROM row_activation WHERE line IN (SELECT line FROM aside WHERE file = 'cda.csv');

INSERT INTO aside
SELECT r.file, r.line, r.serial, 'No. Serie',
       'CDA repetido: la serie y la fecha de emisión ya están en la línea ' || f.line
FROM row_activation r
JOIN (
    SELECT serial, issued_on, min(line) AS line FROM row_activation
    GROUP BY serial, issued_on HAVING count(*) > 1
) f ON f.serial = r.serial AND f.issued_on = r.issued_on AND r.line > f.line;

DELETE FROM row_activation WHERE line IN (SELECT line FROM aside WHERE file = 'cda.csv');
