-- Which certificates a person linked to an account, or took from one: ops.certificate holds the
-- account in force, this says that it is by hand and what the files said. One row a certificate.
CREATE TABLE ops.certificate_link (
    folio      VARCHAR PRIMARY KEY,
    account_no VARCHAR NOT NULL,  -- '' when it was taken from one
    laid_over  VARCHAR NOT NULL,  -- what the files say: while they do, or say nothing, this stays
    version    INTEGER NOT NULL,  -- +1 at each change
    linked_at  TIMESTAMP NOT NULL,
    linked_by  VARCHAR NOT NULL
);
