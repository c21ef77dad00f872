-- CDAs that the base hasn't, in a copy of it.
INSERT INTO made.activation
SELECT serial, issued_on, cause FROM now_activation WHERE fresh ORDER BY serial, issued_on;

INSERT INTO made.sealed_code
SELECT serial, issued_on, code FROM now_activation WHERE fresh ORDER BY serial, issued_on;
