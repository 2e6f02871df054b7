-- The alarm that a matter came back to its place soon after it was closed.

ALTER TABLE ticket ADD COLUMN false_closure INTEGER NOT NULL DEFAULT 0 CHECK (false_closure IN (0, 1));
CREATE INDEX ticket_of_false_closure ON ticket (id) WHERE false_closure = 1;
-- What was closed at a place, and when.
CREATE INDEX closed_by_place ON ticket (coalesce(community, street, ''), closed_at)
  WHERE state = 'closed' AND closed_at IS NOT NULL;
CREATE INDEX event_of_false_closure ON event (at) WHERE kind = 'false_closure_alarmed';
