-- Who viewed which ticket: entries about the store of kind "viewed", found newest first, and by the ticket's number.

CREATE INDEX event_viewed ON event (kind) WHERE kind = 'viewed';
CREATE INDEX event_viewed_ticket ON event (CASE WHEN json_valid(data) THEN json_extract(data, '$.no') END)
  WHERE kind = 'viewed';
