//! Integration tests: insight.
