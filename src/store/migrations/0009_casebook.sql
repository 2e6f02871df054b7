-- What becomes a precedent: typical tickets and rulings, found without reading the whole ledger.
CREATE INDEX event_of_precedent ON event (seq) WHERE kind IN ('case_kept', 'case_dropped', 'ruled');
