//! Integration tests of the terminal room: what goes out, what comes in, and that the terminal is given back.

mod input;
mod life;
mod output;
