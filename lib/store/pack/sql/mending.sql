-- Mended rows (made.*), the lines they have (typed), and the good rows of their file (base.*).
CREATE TABLE mended AS SELECT * FROM typed;

-- To the lines of the original file, also where a note names another row.
CREATE TABLE own_note AS
SELECT m.line, n.* EXCLUDE (line, detail),
       CASE WHEN o.line IS NULL THEN n.detail
            ELSE regexp_replace(n.detail, '[0-9]+$', CAST(o.line AS VARCHAR)) END AS detail
FROM made.note n
JOIN mended m ON m.own = n.line
LEFT JOIN mended o ON o.own = TRY_CAST(regexp_extract(n.detail, 'línea ([0-9]+)$', 1) AS INTEGER);

DELETE FROM made.note;

INSERT INTO made.note BY NAME SELECT * FROM own_note;

-- The file's own rows were there first.
CREATE TABLE twice AS
SELECT m.line, m.folio
FROM mended m
JOIN base.pack_certificate b ON b.folio = m.folio
ANTI JOIN (FROM own_note WHERE bad) n ON n.line = m.line;

DELETE FROM made.note WHERE line IN (SELECT line FROM twice);

INSERT INTO made.note BY NAME
SELECT line, 'Folio' AS field, left(folio, 80) AS value, 'folio repetido' AS reason,
       '' AS suggestion, 'otra fila del archivo ya lo trae' AS detail, true AS bad, 0 AS place
FROM twice;

DELETE FROM made.pack_certificate WHERE folio IN (SELECT folio FROM twice);

INSERT INTO made.note BY NAME
SELECT m.line, 'No. Serie' AS field, left(c.serial, 80) AS value,
       'la misma serie está en otro folio' AS reason, '' AS suggestion,
       'en otra fila del archivo' AS detail, false AS bad, 0 AS place
FROM mended m
JOIN made.pack_certificate c ON c.folio = m.folio
ANTI JOIN (FROM made.note WHERE bad) n ON n.line = m.line
WHERE c.serial IN (SELECT serial FROM base.pack_certificate);

-- What is said of every other row stands as it did.
INSERT INTO made.note BY NAME
SELECT * FROM said_note WHERE line NOT IN (SELECT line FROM mended);
