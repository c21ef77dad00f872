-- Packs that came by the watched folder (MESA_INBOX), and who wants their reports by mail.

-- One row for each pack that was dealt with, in the transaction that did it: a process that dies
-- before it moves the pack aside finds it here and only moves it. `id` is also the batch's when it
-- was loaded; `sha256` is of its files, so that the same ones again can be said.
CREATE TABLE ops.inbox_pack (
    id          VARCHAR PRIMARY KEY,
    name        VARCHAR NOT NULL,  -- its sub-folder, or the watched folder's own
    sha256      VARCHAR NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    loaded      BOOLEAN NOT NULL,
    why         VARCHAR NOT NULL   -- why it was refused, as people read it
);

-- Whoever has no row: administrators want them, managers don't.
CREATE TABLE ops.load_mail (
    username  VARCHAR PRIMARY KEY,
    wanted    BOOLEAN NOT NULL,
    chosen_at TIMESTAMP NOT NULL
);
