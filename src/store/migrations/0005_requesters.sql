-- The door for citizens and other systems: what a requester shows to see the own ticket, and who may hand requests in.

-- The code beside the number. As it is, not hashed: it must stand in later notices too, and whoever can read this file can
-- read the words of the ticket already. No part of the ledger, and erased with the ticket's texts.
CREATE TABLE ticket_code (
  ticket_id INTEGER PRIMARY KEY REFERENCES ticket (id),
  code      TEXT NOT NULL
) STRICT;

-- Tries with a wrong code, by the number asked for, whether there is such a ticket or not.
CREATE TABLE attempt (
  no     TEXT PRIMARY KEY,
  since  INTEGER NOT NULL,                -- the first of them
  failed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_by_time ON attempt (since);

-- Keys of other systems that hand requests in. Every change is an entry of the ledger.
CREATE TABLE api_key (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,        -- the channel of its requests
  hash       BLOB NOT NULL UNIQUE,        -- SHA-256 of the key, which is 160 random bits and kept nowhere
  made_at    INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
