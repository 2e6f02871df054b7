//! The ticket's time in the detail: the deadline with its arithmetic, why it is red, dwell by holder, what moved the clock.

use super::detail::Page;
use super::words;
use crate::domain::clock::{Change, CountedDay, Counting, DayReason, Deadline};
use crate::domain::guards::return_window_end;
use crate::domain::light::Light;
use crate::domain::queue::Detail;
use crate::domain::ticket::{State, Ticket};
use crate::domain::{dwell, lateness};
use crate::i18n::console as say;
use crate::i18n::words as terms;
use std::fmt::Write;

impl Page<'_> {
    /// The deadline with its days; nothing where no clock runs, the year where its calendar is not known.
    fn counted(&self, ticket: &Ticket) -> Option<Result<Deadline, i32>> {
        let calendar = &self.model.rules.book.calendar;
        let counting = Counting::of(self.policy(ticket));
        let clock = ticket.redo_clock.as_ref().or(ticket.clock.as_ref())?;
        Some(clock.deadline(calendar, counting).map_err(|year| year.0))
    }

    /// `15 working days: created 11-01, not counted -> 11-22 24:00 (6 days off skipped)`
    pub(super) fn deadline(&mut self, ticket: &Ticket, detail: &Detail) {
        let (lang, model) = (self.lang, self.model);
        let text = match self.counted(ticket) {
            None => String::new(),
            Some(Err(year)) => say::YEAR_UNKNOWN.with(lang, &[("year", &year.to_string())]),
            Some(Ok(deadline)) => self.sum(&deadline),
        };
        self.fact(say::DEADLINE, &text);
        if let Some(due) = detail.marks.stage_due_at.filter(|_| ticket.state.is_open()) {
            let text = format!(
                "{} {} ({})",
                terms::state(&ticket.state, lang),
                words::deadline(model, due),
                words::until(model, due, false)
            );
            self.fact(say::STAGE, &text);
        }
    }

    /// A deadline's arithmetic in a line.
    fn sum(&self, deadline: &Deadline) -> String {
        let lang = self.lang;
        let start = deadline.days.first();
        let start = start.map(|d| d.date.format("%m-%d").to_string());
        let mut text = say::DEADLINE_SUM.with(
            lang,
            &[
                ("limit", &words::limit(deadline.limit, lang)),
                ("from", &start.unwrap_or_default()),
                ("to", &deadline.last_day.format("%m-%d").to_string()),
            ],
        );
        let count =
            |is: fn(&DayReason) -> bool| deadline.days.iter().filter(|d| is(&d.why)).count();
        let off = count(|w| matches!(w, DayReason::Weekend | DayReason::Holiday(_)));
        let made_up = count(|w| matches!(w, DayReason::MakeUp(_)));
        let stood = count(|w| matches!(w, DayReason::Suspended));
        let mut notes: Vec<String> = [
            (off, say::SKIPPED),
            (made_up, say::MADE_UP),
            (stood, say::STOOD),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, t)| t.with(lang, &[("n", &n.to_string())]))
        .collect();
        if deadline.provisional {
            notes.push(say::PROVISIONAL.of(lang).to_owned());
        }
        if !notes.is_empty() {
            _ = write!(text, " ({})", notes.join("; "));
        }
        text
    }

    /// Until when the department may ask to return it, or that a ruling forbids it; nothing once the window is over.
    pub(super) fn return_window(&mut self, ticket: &Ticket) {
        if !matches!(ticket.state, State::Dispatched | State::Handling) {
            return;
        }
        let (lang, model) = (self.lang, self.model);
        let policy = self.policy(ticket);
        let text = if ticket.no_return {
            say::NO_RETURN.of(lang).to_owned()
        } else {
            match return_window_end(ticket, policy, &model.rules.book.calendar) {
                Err(_) => return,
                Ok(end) if model.now >= end => return,
                Ok(end) => say::RETURN_UNTIL.with(
                    lang,
                    &[
                        ("end", &words::last_day(model, end)),
                        ("left", &words::until(model, end, true)),
                    ],
                ),
            }
        };
        self.fact(say::RETURN_WINDOW, &text);
    }

    /// Why it is red or late: who had it when the deadline came, and whose hands the time went through.
    pub(super) fn lateness(&mut self, detail: &Detail) {
        let (lang, model) = (self.lang, self.model);
        let ticket = &detail.ticket;
        let light = ticket.light(detail.marks, model.now);
        let (Some(due), Light::Red | Light::Yellow | Light::Late) = (detail.marks.due_at, light)
        else {
            return;
        };
        let why = lateness::of(&dwell::stays(&detail.ledger), due, model.now);
        let total = why.total().max(1);
        let parts: Vec<String> = why
            .spent
            .iter()
            .map(|(holder, seconds)| {
                format!(
                    "{} {} {}%",
                    words::holder(model, holder),
                    words::span(*seconds, lang),
                    (seconds * 100 + total / 2) / total
                )
            })
            .collect();
        if parts.is_empty() {
            return;
        }
        let mut text = parts.join("; ");
        if let Some(holder) = why.at_deadline.as_ref().filter(|_| parts.len() > 1) {
            let held = [("holder", &*words::holder(model, holder))];
            text = format!("{}{text}", say::HELD_AT_DEADLINE.with(lang, &held));
        }
        for (n, said) in [
            (ticket.returns, say::WHY_RETURNS),
            (ticket.reworks, say::WHY_REWORKS),
            (ticket.extensions, say::WHY_EXTENSIONS),
            (ticket.suspensions, say::WHY_SUSPENSIONS),
        ] {
            if n > 0 {
                _ = write!(text, "; {}", said.with(lang, &[("n", &n.to_string())]));
            }
        }
        let name = match light {
            Light::Yellow => say::WHY_YELLOW,
            Light::Red | Light::Late | Light::Green | Light::Paused | Light::Done => say::WHY_RED,
        };
        self.fact(name, &text);
    }

    /// What has moved the running clock since it started.
    pub(super) fn clock(&mut self, ticket: &Ticket) {
        let Some(clock) = ticket.running_clock().filter(|c| !c.marks.is_empty()) else {
            return;
        };
        let (lang, model) = (self.lang, self.model);
        let mut parts = vec![say::CLOCK_STARTED.with(
            lang,
            &[
                ("at", &words::moment(model, clock.started)),
                ("limit", &words::limit(clock.limit, lang)),
            ],
        )];
        for mark in &clock.marks {
            let said = match mark.change {
                Change::Extended { units } => {
                    say::CLOCK_EXTENDED.with(lang, &[("n", &units.to_string())])
                }
                Change::Suspended { until } => {
                    say::CLOCK_SUSPENDED.with(lang, &[("until", &words::last_day(model, until))])
                }
                Change::Resumed => say::CLOCK_RESUMED.of(lang).to_owned(),
                Change::LimitChanged { limit } => {
                    say::CLOCK_CHANGED.with(lang, &[("limit", &words::limit(limit, lang))])
                }
            };
            parts.push(format!("{} {said}", words::moment(model, mark.at)));
        }
        self.fact(say::CLOCK, &parts.join("; "));
    }

    /// Whose hands it went through, and for how long each.
    pub(super) fn dwell(&mut self, detail: &Detail) {
        let stays = dwell::stays(&detail.ledger);
        if stays.is_empty() {
            return;
        }
        let parts: Vec<String> = stays
            .iter()
            .map(|s| {
                let held = words::span(s.seconds(self.model.now), self.lang);
                format!("{} {held}", words::holder(self.model, &s.holder))
            })
            .collect();
        let mut text = parts.join(" > ");
        let hops = dwell::hops(&stays);
        if hops > 0 {
            _ = write!(
                text,
                "  ({})",
                say::HOPS.with(self.lang, &[("n", &hops.to_string())])
            );
        }
        self.fact(say::DWELL, &text);
    }

    /// The days one by one, those alike and in a row on one line.
    pub(super) fn days(&mut self, ticket: &Ticket) {
        let Some(Ok(deadline)) = self.counted(ticket) else {
            return;
        };
        let mut text = String::new();
        for run in deadline.days.chunk_by(|a, b| a.why == b.why) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            let span = if run.len() == 1 {
                first.date.format("%m-%d").to_string()
            } else {
                format!(
                    "{}..{}",
                    first.date.format("%m-%d"),
                    last.date.format("%m-%d")
                )
            };
            let why = self.reason(&first.why);
            let spent = counted_in(run);
            _ = writeln!(text, "{span} {why}{spent}");
        }
        self.fact(say::DAYS, &text);
    }

    fn reason(&self, why: &DayReason) -> String {
        let lang = self.lang;
        match why {
            DayReason::StartDay => say::DAY_START.of(lang).to_owned(),
            DayReason::Working => say::DAY_WORKING.of(lang).to_owned(),
            DayReason::MakeUp(name) => say::DAY_MAKEUP.with(lang, &[("name", name)]),
            DayReason::CalendarDay => say::DAY_CALENDAR.of(lang).to_owned(),
            DayReason::Weekend => say::DAY_WEEKEND.of(lang).to_owned(),
            DayReason::Holiday(name) => name.clone(),
            DayReason::Suspended => say::DAY_SUSPENDED.of(lang).to_owned(),
            DayReason::Rolled => say::DAY_ROLLED.of(lang).to_owned(),
        }
    }
}

/// ` = 5` when this run spent days, counted from the start.
fn counted_in(run: &[CountedDay]) -> String {
    match (
        run.first().and_then(|d| d.spent),
        run.last().and_then(|d| d.spent),
    ) {
        (Some(first), Some(last)) if first != last => format!(" = {first}..{last}"),
        (Some(only), _) => format!(" = {only}"),
        (None, _) => String::new(),
    }
}
