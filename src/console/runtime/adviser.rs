//! The thread that suggests departments, on a connection of its own: learning what the desk remembers may take seconds on a
//! large store, and neither a key nor a figure waits for it.
//!
//! What was asked last is on the screen, so it is answered first; everything asked is answered.

use super::answers;
use super::clock::Clock;
use crate::console::app::msg::{Effect, Msg};
use crate::service::{Centre, Failure};
use std::sync::mpsc::Receiver;

/// The tickets for which an order wants suggestions, if it is one for this thread.
pub(super) fn wanted(effect: &Effect) -> Option<&[String]> {
    match effect {
        Effect::Suggest(numbers) => Some(numbers),
        _ => None,
    }
}

/// Answers until the questions end; the store is opened at the first one.
pub(super) fn advise(
    open: impl FnOnce() -> Result<Centre, Failure>,
    clock: Clock,
    questions: &Receiver<Vec<String>>,
    answer: &dyn Fn(Msg),
) {
    let Ok(first) = questions.recv() else {
        return;
    };
    let mut centre = open();
    let mut waiting = Vec::new();
    put(&mut waiting, first);
    loop {
        for asked in questions.try_iter() {
            put(&mut waiting, asked);
        }
        if let Some(no) = waiting.pop() {
            answer(reply(centre.as_mut(), clock, no));
        } else if let Ok(next) = questions.recv() {
            put(&mut waiting, next);
        } else {
            return;
        }
    }
}

/// Puts tickets where they are taken from next, each of them once, in their order.
fn put(waiting: &mut Vec<String>, asked: Vec<String>) {
    waiting.retain(|no| !asked.contains(no));
    waiting.extend(asked.into_iter().rev());
}

fn reply(centre: Result<&mut Centre, &mut Failure>, clock: Clock, no: String) -> Msg {
    match centre {
        Ok(centre) => match centre.suggest_for(&no, clock.now()) {
            Ok(found) => Msg::Suggested(answers::suggested(no, found)),
            Err(why) => answers::missing(no, &why),
        },
        Err(failure) => Msg::Failed(answers::failure(failure)),
    }
}

#[cfg(test)]
mod tests {
    use super::put;

    #[test]
    fn what_is_asked_last_is_answered_first_and_nothing_twice() {
        let mut waiting = Vec::new();
        put(&mut waiting, ["a", "b", "c"].map(str::to_owned).to_vec());
        put(&mut waiting, ["b", "d"].map(str::to_owned).to_vec());
        let order: Vec<String> = std::iter::from_fn(|| waiting.pop()).collect();
        assert_eq!(order, ["b", "d", "a", "c"]);
    }
}
