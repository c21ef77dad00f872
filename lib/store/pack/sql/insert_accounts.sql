-- Accounts that the base hasn't, among its own; and where each of those lies since. Their names get
-- their places by rename.sql.
INSERT INTO made.account BY NAME
SELECT * FROM made.account_before
UNION ALL BY NAME
SELECT * EXCLUDE (fresh, searched, renamed), 0 AS name_rank FROM now_account WHERE fresh
ORDER BY account_no;

CREATE TABLE account_moved AS
SELECT b.rowid AS was, a.rowid AS now
FROM made.account_before b JOIN made.account a USING (account_no);

UPDATE made.system AS s SET account_rank = m.now
FROM account_moved m
WHERE m.was = s.account_rank AND m.now <> m.was;
