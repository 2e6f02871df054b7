//! Measures to documents.
