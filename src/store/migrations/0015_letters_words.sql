-- A ticket is found by the words of the letters that joined it. So far the indices held only its own.

INSERT INTO search_open (search_open, rowid, grams)
  SELECT 'delete', t.id, fenbo_words(t.title, x.content, x.address, t.no, t.external_no)
  FROM (SELECT DISTINCT ticket_id FROM supplement) j JOIN ticket t ON t.id = j.ticket_id
    JOIN ticket_text x ON x.ticket_id = t.id WHERE t.is_open = 1;
INSERT INTO search_open (rowid, grams)
  SELECT t.id, fenbo_words(t.title, x.content, x.address, t.no, t.external_no,
    (SELECT group_concat(fenbo_letter(s.words), ' ') FROM supplement s WHERE s.ticket_id = t.id))
  FROM (SELECT DISTINCT ticket_id FROM supplement) j JOIN ticket t ON t.id = j.ticket_id
    JOIN ticket_text x ON x.ticket_id = t.id WHERE t.is_open = 1;

INSERT INTO search_ended (search_ended, rowid, grams)
  SELECT 'delete', t.id, fenbo_words(t.title, x.content, x.address, t.no, t.external_no)
  FROM (SELECT DISTINCT ticket_id FROM supplement) j JOIN ticket t ON t.id = j.ticket_id
    JOIN ticket_text x ON x.ticket_id = t.id WHERE t.is_open = 0;
INSERT INTO search_ended (rowid, grams)
  SELECT t.id, fenbo_words(t.title, x.content, x.address, t.no, t.external_no,
    (SELECT group_concat(fenbo_letter(s.words), ' ') FROM supplement s WHERE s.ticket_id = t.id))
  FROM (SELECT DISTINCT ticket_id FROM supplement) j JOIN ticket t ON t.id = j.ticket_id
    JOIN ticket_text x ON x.ticket_id = t.id WHERE t.is_open = 0;
