-- The rows that the pack changes or adds, as they are from now on.
CREATE TABLE now_account AS
SELECT r.* EXCLUDE (file, line, problems), d.fresh, folded(r.name) AS name_folded,
       account_search(r.account_no, folded(r.name), r.email, r.phone, r.rfc) AS search,
       b.search AS searched, d.fresh OR r.name <> b.name AS renamed
FROM delta_account d
JOIN row_account r ON r.rowid = d.at
LEFT JOIN base.account b ON b.account_no = r.account_no;

CREATE TABLE now_system AS
SELECT r.* EXCLUDE (file, line, problems), d.fresh
FROM delta_system d JOIN row_system r ON r.rowid = d.at;

CREATE TABLE now_activation AS
SELECT r.* EXCLUDE (file, line, problems), d.fresh
FROM delta_activation d JOIN row_activation r ON r.rowid = d.at;
