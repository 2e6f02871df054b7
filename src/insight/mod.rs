//! What past tickets tell: the department to suggest, duplicates, hot spots. Pure: no store, no clock, no wording.
//!
//! Start at [`suggest`] for the model that learns from each dispatch, [`evaluate`] for the replay that judges it,
//! [`duplicates`] for the scorer of two tickets, [`hotspots`] for clusters by place and matter.
//! Everything is deterministic: the same tickets in the same order give the same numbers.

mod alike;
mod calibration;
mod cells;
mod confidence;
mod contexts;
mod evidence;
mod known;
mod linear;
mod memory;
mod mixer;
mod names;
mod newest;
mod role;
mod snapshot;

pub mod case;
pub mod duplicate_index;
pub mod duplicates;
pub mod evaluate;
pub mod hotspots;
pub mod precedents;
pub mod suggest;
pub mod text;

pub use case::{Case, Ending};
pub use known::{Known, Part};
pub use suggest::{Basis, Doubt, Evidence, Model, Params, Suggestion, Suggestions, Support, Why};
