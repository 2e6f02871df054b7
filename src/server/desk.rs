//! Threads that hold the store, so that no handler waits for a disk: each lane has one thread, its own connection and a
//! bounded queue, so that long lists delay no page, and a writer that waits for the store's lock delays no reader.
//!
//! A question is a closure over a centre. One that breaks answers nothing and harms no other; when too many wait, the next
//! is told so at once.

use crate::service::Centre;
use crate::service::tracking::Tries;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::oneshot;

type Question = Box<dyn FnOnce(&mut Centre) + Send>;
type Lane = SyncSender<Question>;

/// How much the consoles, and the threads that hold the store's lock, go before the threads that answer, as `nice`
/// counts; and before those that compute lists.
pub(super) const BEHIND: (i32, i32) = (10, 15);

/// Questions that may wait in each lane.
mod waiting {
    pub(super) const PAGES: usize = 2_048;
    pub(super) const LISTS: usize = 64;
    pub(super) const WRITES: usize = 256;
    pub(super) const COUNTS: usize = 256;
}

/// No answer: too many wait, or the question broke.
#[derive(Debug)]
pub(super) struct Busy;

/// The centres, each on a connection of its own.
pub struct Centres {
    /// Takes requests and ratings.
    pub writer: Centre,
    /// Stores wrong codes.
    pub counter: Centre,
    /// Looks at one request at a time.
    pub pages: Centre,
    /// Reads lists of requests.
    pub lists: Centre,
}

/// The threads.
pub(super) struct Desk {
    pages: Lane,
    lists: Lane,
    writer: Lane,
    counter: SyncSender<oneshot::Sender<()>>,
}

impl Desk {
    /// Starts a thread for each centre. Those that write keep the caller's priority: everybody waits for who holds the
    /// lock. The others step behind.
    pub(super) fn of(centres: Centres, tries: Arc<Tries>, clock: super::Clock) -> io::Result<Self> {
        let (counter, signals) = sync_channel(waiting::COUNTS);
        let own = centres.counter;
        spawn("counter", 0, move || {
            count(&own, &tries, &signals, &*clock);
        })?;
        Ok(Self {
            writer: lane("writer", 0, centres.writer, waiting::WRITES)?,
            pages: lane("pages", BEHIND.0, centres.pages, waiting::PAGES)?,
            lists: lane("lists", BEHIND.1, centres.lists, waiting::LISTS)?,
            counter,
        })
    }

    /// What a question about one request, or about the rules, comes to.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Centre) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        ask(&self.pages, question).await
    }

    /// What a question about many requests comes to.
    pub(super) async fn list<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Centre) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        ask(&self.lists, question).await
    }

    /// What a question that writes comes to; it is carried out even when nobody waits for the answer any more.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Centre) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        ask(&self.writer, question).await
    }

    /// Has the wrong codes that stand in memory stored; ends when they are, or when that fails. They count in either case.
    pub(super) async fn store_tries(&self) {
        let (done, stored) = oneshot::channel();
        if self.counter.try_send(done).is_ok() {
            // A counter that is gone answers nothing.
            let _ = stored.await;
        }
    }
}

fn spawn(name: &str, behind: i32, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let begin = move || {
        step_behind(behind);
        work();
    };
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(begin)?;
    Ok(())
}

/// Lets others go before this thread; what the system does not grant is left as it is.
pub(super) fn step_behind(nice: i32) {
    if nice > 0 {
        // Of no process: on Linux a priority is the calling thread's own.
        let _ = rustix::process::setpriority_process(None, nice);
    }
}

fn lane(name: &str, behind: i32, centre: Centre, waiting: usize) -> io::Result<Lane> {
    let (lane, questions) = sync_channel(waiting);
    spawn(name, behind, move || work(centre, &questions))?;
    Ok(lane)
}

async fn ask<T: Send + 'static>(
    lane: &Lane,
    question: impl FnOnce(&mut Centre) -> T + Send + 'static,
) -> Result<T, Busy> {
    let (answer, answered) = oneshot::channel();
    let question: Question = Box::new(move |centre| {
        // Whoever asked may have gone.
        let _ = answer.send(question(centre));
    });
    lane.try_send(question).map_err(|_| Busy)?;
    answered.await.map_err(|_| Busy)
}

fn work(mut centre: Centre, questions: &Receiver<Question>) {
    while let Ok(question) = questions.recv() {
        if catch_unwind(AssertUnwindSafe(|| question(&mut centre))).is_err() {
            tracing::error!("a question of the citizen's door broke");
        }
    }
}

/// Stores wrong codes, all that have come together in one transaction.
fn count(
    centre: &Centre,
    tries: &Tries,
    signals: &Receiver<oneshot::Sender<()>>,
    clock: &dyn Fn() -> crate::domain::instant::Instant,
) {
    while let Ok(first) = signals.recv() {
        let waiting: Vec<_> = std::iter::once(first).chain(signals.try_iter()).collect();
        if let Err(failure) = centre.store_tries(tries, clock()) {
            tracing::error!(kind = ?failure.kind, cause = failure.cause, "wrong codes stay in memory");
        }
        for one in waiting {
            // Whoever waited may have gone.
            let _ = one.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::instant::Instant;

    #[test]
    fn a_full_lane_says_so_at_once_and_goes_on_when_a_question_breaks() {
        let folder = tempfile::tempdir().unwrap();
        let rules = Arc::new(crate::config::rules(None).unwrap());
        let now = Instant(1_506_676_200);
        let path = folder.path().join("fenbo.db");
        let centre = Centre::create(&path, rules, "root", now, true).unwrap();
        let lane = lane("lane", 0, centre, 1).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (begun, has_begun) = oneshot::channel();
            let (go, wait) = std::sync::mpsc::channel::<()>();
            let own = lane.clone();
            let first = tokio::spawn(async move {
                let slow = move |_: &mut Centre| {
                    begun.send(()).unwrap();
                    wait.recv().unwrap();
                };
                ask(&own, slow).await.is_ok()
            });
            has_begun.await.unwrap();
            let own = lane.clone();
            let second = tokio::spawn(async move { ask(&own, |_| 2).await.unwrap() });
            tokio::task::yield_now().await;
            // One is worked on, one waits: the next one is told.
            assert!(matches!(ask(&lane, |_| 3).await, Err(Busy)));
            go.send(()).unwrap();
            assert!(first.await.unwrap());
            assert_eq!(second.await.unwrap(), 2);
            assert!(ask(&lane, |_| -> u8 { panic!("broken") }).await.is_err());
            assert_eq!(ask(&lane, |_| 4).await.unwrap(), 4);
        });
    }
}
