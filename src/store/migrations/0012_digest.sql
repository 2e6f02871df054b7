-- What a running sweep has to tell, a line for each ticket, until its last transaction makes letters of it: adding a line
-- costs the same however long the digest is.
CREATE TABLE digest_line (
  id        INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL,
  no        TEXT NOT NULL,
  line      TEXT NOT NULL,               -- JSON, no personal data
  UNIQUE (recipient, no)
) STRICT;

-- A letter that a sweep left open goes out as it is.
UPDATE outbox SET next_try = made_at WHERE sent_at IS NULL AND next_try = 9223372036854775807;
