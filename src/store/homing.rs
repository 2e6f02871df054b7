//! Bringing the WAL home beside a long work: what one transaction committed goes into the file while the next is being made,
//! on a thread and a connection of its own.
//!
//! Nothing depends on it: what is not brought home stays in the WAL, where SQLite finds it. Start at [`Homing::start`].

use super::failure::Failure;
use super::write::Pace;
use super::{Access, Store, open};
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

/// Pages in the WAL from which on the writer waits until all of them are home, so that it begins again at its start.
const MOST: i64 = 64_000;

/// Transactions written while one round of bringing home goes on, from which on the writer waits for its end: where the disk
/// is slow, the WAL would grow as long as the round lasts.
const BEHIND: usize = 8;

/// So many small transactions are brought home together.
const SMALL: usize = 16;

/// The thread that brings the WAL home.
#[derive(Debug)]
pub(super) struct Homing {
    /// Taken away at the end: that is what ends the thread.
    asks: Option<SyncSender<()>>,
    /// How long the WAL was, after each time.
    told: Receiver<i64>,
    thread: Option<JoinHandle<()>>,
    under_way: usize,
    length: i64,
    /// Transactions, or bundles of small ones, since the last time was told of.
    behind: usize,
    /// Small transactions since the last time.
    small: usize,
}

impl Homing {
    fn start(store: &Store) -> Result<Self, Failure> {
        let conn = open::connect(store.path(), Access::ReadWrite)?;
        Ok(Self::with(move || bring_home(&conn)))
    }

    /// With what a round does: the WAL's length in pages.
    fn with(mut round: impl FnMut() -> i64 + Send + 'static) -> Self {
        // Without room for another: who asks while it is at work asks for nothing.
        let (asks, asked) = sync_channel(0);
        let (tell, told) = channel();
        let thread = std::thread::spawn(move || {
            while let Ok(()) = asked.recv() {
                if tell.send(round()).is_err() {
                    return;
                }
            }
        });
        Self {
            asks: Some(asks),
            told,
            thread: Some(thread),
            under_way: 0,
            length: 0,
            behind: 0,
            small: 0,
        }
    }

    /// Something was committed: much, or little.
    fn committed(&mut self, pace: Pace) {
        if pace == Pace::Single {
            self.small += 1;
            if self.small < SMALL {
                return;
            }
        }
        self.small = 0;
        let Some(asks) = &self.asks else { return };
        self.behind += 1;
        let is_long = self.length > MOST || self.behind > BEHIND;
        let is_asked = if is_long {
            asks.send(()).is_ok()
        } else {
            asks.try_send(()).is_ok()
        };
        self.under_way += usize::from(is_asked);
        while self.under_way > 0 {
            let told = if is_long {
                self.told.recv().ok()
            } else {
                self.told.try_recv().ok()
            };
            let Some(length) = told else { break };
            self.under_way -= 1;
            self.behind = 0;
            self.length = length;
        }
        if is_long {
            self.length = 0;
        }
    }
}

impl Drop for Homing {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            // It has nothing to say: a thread that panicked has brought nothing home, which is all.
            drop(thread.join());
        }
    }
}

/// Copies what is committed into the file, as far as nobody reads what was there before. The WAL's length in pages.
fn bring_home(conn: &Connection) -> i64 {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
        .unwrap_or_default()
}

impl Store {
    /// Has the WAL brought home on another thread from now on, or no longer.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be opened once more.
    pub fn bring_home_beside(&self, on: bool) -> Result<(), Failure> {
        // Gone before another comes, and before this connection does it again itself.
        self.homing.take();
        if on && self.access == Access::ReadWrite {
            self.homing.replace(Some(Homing::start(self)?));
            self.conn.execute_batch("PRAGMA wal_autocheckpoint = 0")?;
        }
        Ok(())
    }

    /// Says that something was committed to who brings it home.
    pub(super) fn has_committed(&self, pace: Pace) {
        if let Some(homing) = self.homing.borrow_mut().as_mut() {
            homing.committed(pace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::Barrier;
    use std::time::Duration;

    #[test]
    fn a_writer_runs_ahead_of_a_slow_round_but_not_for_ever() {
        let gate = Arc::new(Barrier::new(2));
        let (ours, theirs) = (Arc::clone(&gate), gate);
        let mut homing = Homing::with(move || {
            theirs.wait();
            1
        });
        let (says, said) = channel();
        let writer = std::thread::spawn(move || {
            for n in 0..=BEHIND {
                homing.committed(Pace::Many);
                says.send(n).unwrap();
            }
        });
        for n in 0..BEHIND {
            assert_eq!(said.recv_timeout(Duration::from_secs(10)), Ok(n));
        }
        assert!(said.recv_timeout(Duration::from_millis(100)).is_err());
        // The round under way, and the one that the writer waits for.
        ours.wait();
        ours.wait();
        assert_eq!(said.recv_timeout(Duration::from_secs(10)), Ok(BEHIND));
        writer.join().unwrap();
    }
}
