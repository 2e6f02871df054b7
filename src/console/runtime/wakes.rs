//! How other threads wake the loop, which waits at the terminal.
//!
//! Start at [`channel`].

use crate::console::app::Msg;
use crate::console::term::{Signal, Waker};
use std::sync::mpsc::{Receiver, Sender};

/// What wakes the loop beside the terminal.
pub(super) enum Wake {
    /// A signal.
    Signal(Signal),
    /// An answer to an order.
    Answer(Msg),
    /// A thread broke down; its own words.
    Broke(String),
}

/// The sending side: each message ends the wait at the terminal.
#[derive(Clone)]
pub(super) struct Wakes {
    messages: Sender<Wake>,
    waker: Waker,
}

/// A channel whose messages wake who waits at a terminal.
pub(super) fn channel(waker: Waker) -> (Wakes, Receiver<Wake>) {
    let (messages, taken) = std::sync::mpsc::channel();
    (Wakes { messages, waker }, taken)
}

impl Wakes {
    /// Sends a message. When the loop has left already, nobody needs it.
    pub(super) fn send(&self, message: Wake) {
        if self.messages.send(message).is_ok() {
            self.waker.wake();
        }
    }
}
