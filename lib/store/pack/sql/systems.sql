-- A system belongs to an account of this pack or of an earlier one.
INSERT INTO aside BY NAME
SELECT s.file, s.line, s.serial AS key, 'No. Cuenta' AS field,
       CASE WHEN a.line IS NULL THEN 'la cuenta no existe'
            ELSE 'la cuenta quedó apartada' END AS reason,
       shown(s.account_no) AS value, coalesce('cuentas.csv línea ' || a.line, '') AS detail
FROM row_system s
ANTI JOIN row_account r ON r.account_no = s.account_no
ANTI JOIN base.account b ON b.account_no = s.account_no
LEFT JOIN (
    SELECT key, min(line) AS line FROM aside WHERE file = 'cuentas.csv' GROUP BY key
) a ON a.key = s.account_no;

DELETE FROM row_system r USING aside a WHERE a.file = r.file AND a.line = r.line;

-- A serial stands once in both files; suscripciones.csv is read first.
INSERT INTO aside BY NAME
SELECT file, line, serial AS key, 'No. Serie' AS field, 'serie repetida' AS reason,
       shown(serial) AS value,
       'ya está en ' || CASE WHEN first_file = file THEN 'la línea '
       ELSE first_file || ' línea ' END || first_line AS detail
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

INSERT INTO remark BY NAME
SELECT file, line, 'Usuarios' AS field, 'el sistema es de un solo usuario' AS reason,
       CAST(seats AS VARCHAR) AS value, product AS detail
FROM row_system WHERE seats > 1 AND product IN ('FACTURE', 'ADM');
