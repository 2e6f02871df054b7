-- The sweep: when each ticket is to be looked at again, and what is to be told to whom.

-- When the sweep looks at a ticket again; 0: at the next occasion. A look finds what is due from the ledger, so that
-- a row too early or too many costs a look and nothing else.
CREATE TABLE sweep_due (
  ticket_id INTEGER PRIMARY KEY REFERENCES ticket (id),
  at        INTEGER NOT NULL
) STRICT;
CREATE INDEX sweep_due_by_time ON sweep_due (at, ticket_id);
INSERT INTO sweep_due (ticket_id, at) SELECT id, 0 FROM ticket WHERE is_open = 1;

-- Every act may change when something becomes due. A ticket that comes in already ended is never looked at.
CREATE TRIGGER sweep_looks_at_new AFTER INSERT ON ticket WHEN NEW.is_open = 1 BEGIN
  INSERT INTO sweep_due (ticket_id, at) VALUES (NEW.id, 0);
END;
CREATE TRIGGER sweep_looks_again AFTER UPDATE OF version ON ticket BEGIN
  INSERT INTO sweep_due (ticket_id, at) VALUES (NEW.id, 0) ON CONFLICT DO UPDATE SET at = 0;
END;

-- What is to be handed over to the outside, and what came of it.
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL,               -- digest
  key        TEXT NOT NULL UNIQUE,        -- the receiver's protection against a second delivery
  department TEXT NOT NULL,               -- a department's code; 'desk' for what no department holds
  payload    TEXT NOT NULL,               -- JSON, no personal data
  made_at    INTEGER NOT NULL,
  attempts   INTEGER NOT NULL,
  next_try   INTEGER NOT NULL,            -- the greatest integer while a sweep still adds to it
  failure    TEXT,                        -- of the last attempt
  sent_at    INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_try, id) WHERE sent_at IS NULL;
CREATE UNIQUE INDEX outbox_open ON outbox (kind, department) WHERE sent_at IS NULL AND next_try = 9223372036854775807;

-- Notes for the next shift, however long the ledger.
CREATE INDEX event_noted ON event (at, seq) WHERE kind = 'noted';
