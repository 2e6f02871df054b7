//! Use cases: each act is one transaction that asks `domain::workflow` and writes through `store`.
