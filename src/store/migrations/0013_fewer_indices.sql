-- Every index costs every new ticket a little: two that held nearly the same become one, and one that nothing asks goes.

DROP INDEX IF EXISTS closed_by_time;
DROP INDEX IF EXISTS ticket_by_matter;
-- One matter in one place, in the order of time, and who had it.
DROP INDEX IF EXISTS ticket_by_spot;
CREATE INDEX ticket_by_spot ON ticket (
  community, coalesce(category3, category2, category1), created_at, id, nature, lead
) WHERE community IS NOT NULL AND category1 IS NOT NULL;
