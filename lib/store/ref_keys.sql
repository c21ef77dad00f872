-- By what one row is looked up: made over the finished tables, since while rows come in each would
-- pay for it. A serial's or an account's row is found in half a millisecond at any size; reading a
-- column through for it takes 3 ms at 250,000 systems and grows with them.

CREATE UNIQUE INDEX account_by_number ON account (account_no);
CREATE UNIQUE INDEX system_by_serial ON system (serial);
CREATE INDEX activation_by_serial ON activation (serial);
CREATE INDEX code_by_serial ON sealed_code (serial);
