-- Notices to requesters: what was written, and what of it went out, however long the outbox remembers its letters.
CREATE TABLE notice (
  key       TEXT PRIMARY KEY,             -- the letter's; no personal data
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  kind      TEXT NOT NULL,                -- accepted, dispatched, extended, replied, call_missed
  made_at   INTEGER NOT NULL,
  sent_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_by_ticket ON notice (ticket_id, kind);
CREATE TRIGGER notice_went_out AFTER UPDATE OF sent_at ON outbox WHEN NEW.sent_at IS NOT NULL BEGIN
  UPDATE notice SET sent_at = NEW.sent_at WHERE key = NEW.key;
END;
