-- In a copy of the base whose accounts have their new names: the order of names, the places in it,
-- and what systems copy.
DELETE FROM made.name_order;

INSERT INTO made.name_order
SELECT name_folded, row_number() OVER (ORDER BY name_folded) - 1
FROM (SELECT DISTINCT name_folded FROM made.account)
ORDER BY name_folded;

UPDATE made.account AS a SET name_rank = o.name_rank
FROM made.name_order o
WHERE o.name_folded = a.name_folded AND o.name_rank <> a.name_rank;

UPDATE made.system AS s SET account_name = n.name, name_folded = n.name_folded
FROM now_account n
WHERE n.renamed AND n.account_no = s.account_no;

UPDATE made.system AS s SET name_rank = a.name_rank
FROM made.account a
WHERE a.rowid = s.account_rank AND a.name_rank <> s.name_rank;
