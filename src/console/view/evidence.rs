//! What waits for somebody in the detail: each application with what its decision turns on, and who is still to be called.

use super::detail::Page;
use super::paint::Line;
use super::{Scene, words};
use crate::console::app::form::{Form, Purpose};
use crate::domain::application::Application;
use crate::domain::callback::{self, Callee};
use crate::domain::event::Event;
use crate::domain::evidence::{self, Evidence};
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, Sight};
use crate::domain::queue::Detail;
use crate::domain::ticket::{State, Ticket};
use crate::i18n::console as say;
use crate::i18n::{Lang, ledger, words as terms};
use std::fmt::Write;

/// What stands above the fields of a decision: the application with its evidence, so that both are on one screen.
pub(super) fn beside(scene: Scene<'_>, form: &Form, width: usize) -> Vec<Line> {
    let (Purpose::Decide, [one]) = (form.purpose, form.targets.as_slice()) else {
        return Vec::new();
    };
    let Some(detail) = scene.model.detail_of(&one.no) else {
        return Vec::new();
    };
    let mut page = Page {
        model: scene.model,
        theme: scene.theme,
        lang: scene.lang,
        width,
        lines: Vec::new(),
    };
    page.asked(detail);
    page.lines
}

impl Page<'_> {
    /// The applications that wait, each with its evidence.
    pub(super) fn asked(&mut self, detail: &Detail) {
        let ticket = &detail.ticket;
        for asked in ticket.pending() {
            let head = self.application(ticket, asked, say::WAITS.of(self.lang));
            self.fact(say::APPLICATIONS, &head);
            let found = self.evidence(detail, asked);
            self.fact(say::EVIDENCE, &found);
        }
    }

    /// The applications that were decided.
    pub(super) fn decided(&mut self, ticket: &Ticket) {
        let lang = self.lang;
        for asked in &ticket.applications {
            let Some(decision) = &asked.decision else {
                continue;
            };
            let state = if decision.granted {
                say::GRANTED
            } else {
                say::DECLINED
            };
            let mut text = self.application(ticket, asked, state.of(lang));
            _ = write!(
                text,
                "; {} {}",
                words::person(self.model, &decision.by),
                words::lapse(&decision.reason, lang)
            );
            self.fact(say::APPLICATIONS, &text);
        }
    }

    /// `return [waits] 11-26 09:24 Lin: not our duty: … -> Bureau of Urban Management`
    fn application(&self, ticket: &Ticket, asked: &Application, state: &str) -> String {
        let lang = self.lang;
        let mut text = format!(
            "{} [{state}] {} {}",
            terms::application(asked.kind).of(lang),
            words::moment(self.model, asked.asked_at),
            words::person(self.model, &asked.asked_by),
        );
        if let Some(code) = &asked.ground {
            _ = write!(text, " {}:", self.ground(ticket, code));
        }
        _ = write!(text, " {}", asked.text);
        if let Some(to) = &asked.suggested {
            _ = write!(text, " -> {}", self.name(to));
        }
        text
    }

    /// A return's ground in words, of the edition the ticket lives under.
    fn ground(&self, ticket: &Ticket, code: &str) -> String {
        let found = self
            .policy(ticket)
            .returns
            .grounds
            .iter()
            .find(|g| g.code == code);
        match (found, self.lang) {
            (Some(ground), Lang::Zh) => ground.zh.clone(),
            (Some(ground), Lang::En) => ground.en.clone(),
            (None, _) => code.to_owned(),
        }
    }

    fn evidence(&self, detail: &Detail, asked: &Application) -> String {
        let (lang, model) = (self.lang, self.model);
        let ticket = &detail.ticket;
        let book = &model.rules.book;
        let policy = self.policy(ticket);
        let found = evidence::of(
            asked,
            ticket,
            detail.marks,
            policy,
            &book.calendar,
            model.now,
        );
        let last_day = |at: Option<Instant>| {
            at.map_or_else(
                || say::UNKNOWN_DAY.of(lang).to_owned(),
                |at| words::last_day(model, at),
            )
        };
        match found {
            Evidence::Return {
                received_at,
                window_end,
                in_time,
                granted,
                forces_coordination,
            } => {
                let mut text = say::EVIDENCE_RETURN.with(
                    lang,
                    &[
                        ("received", &words::moment(model, received_at)),
                        ("end", &last_day(window_end)),
                        ("n", &granted.to_string()),
                    ],
                );
                match in_time {
                    Some(true) => text.push_str(say::EVIDENCE_IN_TIME.of(lang)),
                    Some(false) => text.push_str(say::EVIDENCE_TOO_LATE.of(lang)),
                    None => {}
                }
                if forces_coordination {
                    text.push_str(say::EVIDENCE_FORCES.of(lang));
                }
                text
            }
            Evidence::Extension {
                due_at,
                then,
                granted,
            } => say::EVIDENCE_EXTENSION.with(
                lang,
                &[
                    ("units", &asked.units.unwrap_or_default().to_string()),
                    ("now", &last_day(due_at)),
                    ("then", &last_day(then)),
                    ("n", &granted.0.to_string()),
                    ("most", &granted.1.to_string()),
                ],
            ),
            Evidence::Suspension {
                until,
                due_at,
                then,
                granted,
            } => say::EVIDENCE_SUSPENSION.with(
                lang,
                &[
                    ("until", &last_day(until)),
                    ("now", &last_day(due_at)),
                    ("then", &last_day(then)),
                    ("n", &granted.0.to_string()),
                    ("most", &granted.1.to_string()),
                ],
            ),
            Evidence::Appeal {
                replied_at,
                due_at,
                seconded_by,
            } => {
                let replied = replied_at.map(|at| words::moment(model, at));
                let mut text = say::EVIDENCE_APPEAL.with(
                    lang,
                    &[
                        ("replied", &replied.unwrap_or_default()),
                        ("due", &last_day(due_at)),
                    ],
                );
                let second = match &seconded_by {
                    Some(by) => {
                        say::EVIDENCE_SECONDED.with(lang, &[("who", words::person(model, by))])
                    }
                    None => say::EVIDENCE_TWO.of(lang).to_owned(),
                };
                text.push_str(&second);
                text
            }
            Evidence::Words => String::new(),
        }
    }

    /// The last ruling, while it binds the ticket.
    pub(super) fn ruling(&mut self, detail: &Detail) {
        if !detail.ticket.no_return || !detail.ticket.state.is_open() {
            return;
        }
        let order = detail.ledger.iter().rev().find_map(|e| match &e.event {
            Event::Ruled(order) => Some(order),
            _ => None,
        });
        if let Some(order) = order {
            let text = ledger::ruling(order, self.lang, &|code| self.name(code));
            self.fact(say::RULING, &text);
        }
    }

    /// Everyone to be called back, with attempts and outcome: while the ticket waits for it.
    pub(super) fn callees(&mut self, detail: &Detail) {
        let ticket = &detail.ticket;
        if !matches!(ticket.state, State::Callback) {
            return;
        }
        let wanted = self.policy(ticket).callbacks.attempts.value;
        for callee in callback::callees(ticket, wanted as usize) {
            let requester = if callee.no == ticket.no {
                Some(&detail.texts.requester)
            } else {
                let merged = detail.merged.iter().find(|m| m.no == callee.no);
                merged.map(|m| &m.requester)
            };
            let who = requester.map_or_else(String::new, |r| self.whom(callee.no, r));
            let text = format!("{}  {who}  {}", callee.no, self.call(&callee, wanted));
            self.fact(say::CALLEES, &text);
        }
    }

    /// How far the calls to somebody have come.
    fn call(&self, callee: &Callee<'_>, wanted: u32) -> String {
        let lang = self.lang;
        let Some(call) = callee.last else {
            return say::CALL_NOT_YET.of(lang).to_owned();
        };
        let rating = call.rating.map(|r| terms::rating(r).of(lang));
        let said = format!(
            "{} {} {}",
            words::moment(self.model, call.at),
            terms::outcome(call.outcome).of(lang),
            rating.unwrap_or_default()
        );
        let (n, of) = (callee.attempts.to_string(), wanted.to_string());
        let values = [("n", &*n), ("of", &*of), ("said", said.trim_end())];
        let text = if callee.settled {
            say::CALL_SETTLED
        } else {
            say::CALL_AGAIN
        };
        text.with(lang, &values)
    }

    /// Name and phone as this screen may show them.
    fn whom(&self, no: &str, requester: &Requester) -> String {
        let shown = self.model.revealed.iter().any(|r| r.no == no);
        let seen = if self.model.mask && !shown {
            requester.seen(Sight::Masked)
        } else {
            requester.clone()
        };
        format!("{} {}", seen.name, seen.phone).trim().to_owned()
    }
}
