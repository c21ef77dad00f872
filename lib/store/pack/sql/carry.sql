-- What the publication needs beside the ref itself.
INSERT INTO made.pack_certificate
SELECT folio, serial, product, version, seats, purchased_on, holder, rfc, account_no,
       spaced(folded(folio), folded(spaced_code(serial)), folded(holder),
              folded(spaced_code(rfc)), folded(account_no))
FROM row_certificate
ORDER BY folio;

INSERT INTO made.pack_absent SELECT name FROM absent;

INSERT INTO made.pack_account SELECT account_no FROM row_account ORDER BY account_no;
