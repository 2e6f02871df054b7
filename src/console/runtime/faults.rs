//! Faults on purpose, so that a test can see that the terminal is given back whatever thread breaks down.
//!
//! In a debug build `FENBO_TEST_PANIC=worker|computer|loop` makes that thread panic: the loop at the first key, the
//! worker at the first act, the computer at its first question. A release build has none of this. Start at [`strike`].

/// Panics when the tests asked for it here.
#[cfg(debug_assertions)]
pub(super) fn strike(here: &str) {
    let asked = std::env::var("FENBO_TEST_PANIC").is_ok_and(|place| place == here);
    assert!(!asked, "a fault of the {here} on purpose");
}

/// Nothing, outside debug builds.
#[cfg(not(debug_assertions))]
pub(super) fn strike(_here: &str) {}
