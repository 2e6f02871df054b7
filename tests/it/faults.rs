//! Nothing is lost: kills, power cuts, calls that fail, a full disk, many desks at once, stopped writers, clocks that jump,
//! damaged files, backups under load.
//!
//! Every `cargo test` runs a short round of each; `FENBO_LONG=1 cargo test --release --test it -- faults::` runs the long ones.
//! Start at [`ground::Ground`]; what a child process does is in [`player`].

mod backup;
mod calls;
mod clock;
mod damage;
mod full;
pub mod ground;
pub mod kill;
mod lazy;
mod many;
mod player;
mod power;
mod remount;
mod shim;
mod stopped;
