-- Whose certificate it is as the paper says, and as the account does. Spelling, the form of a
-- company, the order of names and names left out are nothing odd: what is left is said.

-- The words of a name, without the small ones: "Textiles Peña, S.A. de C.V." is [textiles, pena].
CREATE MACRO name_words(x) AS list_filter(
    string_split(regexp_replace(folded(x), '[^\p{L}\p{N}]+', ' ', 'g'), ' '),
    lambda word: length(word) > 2
        AND word NOT IN ('del', 'las', 'los', 'sapi', 'sapib', 'sas', 'sab', 'spr')
);
-- Two words are a name; one stands for too many.
CREATE MACRO names_agree(a, b) AS a = b
    OR len(list_intersect(a, b)) >= greatest(2, least(len(a), len(b)));

-- A table of its own: the engine would make the words of a view anew for each comparison.
CREATE TEMP TABLE holder AS
SELECT c.file, c.line, c.holder, a.account_no, a.name, name_words(c.holder) AS words,
       name_words(a.name) AS name_said,
       CASE WHEN a.legal_name NOT IN ('', a.name) THEN name_words(a.legal_name) END AS legal_said
FROM row_certificate c
JOIN (
    SELECT account_no, name, legal_name FROM row_account
    UNION ALL
    SELECT account_no, name, legal_name FROM base.account b
    ANTI JOIN row_account r ON r.account_no = b.account_no
) a ON a.account_no = c.account_no
WHERE c.holder NOT IN ('', a.name, a.legal_name);

INSERT INTO remark BY NAME
SELECT file, line, 'Titular' AS field, 'el titular no es el nombre de la cuenta' AS reason,
       shown(holder) AS value, 'la cuenta ' || left(account_no, 40) || ' es de ' || shown(name) AS detail
FROM holder
WHERE NOT names_agree(words, name_said) AND NOT coalesce(names_agree(words, legal_said), false);

DROP TABLE holder;
