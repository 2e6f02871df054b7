//! Integration tests: journeys.
