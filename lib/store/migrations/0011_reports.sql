-- Reports that the desk mails of its own accord, and who wants a mail when an alert is raised.

-- The conflict row of each: a day's head ("head/2026-11-23"), a week's report ("week/2026-W47"). Of
-- two looks, or two starts, that find one due, the second has its key already.
CREATE TABLE ops.mailed_report (
    key       VARCHAR PRIMARY KEY,
    mailed_at TIMESTAMP NOT NULL
);

-- Whoever has no row wants none.
CREATE TABLE ops.alert_mail (
    username  VARCHAR PRIMARY KEY,
    wanted    BOOLEAN NOT NULL,
    chosen_at TIMESTAMP NOT NULL
);
