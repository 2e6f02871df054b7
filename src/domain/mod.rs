//! The rules of a citizen-request command centre, pure: no clock, no files, no SQL.
//!
//! Start at [`workflow`]: one table says which act takes which state where, who may do it and under
//! which guards; [`workflow::decide`] turns an act into events and [`ticket::Ticket::apply`] folds them.
//! Times are [`instant::Instant`]s handed in as `now`; days come from [`calendar`], deadlines from [`clock`].

pub mod act;
pub mod advice;
pub mod application;
pub mod assessment;
pub mod board;
pub mod calendar;
pub mod callback;
pub mod checks;
pub mod clock;
pub mod code;
mod codes;
pub mod counting;
pub mod department;
pub mod durations;
pub mod dwell;
pub mod effects;
pub mod event;
pub mod evidence;
pub mod figures;
pub mod filter;
mod fold;
pub mod guards;
pub mod instant;
pub mod ladder;
pub mod lateness;
pub mod later;
pub mod letter;
pub mod light;
pub mod meanwhile;
pub mod notice;
pub mod operator;
pub mod paper;
pub mod period;
pub mod policy;
pub mod precedent;
pub mod privacy;
pub mod progress;
pub mod queue;
pub mod refusal;
pub mod rules;
pub mod shift;
pub mod shown;
pub mod spans;
pub mod supplement;
pub mod template;
pub mod ticket;
pub mod title;
pub mod viewed;
pub mod workflow;
