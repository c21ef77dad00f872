-- What is said of a file's rows, in its order, for noted.py: an import may be of one file of which
-- every row is bad.
CREATE TABLE made.note AS
SELECT line, field, value, reason, suggestion, detail, true AS bad, rowid AS place FROM aside
UNION ALL BY NAME
SELECT line, field, value, reason, suggestion, detail, false AS bad, r.rowid AS place
FROM remark r ANTI JOIN aside a ON a.line = r.line
ORDER BY line, bad DESC, place;
