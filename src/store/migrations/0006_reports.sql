-- What reports and the ladder's hot spots read, without touching the rows.

-- Everything a report counts, in the order of creation.
CREATE INDEX counted_by_created ON ticket (
  created_at, id, no, state, confidential, nature, limit_class, source, channel, category1, category2, category3, street,
  community, lead, due_at, on_time, exempt, dispatched_at, replied_at, closed_at, reworks, redos, urges, rating, contacted,
  solved, returns
);
-- Past its deadline; on the ladder.
CREATE INDEX running_by_due ON ticket (due_key, created_at, id, no) WHERE is_running = 1;
CREATE INDEX on_ladder ON ticket (created_at, id, no) WHERE is_supervised = 1 AND supervision_level > 0;
-- Who dispatched what, and when it was due: the mark of the entry before.
DROP INDEX event_of_dispatch;
CREATE INDEX event_of_dispatch ON event (at, seq, ticket_id, kind, by) WHERE kind IN ('dispatched', 'recalled');
DROP INDEX event_by_ticket;
CREATE INDEX event_by_ticket ON event (ticket_id, seq, stage_due_at);
CREATE INDEX dispatched_again ON ticket (id) WHERE dispatches > 1 OR returns > 0;
-- One matter in one place, in the order of time.
CREATE INDEX ticket_by_spot ON ticket (community, coalesce(category3, category2, category1), created_at, id, nature)
  WHERE community IS NOT NULL AND category1 IS NOT NULL;
