-- Letters to anybody: the outbox says whom each is for, not only which department.
CREATE TABLE letter (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,              -- digest, or what another part of the program calls its letters
  key         TEXT NOT NULL UNIQUE,       -- the receiver's protection against a second delivery; no personal data
  recipient   TEXT NOT NULL,              -- desk, department:CODE, mail:ADDRESS, phone:NUMBER; a person's is wiped once sent
  subject     TEXT NOT NULL,              -- one line; '': worded when it goes out. A person's is wiped once sent
  body        TEXT NOT NULL,              -- JSON, an object. A person's is wiped once sent
  made_at     INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  next_try    INTEGER NOT NULL,           -- while it is being handed over: until when it is nobody else's. The greatest integer: still added to
  failure     TEXT,                       -- of the last attempt
  sent_at     INTEGER
) STRICT;
INSERT INTO letter (id, kind, key, recipient, subject, body, made_at, attempts, next_try, failure, sent_at)
  SELECT id, kind, key, CASE department WHEN 'desk' THEN 'desk' ELSE 'department:' || department END, '',
         json_object('tickets', json(payload)), made_at, attempts, next_try, failure, sent_at
  FROM outbox;
DROP TABLE outbox;
ALTER TABLE letter RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (next_try, id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE UNIQUE INDEX outbox_open ON outbox (kind, recipient) WHERE sent_at IS NULL AND next_try = 9223372036854775807;
