//! The real binary in a pseudo-terminal: what a person at the desk sees, and how the terminal is left.
//!
//! Nothing here waits a fixed time for the program: it waits for a text on the parsed screen, with a deadline.
//! Start at [`desk::Desk`].

mod boards;
pub mod desk;
mod doctor;
mod queue;
mod slow;
mod two;
mod viewed;
mod ways_out;
mod work;
