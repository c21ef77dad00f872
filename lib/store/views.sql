-- Laid over the ref in force after each switch (Store.use_ref).

-- An account as the desk shows it: the vendor's values, the desk's corrections over them.
CREATE OR REPLACE VIEW customer AS
SELECT a.account_no,
       coalesce(c.name, a.name) AS name,
       coalesce(c.email, a.email) AS email,
       coalesce(c.phone, a.phone) AS phone,
       coalesce(c.rfc, a.rfc) AS rfc,
       coalesce(c.legal_name, a.legal_name) AS legal_name,
       coalesce(c.tax_regime, a.tax_regime) AS tax_regime,
       coalesce(c.cfdi_use, a.cfdi_use) AS cfdi_use,
       coalesce(c.postal_code, a.postal_code) AS postal_code,
       coalesce(c.street, a.street) AS street,
       coalesce(c.neighborhood, a.neighborhood) AS neighborhood,
       coalesce(c.municipality, a.municipality) AS municipality,
       coalesce(c.state, a.state) AS state,
       a.registered_on,
       coalesce(c.version, 0) AS version
FROM account a
LEFT JOIN ops.correction c ON c.account_no = a.account_no;

-- The certificates that the desk holds: those whose batch was undone since are gone.
CREATE OR REPLACE VIEW held_certificate AS
SELECT c.*
FROM ops.certificate c
WHERE NOT EXISTS (
    SELECT 1 FROM ops.certificate_gone g WHERE g.folio = c.folio AND g.batch_id = c.batch_id
);
