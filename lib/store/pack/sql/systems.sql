-- A system belongs to an account of this pack or of an earlier one.
INSERT INTO aside
SELECT s.file, s.line, s.serial, 'No. Cuenta',
       CASE WHEN a.line IS NULL THEN 'la cuenta ' || left(s.account_no, 40) || ' no existe'
            ELSE 'la cuenta ' || left(s.account_no, 40) || ' quedó apartada (cuentas.csv línea '
                 || a.line || ')' END
FROM row_system s
ANTI JOIN row_account r ON r.account_no = s.account_no
ANTI JOIN base.account b ON b.account_no = s.account_no
LEFT JOIN (
    SELECT key, min(line) AS line FROM aside WHERE file = 'cuentas.csv' GROUP BY key
) a ON a.key = s.account_no;

DELETE FROM row_system r USING aside a WHERE a.file = r.file AND a.line = r.line;

-- A serial stands once in both files; suscripciones.csv is read first.
INSERT INTO aside
SELECT file, line, serial, 'No. Serie',
       'serie repetida: ya está en ' || CASE WHEN first_file = file THEN 'la línea '
       ELSE first_file || ' línea ' END || first_line
FROM (
    SELECT file, line, serial,
           row_number() OVER w AS place,
           first_value(file) OVER w AS first_file,
           first_value(line) OVER w AS first_line
    FROM row_system
    SEMI JOIN (SELECT serial FROM row_system GROUP BY serial HAVING count(*) > 1) USING (serial)
    WINDOW w AS (PARTITION BY serial ORDER BY kind DESC, line)
)
WHERE place > 1;

DELETE FROM row_system r USING aside a WHERE a.file = r.file AND a.line = r.line;

INSERT INTO remark
SELECT file, line, 'Usuarios', seats || ' usuarios, y ' || product || ' es de un solo usuario'
FROM row_system WHERE seats > 1 AND product IN ('FACTURE', 'ADM');
