-- A merged ticket waits for no decision: its application rests until the merge is undone.
UPDATE ticket SET is_decision = 0 WHERE state = 'merged' AND is_decision = 1;
