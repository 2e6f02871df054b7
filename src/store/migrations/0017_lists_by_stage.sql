-- What waits for a decision, or for a review or a call, is listed by the deadline of its stage.

CREATE INDEX decision_by_stage ON ticket (stage_key, id) WHERE is_decision = 1;
CREATE INDEX review_by_stage ON ticket (stage_key, id) WHERE is_review = 1;
