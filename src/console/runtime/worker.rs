//! The thread that holds the store: it takes the application's orders one by one and answers each.
//!
//! No transaction outlives an order, so nothing is ever open while the screen is drawn or a key awaited. A batch of many
//! tickets is done a few at a time, so that what the keys ask for meanwhile need not wait for its end.
//! Once a second it looks whether another desk has written; when nothing is asked it writes what was viewed, and once a minute
//! it sweeps.

use super::answers;
use super::clock::Clock;
use super::faults;
use super::viewings::Recorder;
use super::watch::Watch;
use crate::console::app::msg::{Effect, Errand, HistoryAsked, Msg, Outcome};
use crate::domain::instant::Instant as Moment;
use crate::i18n::Lang;
use crate::service::performing::Order;
use crate::service::similar::Heard;
use crate::service::{Centre, Failure, FailureKind, NotDone};
use std::collections::{BTreeSet, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// How often other desks' writing is looked for. `[QUALITY: visible within a second]`
const LOOK_EVERY: Duration = Duration::from_millis(980);

/// Acts of a batch done before the keys' next question is looked at.
const AT_ONCE: usize = 16;

/// Rows of each part of the shift sheet that stand in memory; the line below them opens the list of all.
const ROWS_OF_SHIFT: usize = 50;

/// How often the open console sweeps, at most: only while nobody waits for an answer.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Works until the orders end.
pub(super) fn work(
    mut centre: Centre,
    clock: Clock,
    orders: &Receiver<Effect>,
    answer: &dyn Fn(Msg),
) {
    let mut watch = Watch::begin(&centre);
    let mut sweeps = Sweeps::begin();
    let mut batches = VecDeque::new();
    let mut unread = BTreeSet::new();
    let mut viewings = Recorder::default();
    let mut look_at = Instant::now() + LOOK_EVERY;
    loop {
        let next = if batches.is_empty() {
            orders.recv_timeout(look_at.saturating_duration_since(Instant::now()))
        } else {
            match orders.try_recv() {
                Err(TryRecvError::Empty) => {
                    do_a_few(&mut centre, clock, &mut batches, answer);
                    continue;
                }
                Ok(effect) => Ok(effect),
                Err(TryRecvError::Disconnected) => Err(RecvTimeoutError::Disconnected),
            }
        };
        let is_idle = matches!(next, Err(RecvTimeoutError::Timeout));
        match next {
            Ok(Effect::Viewed { viewing, from }) if !centre.is_read_only() => {
                viewings.take(viewing, from);
            }
            Ok(Effect::Perform { token, errands }) => {
                faults::strike("worker");
                batches.push_back(Batch::new(token, errands));
                do_a_few(&mut centre, clock, &mut batches, answer);
            }
            Ok(effect) => {
                obey(&mut centre, clock, effect, answer);
                tell_unread(&centre, &mut unread, answer);
            }
            Err(RecvTimeoutError::Disconnected) => {
                // Who confirmed a batch and left has still confirmed it.
                while !batches.is_empty() {
                    do_a_few(&mut centre, clock, &mut batches, answer);
                }
                viewings.finish(&mut centre, answer);
                return;
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if look_at <= Instant::now() {
            look_at = Instant::now() + LOOK_EVERY;
            watch.look(&centre, answer);
            if is_idle || viewings.is_late() {
                viewings.write(&mut centre, answer);
            }
            if is_idle {
                sweeps.sweep(&mut centre, clock, answer);
            }
        }
    }
}

/// Tells which tickets an answer left out because they cannot be read, each of them once.
fn tell_unread(centre: &Centre, told: &mut BTreeSet<String>, answer: &dyn Fn(Msg)) {
    for (no, cause) in centre.take_unread() {
        let cause = format!("{no}: {cause}");
        if told.insert(no) {
            answer(answers::failed(&Failure::new(FailureKind::Damaged, cause)));
        }
    }
}

/// Acts that were confirmed together and are under way.
struct Batch {
    token: u64,
    errands: VecDeque<Errand>,
    outcomes: Vec<Outcome>,
    /// Why not all that was erased is gone from the disk.
    left: Option<Failure>,
}

impl Batch {
    fn new(token: u64, errands: Vec<Errand>) -> Self {
        Self {
            token,
            outcomes: Vec::with_capacity(errands.len()),
            errands: errands.into(),
            left: None,
        }
    }
}

/// Does a few acts of the oldest batch; tells the outcomes when it is done, else how far it has come.
fn do_a_few(
    centre: &mut Centre,
    clock: Clock,
    batches: &mut VecDeque<Batch>,
    answer: &dyn Fn(Msg),
) {
    let Some(batch) = batches.front_mut() else {
        return;
    };
    let few = batch.errands.len().min(AT_ONCE);
    for errand in batch.errands.drain(..few) {
        let (outcome, left) = run(centre, errand, clock.now());
        batch.outcomes.push(outcome);
        batch.left = batch.left.take().or(left);
    }
    if batch.errands.is_empty() {
        let Batch {
            token,
            outcomes,
            left,
            ..
        } = batch;
        answer(Msg::Performed {
            token: *token,
            outcomes: std::mem::take(outcomes),
        });
        if let Some(left) = left {
            answer(answers::failed(left));
        }
        batches.pop_front();
    } else {
        let done = batch.outcomes.len();
        let of = done + batch.errands.len();
        answer(Msg::Performing { done, of });
    }
}

/// The sweeps of an open console.
struct Sweeps {
    last: Instant,
    failing: bool,
    /// The last told of what a sweep could not do besides: erase all, publish the head.
    told: [Option<Failure>; 2],
}

impl Sweeps {
    /// The first one waits its turn: a console that is opened for a moment changes nothing.
    fn begin() -> Self {
        Self {
            last: Instant::now(),
            failing: false,
            told: [None, None],
        }
    }

    /// Sweeps when it is time; a failure is told once, until one has succeeded.
    fn sweep(&mut self, centre: &mut Centre, clock: Clock, answer: &dyn Fn(Msg)) {
        if centre.is_read_only() || self.last.elapsed() < SWEEP_EVERY {
            return;
        }
        self.last = Instant::now();
        match centre.sweep(clock.now()) {
            Ok(swept) => {
                self.failing = false;
                if swept.written() > 0 {
                    answer(Msg::StoreChanged);
                }
                if !swept.unread.is_empty() {
                    let cause = swept.unread.join(" ");
                    answer(answers::failed(&Failure::new(FailureKind::Damaged, cause)));
                }
                for (now, told) in [swept.left, swept.unpublished]
                    .into_iter()
                    .zip(&mut self.told)
                {
                    if let Some(failure) = now.as_ref().filter(|_| now != *told) {
                        answer(answers::failed(failure));
                    }
                    *told = now;
                }
            }
            Err(why) => {
                if !std::mem::replace(&mut self.failing, true)
                    && let NotDone::Failed(failure) = why
                {
                    answer(answers::failed(&failure));
                }
            }
        }
    }
}

fn obey(centre: &mut Centre, clock: Clock, effect: Effect, answer: &dyn Fn(Msg)) {
    let now = clock.now();
    match effect {
        Effect::LoadPage {
            token,
            query,
            from,
            n,
        } => {
            let page = centre.page(&query, from, n).and_then(|page| {
                let place = centre.place(&query, &page)?;
                Ok(Msg::PageLoaded { token, page, place })
            });
            answer(page.unwrap_or_else(|why| answers::failed(&why)));
        }
        Effect::LoadDetail(no) => answer(match centre.detail(&no) {
            Ok(detail) => Msg::DetailLoaded(Box::new(detail)),
            Err(why) => answers::missing(no, &why),
        }),
        Effect::LoadCounts => answer(answers::or_failed(centre.counts(now), Msg::CountsLoaded)),
        Effect::LoadBoard => answer(answers::or_failed(centre.board(now), Msg::BoardLoaded)),
        Effect::LoadShift => {
            let sheet = centre.shift_sheet(None, ROWS_OF_SHIFT, now).map(Box::new);
            answer(answers::or_failed(sheet, Msg::ShiftLoaded));
        }
        Effect::HandOver {
            token,
            to,
            note,
            since,
        } => {
            let signed = centre.hand_over(&to, &note, since, now);
            answer(answers::handed_over(token, signed));
        }
        Effect::TakeOver { token, signed_at } => {
            let signed = centre.take_over(Some(signed_at), now);
            answer(answers::handed_over(token, signed));
        }
        Effect::LoadSimilar(no) => answer(match centre.similar(&no) {
            Ok(list) => answers::similar(no, list),
            Err(why) => answers::missing(no, &why),
        }),
        Effect::LoadPrecedents(no) => answer(match centre.precedents_for(&no) {
            Ok(list) => Msg::PrecedentsLoaded { no, list },
            Err(why) => answers::missing(no, &why),
        }),
        Effect::LoadHistory(asked) => {
            let found = centre
                .history(&asked.phone, &asked.community, &asked.category, now)
                .and_then(|history| Ok((history, centre.alike_to(&heard(&asked, now))?)));
            answer(answers::or_failed(found, |(history, alike)| {
                answers::history(asked, history, alike)
            }));
        }
        Effect::AskVerdicts { token, errands } => {
            let verdicts = errands
                .into_iter()
                .map(|errand| {
                    let (first, order) = orders_of(errand);
                    answers::verdict(match first {
                        None => centre.verdict(&order, now),
                        Some(first) => centre.verdict_after(&first, &order.act, now),
                    })
                })
                .collect();
            answer(Msg::Verdicts { token, verdicts });
        }
        Effect::Foresee(errand) => {
            let (first, order) = orders_of(errand);
            centre.foresee(first.as_ref().unwrap_or(&order), now);
        }
        Effect::Register {
            token,
            registration,
            texts,
        } => {
            let result = centre
                .register(&registration, &texts, now)
                .map_err(|why| answers::problem(&why));
            answer(Msg::Registered { token, result });
        }
        Effect::SaveDraft { key, text } => tell(centre.put_draft(&key, &text, now), answer),
        Effect::DropDraft(key) => tell(centre.drop_draft(&key), answer),
        Effect::LoadDrafts => answer(answers::or_failed(centre.drafts(), Msg::DraftsLoaded)),
        Effect::KeepLanguage(language) => {
            let code = Lang::from(language).code();
            tell(centre.keep_preference("lang", code), answer);
        }
        Effect::KeepTheme(theme) => tell(
            centre.keep_preference("theme", super::theme_code(theme)),
            answer,
        ),
        // The screen's own, the other threads', and what is done in batches: never given here.
        Effect::CountRows { .. }
        | Effect::LoadFigures(_)
        | Effect::Suggest(_)
        | Effect::FindSure { .. }
        | Effect::LeaveSure(_)
        | Effect::Perform { .. }
        | Effect::LoadHotSpots(..)
        | Effect::Viewed { .. }
        | Effect::CopyNo(_)
        | Effect::CopyCard
        | Effect::Bell
        | Effect::Title
        | Effect::Repaint
        | Effect::Suspend
        | Effect::Quit => {}
    }
}

/// What has been heard of a caller so far, to be compared with the tickets there are.
fn heard(asked: &HistoryAsked, now: Moment) -> Heard {
    let (title, content) = asked.words.clone().unwrap_or_default();
    Heard {
        phone: asked.phone.clone(),
        community: asked.community.clone(),
        address: asked.address.clone(),
        category: asked.category.clone(),
        title,
        content,
        at: now,
    }
}

/// What is kept in silence, unless it failed.
fn tell(done: Result<(), Failure>, answer: &dyn Fn(Msg)) {
    if let Err(failure) = done {
        answer(answers::failed(&failure));
    }
}

/// An errand's orders: what comes before, and the act itself.
fn orders_of(errand: Errand) -> (Option<Order>, Order) {
    let order = |act| Order {
        no: errand.no.clone(),
        version: Some(errand.version),
        act,
    };
    (errand.first.map(&order), order(errand.act))
}

/// Does what comes before, then the act; what was done before stays done. With it, why not all is gone that the act erased.
fn run(centre: &mut Centre, errand: Errand, now: Moment) -> (Outcome, Option<Failure>) {
    let (first, mut order) = orders_of(errand);
    let mut before = None;
    if let Some(first) = first {
        match centre.perform(&first, now) {
            Ok(done) => {
                order.version = Some(done.ticket.version);
                before = Some(first.act.kind());
            }
            Err(why) => return (answers::outcome(&order, None, Err(why), None), None),
        }
    }
    let mut done = centre.perform(&order, now);
    let left = done.as_mut().ok().and_then(|done| done.left.take());
    let revealed = match &done {
        Ok(done) => centre.revealed(done),
        Err(_) => Ok(None),
    };
    let outcome = match revealed {
        Ok(requester) => answers::outcome(&order, before, done, requester),
        // It stands in the ledger that it was asked for; that it cannot be read is told all the same.
        Err(failure) => answers::outcome(&order, before, Err(failure.into()), None),
    };
    (outcome, left)
}
