//! Integration tests: screens.
