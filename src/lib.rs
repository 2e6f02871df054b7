//! fenbo 分拨: the dispatcher's console for citizen requests.
//!
//! The house, room by room; who may import whom is checked by `tests/it/architecture.rs`.
//! Start at [`domain`] for the rules, [`service`] for what the program does, [`console`] for what a person sees.

pub mod cli;
pub mod config;
pub mod console;
pub mod domain;
pub mod i18n;
pub mod insight;
pub mod intake;
pub mod report;
pub mod server;
pub mod service;
pub mod store;
