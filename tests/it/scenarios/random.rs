//! Random people do random things, thousands of times: what must never break, does not.
