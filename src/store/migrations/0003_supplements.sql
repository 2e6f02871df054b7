-- Letters that join a ticket, and what the queue says of them.

-- Their words are personal text outside the chained text; the ledger holds a salted commitment.
CREATE TABLE supplement (
  ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
  number     INTEGER NOT NULL,            -- from 1 for each ticket
  message_id TEXT NOT NULL UNIQUE,        -- the letter's own, so that it joins once
  salt       BLOB,                        -- 16 random bytes; nothing once erased
  words      TEXT,                        -- JSON; nothing once erased
  PRIMARY KEY (ticket_id, number)
) STRICT;

ALTER TABLE ticket ADD COLUMN supplements INTEGER NOT NULL DEFAULT 0;
