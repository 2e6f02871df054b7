//! Safety: text from outside drives no terminal and no spreadsheet, nobody reads what is not theirs, files keep to
//! their owner, and over SSH there is the console and nothing else.
//!
//! Start at [`text::hostile`].

mod dependencies;
mod files;
pub mod foreign;
mod output;
mod screen;
mod ssh;
mod text;
