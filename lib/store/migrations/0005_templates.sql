-- What each kind of mail says, in each language. Every version is kept; the greatest is in force, and
-- 0 is the program's own (lib/mail/templates/), which is never stored.
CREATE TABLE ops.template (
    kind     VARCHAR NOT NULL,  -- lib/model/outbox.py, MailKind
    language VARCHAR NOT NULL,  -- lib/model/template.py, Language
    version  INTEGER NOT NULL,
    subject  VARCHAR NOT NULL,
    text     VARCHAR NOT NULL,
    html     VARCHAR NOT NULL,
    restored INTEGER,           -- the version it was copied from, NULL for none
    saved_by VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, language, version)  -- two who save at once: the second is refused
);

-- The language an account's mails are written in, where somebody chose one; Spanish elsewhere.
CREATE TABLE ops.account_language (
    account_no VARCHAR PRIMARY KEY,
    language   VARCHAR NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by VARCHAR NOT NULL
);
