-- The first schema of the store. Names here last for ever: review them like an API.
-- Instants are whole Unix seconds (UTC); flags are 0 or 1; codes are those of the domain.
-- Nothing here is written by hand: row.rs derives every column of `ticket` from the domain's ticket.

-- What the store remembers about itself, such as "pinned".
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Values too large or too binary for a setting, such as what the suggestions have learned.
CREATE TABLE blob (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- Who may act. Every change is an entry of the ledger ("operator_changed").
CREATE TABLE operator (
  code       TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  roles      TEXT NOT NULL,               -- JSON array of role codes
  department TEXT,
  active     INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

-- The last ordinal given on a day; numbers are never used again.
CREATE TABLE number_sequence (
  day  TEXT PRIMARY KEY,                  -- 20261101
  last INTEGER NOT NULL CHECK (last > 0)
) STRICT, WITHOUT ROWID;

-- One row a ticket: what lists, filters and sorts need, and `facts`, the ticket itself as JSON.
-- `title` stands here so that a list reads one table; it is personal text and no part of the row's hash.
CREATE TABLE ticket (
  id                INTEGER PRIMARY KEY,  -- rises with registration
  no                TEXT NOT NULL UNIQUE,
  reversed_no       TEXT NOT NULL,        -- the number backwards, without its hyphen: endings are prefixes
  version           INTEGER NOT NULL CHECK (version > 0),
  state             TEXT NOT NULL,
  is_open           INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  is_running        INTEGER NOT NULL CHECK (is_running IN (0, 1)),       -- red, yellow or green: the clock runs and is not suspended
  is_desk           INTEGER NOT NULL CHECK (is_desk IN (0, 1)),          -- to file or to dispatch
  is_decision       INTEGER NOT NULL CHECK (is_decision IN (0, 1)),      -- an application waits, or coordination
  is_review         INTEGER NOT NULL CHECK (is_review IN (0, 1)),        -- closing review or call-back
  is_supervised     INTEGER NOT NULL CHECK (is_supervised IN (0, 1)),    -- open and on the ladder, or proposed for it
  warn_key          INTEGER NOT NULL,     -- the first of warn_at and due_at; the greatest integer when there is neither
  due_key           INTEGER NOT NULL,     -- due_at; the greatest integer when there is none
  urgency_key       INTEGER NOT NULL,     -- urgent first, then by deadline
  stage_key         INTEGER NOT NULL,     -- stage_due_at; the greatest integer when there is none
  nature            TEXT,
  limit_class       TEXT,
  urgency           TEXT NOT NULL,
  confidential      INTEGER NOT NULL CHECK (confidential IN (0, 1)),
  source            TEXT NOT NULL,
  channel           TEXT NOT NULL,
  external_no       TEXT,
  category1         TEXT,
  category2         TEXT,
  category3         TEXT,
  street            TEXT,
  community         TEXT,
  lead              TEXT,
  assisting         TEXT,                 -- JSON array of department codes, or nothing
  created_at        INTEGER NOT NULL,
  warn_at           INTEGER,
  due_at            INTEGER,
  stage_due_at      INTEGER,
  closed_at         INTEGER,
  on_time           INTEGER CHECK (on_time IN (0, 1)),
  claimed_by        TEXT,
  claimed_at        INTEGER,
  returns           INTEGER NOT NULL,
  urges             INTEGER NOT NULL,
  merged            INTEGER NOT NULL,     -- how many were merged into it
  pending           INTEGER NOT NULL,     -- applications not yet decided
  supervision_level INTEGER NOT NULL,
  redos             INTEGER NOT NULL,
  dispatches        INTEGER NOT NULL,     -- from here on: what reports count
  dispatched_at     INTEGER,
  replied_at        INTEGER,
  reworks           INTEGER NOT NULL,
  rating            TEXT,
  contacted         INTEGER CHECK (contacted IN (0, 1)),
  solved            INTEGER CHECK (solved IN (0, 1)),
  exempt            INTEGER NOT NULL CHECK (exempt IN (0, 1)),
  title             TEXT NOT NULL,
  facts             TEXT NOT NULL
) STRICT;

-- Lists of open tickets, however many are stored. The first carries what filters ask, so that a row
-- that does not match is passed over without being read.
CREATE INDEX open_by_due ON ticket (
  due_key, id, is_running, warn_key, state, lead, limit_class, nature, urgency, source, street, community, category3
) WHERE is_open = 1;
CREATE INDEX open_by_created ON ticket (created_at, id) WHERE is_open = 1;
CREATE INDEX open_by_urgency ON ticket (urgency_key, id) WHERE is_open = 1;
CREATE INDEX open_by_stage ON ticket (stage_key, id) WHERE is_open = 1;
CREATE INDEX desk_by_due ON ticket (due_key, id) WHERE is_desk = 1;
CREATE INDEX decision_by_due ON ticket (due_key, id) WHERE is_decision = 1;
CREATE INDEX review_by_due ON ticket (due_key, id) WHERE is_review = 1;
CREATE INDEX supervised_by_due ON ticket (due_key, id) WHERE is_supervised = 1;
CREATE INDEX closed_by_time ON ticket (closed_at, id) WHERE state = 'closed';
CREATE INDEX running_by_warn ON ticket (warn_key, due_key) WHERE is_running = 1;
-- Lists of everything.
CREATE INDEX ticket_by_created ON ticket (created_at, id);
CREATE INDEX ticket_by_due ON ticket (due_key, id);
CREATE INDEX ticket_by_urgency ON ticket (urgency_key, id);
CREATE INDEX ticket_by_stage ON ticket (stage_key, id);
-- Look-ups.
CREATE INDEX ticket_by_ending ON ticket (reversed_no);
CREATE INDEX ticket_by_external_no ON ticket (external_no, source) WHERE external_no IS NOT NULL;
CREATE INDEX ticket_by_matter ON ticket (coalesce(category3, category2, category1), community, lead) WHERE lead IS NOT NULL;

-- Who has to do with a ticket, lead or assisting: what a department sees.
CREATE TABLE ticket_department (
  department TEXT NOT NULL,
  ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
  is_open    INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  created_at INTEGER NOT NULL,
  due_key    INTEGER NOT NULL,
  PRIMARY KEY (department, ticket_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX department_open_by_due ON ticket_department (department, due_key, ticket_id) WHERE is_open = 1;
CREATE INDEX department_by_created ON ticket_department (department, created_at, ticket_id);

-- The rest of the words and the requester: personal data outside the chained text, so that it can be
-- erased without breaking the ledger, which holds only a salted commitment to it.
CREATE TABLE ticket_text (
  ticket_id      INTEGER PRIMARY KEY REFERENCES ticket (id),
  salt           BLOB,                    -- 16 random bytes; nothing once erased
  content        TEXT NOT NULL,
  address        TEXT NOT NULL,
  name           TEXT NOT NULL,
  phone          TEXT NOT NULL,
  reversed_phone TEXT,                    -- its digits backwards: endings are prefixes
  email          TEXT NOT NULL,
  home_address   TEXT NOT NULL,
  raw            TEXT                     -- what the file it came from said beside: JSON array of column and value; or nothing
) STRICT;
CREATE INDEX text_by_phone ON ticket_text (reversed_phone, ticket_id) WHERE reversed_phone IS NOT NULL;

-- The ledger: append-only, each entry chained to the one before and to the row it produced.
CREATE TABLE event (
  seq          INTEGER PRIMARY KEY,       -- from 1 without gaps
  ticket_id    INTEGER REFERENCES ticket (id), -- nothing: an entry about the store itself
  at           INTEGER NOT NULL,
  by           TEXT NOT NULL,
  kind         TEXT NOT NULL,
  data         TEXT NOT NULL,             -- JSON
  warn_at      INTEGER,                   -- the row's marks after the event: rows are rebuilt from the ledger alone
  due_at       INTEGER,
  stage_due_at INTEGER,
  commitment   BLOB,                      -- SHA-256 of salt and personal texts, where the event sets them
  state_hash   BLOB,                      -- SHA-256 of the ticket's row after the event
  alg          INTEGER NOT NULL,          -- 1: SHA-256
  prev         BLOB NOT NULL CHECK (length(prev) = 32),
  hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX event_by_ticket ON event (ticket_id, seq);
-- Who dispatched what, for the dispatchers' figures.
CREATE INDEX event_of_dispatch ON event (at) WHERE kind IN ('dispatched', 'recalled');

CREATE TRIGGER event_never_changes BEFORE UPDATE ON event BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER event_never_goes BEFORE DELETE ON event BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER event_follows BEFORE INSERT ON event BEGIN
  SELECT RAISE(ABORT, 'the ledger entry does not follow the last one')
  WHERE NEW.seq IS NOT coalesce((SELECT max(seq) FROM event), 0) + 1
     OR NEW.prev IS NOT coalesce((SELECT hash FROM event WHERE seq = NEW.seq - 1), zeroblob(32))
     OR NEW.hash IS NOT fenbo_event_hash(NEW.prev, NEW.seq, NEW.ticket_id, NEW.at, NEW.by, NEW.kind, NEW.data,
          NEW.warn_at, NEW.due_at, NEW.stage_due_at, NEW.commitment, NEW.state_hash, NEW.alg);
END;
CREATE TRIGGER ticket_never_goes BEFORE DELETE ON ticket BEGIN
  SELECT RAISE(ABORT, 'tickets are never deleted');
END;
CREATE TRIGGER ticket_keeps_its_number BEFORE UPDATE OF id, no ON ticket BEGIN
  SELECT RAISE(ABORT, 'a ticket keeps its number');
END;

-- Exact counts. scope: '' for all, else a department's code. what: all, open, desk, decision, review,
-- supervised, paused, running (bucket 0); warn_hour, warn_day, due_hour, due_day (bucket: hours or days
-- since 1970) over running tickets.
CREATE TABLE tally (
  scope  TEXT NOT NULL,
  what   TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  n      INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (scope, what, bucket)
) STRICT, WITHOUT ROWID;

-- Words of all tickets, and of the open ones, cut by grams.rs. The rowid is the ticket's id.
CREATE VIRTUAL TABLE search_all USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE search_open USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii');

-- A transaction's words are gathered in memory up to this many bytes: an import writes few large pieces.
INSERT INTO search_all (search_all, rank) VALUES ('hashsize', 33554432);

-- Forms not yet sent.
CREATE TABLE draft (
  operator TEXT NOT NULL,
  kind     TEXT NOT NULL,
  json     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (operator, kind)
) STRICT, WITHOUT ROWID;
