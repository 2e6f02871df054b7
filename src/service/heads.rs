//! The ledger's heads, published where who can write the store need not be able to: a file that is only added to, and the system's
//! log. A report and a paper carry them too. `[QUALITY: tamper-evident]`
//!
//! A sweep publishes once an hour where something was written, and signing a shift over does. Start at
//! [`Centre::publish_heads_to`].

use super::{Centre, NotDone};
use crate::domain::instant::Instant;
use crate::store::heads::{self, Head};
use crate::store::{Failure, FailureKind, Report};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

/// A sweep publishes no oftener, in seconds.
const APART: i64 = 3_600;

/// What the system's log is told: facility 13 (audit), severity 5 (notice). `[RFC 5424 §6.2.1]`
const PRIORITY: u8 = 13 * 8 + 5;

/// Where heads are published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The file of heads; nowhere, when absent.
    pub file: Option<PathBuf>,
    /// The socket of the system's log; not told, when absent.
    pub syslog: Option<PathBuf>,
}

/// Where heads are published, and the last that was.
#[derive(Debug, Default)]
pub(super) struct Publishing {
    places: Places,
    last: Option<Head>,
    /// Why the system's log did not take the last one.
    untold: Option<Failure>,
}

/// The heads that a verification was held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The heads that count, the oldest first.
    pub heads: Vec<Head>,
    /// Lines of the file that cannot be read.
    pub unread: usize,
}

impl Centre {
    /// Sets where heads are published.
    pub fn publish_heads_to(&mut self, places: Places) {
        self.publishing.places = places;
    }

    /// Where heads are published.
    pub fn head_places(&self) -> &Places {
        &self.publishing.places
    }

    /// Publishes the head where an hour has gone by since the last and something was written.
    pub(super) fn publish_in_time(&mut self, now: Instant) -> Result<(), Failure> {
        let Some(file) = &self.publishing.places.file else {
            return Ok(());
        };
        if self.publishing.last.is_none()
            && let Some(name) = self.store.ledger_name()?
            && let Some(head) = heads::last_published(file, (&name, self.store.path()))?
        {
            self.publishing.last = Some(head);
        }
        let (seq, hash) = self.store.head()?;
        let is_soon = |last: &Head| {
            let is_it = last.seq == seq && last.hash == hash;
            is_it
                || last
                    .at
                    .is_some_and(|at| (0..APART).contains(&now.since(at)))
        };
        if self.publishing.last.as_ref().is_some_and(is_soon) {
            return Ok(());
        }
        self.publish_head(now, false)?;
        self.publishing.untold.take().map_or(Ok(()), Err)
    }

    /// Publishes the head as it is; an accepted one takes the place of all before it. That the system's log did not take it is for
    /// the sweep to tell that publishes next.
    pub(super) fn publish_head(&mut self, now: Instant, accepted: bool) -> Result<(), Failure> {
        let Places { file, syslog } = &self.publishing.places;
        if self.is_read_only() || file.is_none() && syslog.is_none() {
            return Ok(());
        }
        let name = match self.store.ledger_name()? {
            Some(name) => name,
            None => self.store.write(|tx| {
                tx.name_ledger()?;
                Ok::<_, Failure>(tx.ledger_name()?.unwrap_or_default())
            })?,
        };
        let (seq, hash) = self.store.head()?;
        let zone = self.zone(now);
        if let Some(file) = file {
            let ledger = (name.as_str(), self.store.path());
            heads::publish(file, ledger, (seq, &hash), (now, zone), accepted)?;
        }
        if let Some(socket) = syslog {
            let at = zone.rfc3339(now);
            let line = format!("<{PRIORITY}>fenbo: ledger {name} seq {seq} head {hash} at {at}");
            self.publishing.untold = tell(socket, &line).err();
        }
        self.publishing.last = Some(Head {
            at: Some(now),
            seq,
            hash,
        });
        Ok(())
    }

    /// The heads of this ledger published here.
    ///
    /// # Errors
    /// [`Failure`] when the file of heads, or the store, cannot be read.
    pub fn published_heads(&self) -> Result<Known, Failure> {
        let name = self.store.ledger_name()?;
        let (Some(file), Some(name)) = (&self.publishing.places.file, name) else {
            return Ok(Known::default());
        };
        let (heads, unread) = heads::published(file, (&name, self.store.path()))?;
        Ok(Known { heads, unread })
    }

    /// Adds to a report the published heads that the ledger does not pass through.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn hold_against(&self, heads: &[Head], report: &mut Report) -> Result<(), Failure> {
        report.problems.extend(self.store.contradicted(heads)?);
        report.ok = report.problems.is_empty();
        Ok(())
    }

    /// Accepts the ledger as it is, whatever was published before: it was brought back from a backup.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for others than administrators; [`NotDone::Failed`] when it cannot be written.
    pub fn accept_head(&mut self, now: Instant) -> Result<(), NotDone> {
        self.administrator()?;
        if self.is_read_only() {
            let cause = "the store is open for reading only";
            return Err(Failure::new(FailureKind::ReadOnly, cause).into());
        }
        Ok(self.publish_head(now, true)?)
    }
}

/// Tells the system's log, and waits for nobody: one that stands still must not hold up a desk.
fn tell(socket: &Path, line: &str) -> Result<(), Failure> {
    let send = || {
        let log = UnixDatagram::unbound()?;
        log.set_nonblocking(true)?;
        log.send_to(line.as_bytes(), socket)
    };
    send().map_err(|error| Failure::from(error).at(socket))?;
    Ok(())
}
