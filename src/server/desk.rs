//! Threads that hold the store, so that no handler waits for a disk: one writes, the others read.
//!
//! A question is a closure over a centre. One that breaks answers nothing and harms no other; when too many wait, the next
//! is told so at once.

use crate::service::Centre;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Questions that may wait.
const WAITING: usize = 2_048;

type Question = Box<dyn FnOnce(&mut Centre) + Send>;

/// No answer: too many wait, or the question broke.
#[derive(Debug)]
pub(super) struct Busy;

/// The threads.
pub(super) struct Desk {
    read: SyncSender<Question>,
    write: SyncSender<Question>,
}

impl Desk {
    /// Starts a thread for each centre; the first one writes.
    pub(super) fn of(centres: Vec<Centre>) -> io::Result<Self> {
        let (read, readers) = sync_channel(WAITING);
        let (write, writer) = sync_channel(WAITING);
        let readers = Arc::new(Mutex::new(readers));
        let writer = Arc::new(Mutex::new(writer));
        for (at, centre) in centres.into_iter().enumerate() {
            let questions = Arc::clone(if at == 0 { &writer } else { &readers });
            std::thread::Builder::new()
                .name(if at == 0 { "writer" } else { "reader" }.to_owned())
                .spawn(move || work(centre, &questions))?;
        }
        Ok(Self { read, write })
    }

    /// What a question that only looks comes to.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Centre) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        ask(&self.read, question).await
    }

    /// What a question that writes comes to; it is carried out even when nobody waits for the answer any more.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Centre) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        ask(&self.write, question).await
    }
}

async fn ask<T: Send + 'static>(
    desk: &SyncSender<Question>,
    question: impl FnOnce(&mut Centre) -> T + Send + 'static,
) -> Result<T, Busy> {
    let (answer, answered) = oneshot::channel();
    let question: Question = Box::new(move |centre| {
        // Whoever asked may have gone.
        let _ = answer.send(question(centre));
    });
    desk.try_send(question).map_err(|_| Busy)?;
    answered.await.map_err(|_| Busy)
}

fn work(mut centre: Centre, questions: &Mutex<Receiver<Question>>) {
    loop {
        let next = questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(question) = next else { return };
        if catch_unwind(AssertUnwindSafe(|| question(&mut centre))).is_err() {
            tracing::error!("a question of the citizen's door broke");
        }
    }
}
