-- The words of a ticket stand in one index: that of the open ones, or that of the ended ones. So far an open ticket's stood in
-- both, which cost every new ticket twice.

ALTER TABLE search_all RENAME TO search_ended;
INSERT INTO search_ended (search_ended, rowid, grams)
  SELECT 'delete', t.id, fenbo_words(t.title, x.content, x.address, t.no, t.external_no)
  FROM ticket t JOIN ticket_text x ON x.ticket_id = t.id WHERE t.is_open = 1;
