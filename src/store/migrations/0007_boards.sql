-- What the board, the shift sheet and the desk's queue ask at every look, however much is open.

-- The desk by night and day: urgent first.
CREATE INDEX desk_by_urgency ON ticket (urgency_key, id) WHERE is_desk = 1;
-- Not signed for, and since when.
CREATE INDEX unsigned_by_lead ON ticket (lead, dispatched_at) WHERE state = 'dispatched';
-- Passed from hand to hand.
CREATE INDEX hopped_by_lead ON ticket (lead, dispatches) WHERE is_open = 1 AND dispatches > 1;
-- In somebody's hands.
CREATE INDEX claimed_by_time ON ticket (claimed_at, id) WHERE is_open = 1 AND claimed_by IS NOT NULL;
