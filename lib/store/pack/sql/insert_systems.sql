-- Systems that the base hasn't, among its own (whose accounts and names are as they are now). A whole
-- number for each row is sorted by, three columns take twice as long.
CREATE TABLE serial_new AS
SELECT n.serial, coalesce(b.serial_rank + 1, 0) AS below,  -- how many of the base's come before it
       row_number() OVER (ORDER BY n.serial) AS new
FROM (SELECT serial FROM now_system WHERE fresh) n
ASOF LEFT JOIN made.system_before b ON n.serial > b.serial;

CREATE TABLE serial_moved AS
SELECT unnest(range(below, until)) AS was, was + new AS now
FROM (
    SELECT below, new, lead(below, 1, (SELECT count(*) FROM made.system_before))
           OVER (ORDER BY new) AS until
    FROM serial_new
);

INSERT INTO made.system BY NAME
SELECT * FROM (
    SELECT s.* EXCLUDE (serial_rank), coalesce(m.now, s.serial_rank) AS serial_rank
    FROM made.system_before s LEFT JOIN serial_moved m ON m.was = s.serial_rank
    UNION ALL BY NAME
    SELECT 0 AS id, n.* EXCLUDE (fresh), a.name AS account_name, a.name_folded, a.name_rank,
           a.rowid AS account_rank, o.below + o.new - 1 AS serial_rank
    FROM now_system n JOIN made.account a USING (account_no) JOIN serial_new o USING (serial)
)
-- A kind's first letter is its place among the kinds; the ranks have 28 bits each.
ORDER BY (ord(kind)::BIGINT << 56) + (account_rank::BIGINT << 28) + serial_rank;

-- Numbering rows while they are sorted takes as long again.
UPDATE made.system SET id = rowid;
