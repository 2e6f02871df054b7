//! Questions that must not take for ever: asked by anybody, over however much is stored.

use super::Store;
use super::failure::Failure;
use std::time::{Duration, Instant};

/// SQLite's steps between two looks at the stopwatch: some microseconds of work.
const STEPS: i32 = 4_000;

impl Store {
    /// Has every question fail that is still under way when so much time has gone by, or none any more.
    pub fn set_patience(&mut self, limit: Option<Duration>) -> Result<(), Failure> {
        match limit {
            Some(limit) => {
                let since = Instant::now();
                let is_over = move || since.elapsed() >= limit;
                self.conn.progress_handler(STEPS, Some(is_over))?;
            }
            None => self.conn.progress_handler(0, None::<fn() -> bool>)?,
        }
        Ok(())
    }
}
