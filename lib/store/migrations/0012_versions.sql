-- By which policy an act was judged and from which template a mail was made (lib/model/versions.py);
-- '' where neither had a say, as in rows of before. A row's hash covers it where it isn't ''.

ALTER TABLE ops.audit ADD COLUMN versions VARCHAR DEFAULT '';
ALTER TABLE ops.audit ALTER versions SET NOT NULL;
