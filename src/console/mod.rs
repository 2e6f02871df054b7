//! The full-screen program.
pub mod app;
pub mod command;
pub mod key;
pub mod runtime;
pub mod term;
pub mod view;
