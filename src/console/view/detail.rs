//! One ticket: facts, deadline with its arithmetic, who should have it, what is asked, dwell, ledger.
//!
//! Start at [`lines`]: the whole ticket as lines of a width; [`draw`] shows those that fit.

use super::paint::{self, Line, piece};
use super::{Scene, Theme, words};
use crate::console::app::{Model, Pane};
use crate::domain::clock::{CountedDay, Counting, DayReason, Deadline};
use crate::domain::dwell;
use crate::domain::privacy::Sight;
use crate::domain::queue::{Detail, Row};
use crate::domain::supplement::{Attachment, size};
use crate::domain::ticket::{State, Ticket, Urgency};
use crate::i18n::console as say;
use crate::i18n::ledger::event;
use crate::i18n::{Lang, Text, words as terms};
use ratatui::buffer::Buffer;
use std::fmt::Write;

/// Columns of the names on the left.
const NAMES: usize = 12;

/// The pane below the queue, or the whole screen.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) {
    let Scene {
        model,
        theme,
        glyphs,
        area,
    } = scene;
    let (top, height) = model.regions().detail;
    if height == 0 {
        return;
    }
    if !model.full {
        let style = if model.pane == Pane::Detail {
            theme.heading
        } else {
            theme.border
        };
        let rule = glyphs.level.repeat(usize::from(area.width));
        paint::put(buffer, area.x, area.y + top - 1, rule.len(), &rule, style);
    }
    let lines = lines(model, theme, usize::from(area.width));
    // The pane shows the beginning until it has the keys.
    let scroll = if model.full || model.pane == Pane::Detail {
        model
            .scroll
            .min(lines.len().saturating_sub(usize::from(height)))
    } else {
        0
    };
    for (at, line) in lines
        .iter()
        .skip(scroll)
        .take(usize::from(height))
        .enumerate()
    {
        let y = area.y + top + at as u16;
        paint::put_line(buffer, area.x + 1, y, usize::from(area.width) - 2, line);
    }
}

/// The selected ticket as lines of at most `width` columns.
pub(super) fn lines(model: &Model, theme: &Theme, width: usize) -> Vec<Line> {
    let lang = words::lang(model);
    let Some(row) = model.queue.selected() else {
        return Vec::new();
    };
    // In the pane the ticket before stays, under its own number, until the selected one has come.
    let before = || {
        let detail = model.detail.as_deref().filter(|_| !model.full)?;
        let mut rows = model.queue.rows.iter().map(|(_, row)| row);
        Some((rows.find(|r| r.no == detail.ticket.no)?, detail))
    };
    let (row, detail) = match model.selected_detail() {
        Some(detail) => (row, Some(detail)),
        None => before().map_or((row, None), |(row, detail)| (row, Some(detail))),
    };
    let mut page = Page {
        model,
        theme,
        lang,
        width: width.saturating_sub(2),
        lines: Vec::new(),
    };
    page.heading(row);
    match detail {
        Some(detail) => page.whole(detail),
        None => page.text(say::DETAIL_LOADING.of(lang), theme.dim),
    }
    page.lines
}

/// Lines being made.
struct Page<'a> {
    model: &'a Model,
    theme: &'a Theme,
    lang: Lang,
    width: usize,
    lines: Vec<Line>,
}

impl Page<'_> {
    fn text(&mut self, text: &str, style: ratatui::style::Style) {
        for line in paint::wrap(text, self.width) {
            self.lines.push(vec![piece(line, style)]);
        }
    }

    /// A name and what belongs to it, wrapped beside the name.
    fn fact(&mut self, name: Text, value: &str) {
        if value.trim().is_empty() {
            return;
        }
        let name = paint::cut(name.of(self.lang), NAMES - 1);
        let pad = " ".repeat(NAMES - paint::width(&name));
        let room = self.width.saturating_sub(NAMES);
        for (at, line) in paint::wrap(value.trim(), room).into_iter().enumerate() {
            let head = if at == 0 {
                piece(format!("{name}{pad}"), self.theme.dim)
            } else {
                piece(" ".repeat(NAMES), self.theme.dim)
            };
            self.lines.push(vec![head, piece(line, self.theme.text)]);
        }
    }

    fn name(&self, code: &str) -> String {
        words::department(self.model, code)
    }

    fn heading(&mut self, row: &Row) {
        let light = row.light(self.model.now);
        let mut facts = vec![terms::state(&row.state, self.lang)];
        facts.push(words::left(self.model, row));
        if row.urgency != Urgency::Normal {
            facts.push(terms::urgency(row.urgency).of(self.lang).to_owned());
        }
        if row.confidential {
            facts.push(
                terms::act(crate::domain::act::ActKind::SetConfidential)
                    .of(self.lang)
                    .to_owned(),
            );
        }
        let badge = format!(" {} ", words::badge(light, self.lang).trim_end());
        self.lines.push(vec![
            piece(format!("{} ", row.no), self.theme.heading),
            piece(badge, self.theme.light(light)),
            piece(format!(" {}  ", facts.join(" | ")), self.theme.strong),
            piece(row.title.clone(), self.theme.strong),
        ]);
    }

    fn whole(&mut self, detail: &Detail) {
        let ticket = &detail.ticket;
        self.deadline(ticket, detail);
        self.suggestions(&ticket.no, &ticket.state);
        self.request(detail);
        self.letters(detail);
        self.facts(ticket);
        self.applications(ticket);
        self.similar(&ticket.no);
        self.dwell(detail);
        self.days(ticket);
        self.ledger(detail);
    }

    fn counted(&self, ticket: &Ticket) -> Option<Result<Deadline, i32>> {
        let book = &self.model.rules.book;
        let policy = book.editions.of(&ticket.edition, ticket.created_at);
        let clock = ticket.redo_clock.as_ref().or(ticket.clock.as_ref())?;
        Some(
            clock
                .deadline(&book.calendar, Counting::of(policy))
                .map_err(|year| year.0),
        )
    }

    /// `15 working days: created 11-01, not counted -> 11-22 24:00 (6 days off skipped)`
    fn deadline(&mut self, ticket: &Ticket, detail: &Detail) {
        let (lang, model) = (self.lang, self.model);
        match self.counted(ticket) {
            None => {}
            Some(Err(year)) => {
                let text = say::YEAR_UNKNOWN.with(lang, &[("year", &year.to_string())]);
                self.fact(say::DEADLINE, &text);
            }
            Some(Ok(deadline)) => {
                let start = deadline
                    .days
                    .first()
                    .map(|d| d.date.format("%m-%d").to_string());
                let mut text = say::DEADLINE_SUM.with(
                    lang,
                    &[
                        ("limit", &words::limit(deadline.limit, lang)),
                        ("from", &start.unwrap_or_default()),
                        ("to", &deadline.last_day.format("%m-%d").to_string()),
                    ],
                );
                let count = |is: &dyn Fn(&DayReason) -> bool| {
                    deadline.days.iter().filter(|d| is(&d.why)).count()
                };
                let off = count(&|w| matches!(w, DayReason::Weekend | DayReason::Holiday(_)));
                let made_up = count(&|w| matches!(w, DayReason::MakeUp(_)));
                let stood = count(&|w| matches!(w, DayReason::Suspended));
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
                self.fact(say::DEADLINE, &text);
            }
        }
        if let Some(due) = detail.marks.stage_due_at.filter(|_| ticket.state.is_open()) {
            let text = format!(
                "{} {} ({})",
                terms::state(&ticket.state, lang),
                words::moment(model, due),
                words::until(model, due, false)
            );
            self.fact(say::STAGE, &text);
        }
    }

    fn suggestions(&mut self, no: &str, state: &State) {
        let waits = matches!(
            state,
            State::Registered | State::Filed | State::Coordinating
        );
        let Some(suggested) = self.model.suggestions.get(no).filter(|_| waits) else {
            return;
        };
        let (lang, list) = (self.lang, suggested.list.clone());
        for (at, found) in list.iter().enumerate().take(3) {
            let mut text = format!(
                "{} {} {}",
                at + 1,
                self.name(&found.code),
                words::percent(found.permille)
            );
            if let Some((n, of, days)) = found.support {
                let (n, of, days) = (n.to_string(), of.to_string(), days.to_string());
                let values = [
                    ("n", n.as_str()),
                    ("of", of.as_str()),
                    ("days", days.as_str()),
                ];
                _ = write!(text, "  {}", say::SUPPORT.with(lang, &values));
            }
            let past: Vec<String> = found
                .evidence
                .iter()
                .take(2)
                .map(|e| format!("{} {}", e.no, words::evidence(e.why, lang)))
                .collect();
            if !past.is_empty() {
                _ = write!(text, " ({})", past.join("; "));
            }
            self.fact(say::SUGGESTIONS, &text);
        }
    }

    fn request(&mut self, detail: &Detail) {
        let shown = self
            .model
            .revealed
            .iter()
            .find(|r| r.no == detail.ticket.no);
        let requester = if let Some(shown) = shown {
            shown.requester.clone()
        } else if self.model.mask {
            detail.texts.requester.seen(Sight::Masked)
        } else {
            detail.texts.requester.clone()
        };
        self.fact(say::SEC_REQUEST, &detail.texts.content);
        let mut who = if requester.is_empty() {
            if detail.masked {
                say::HIDDEN.of(self.lang).to_owned()
            } else {
                String::new()
            }
        } else {
            [
                requester.name,
                requester.phone,
                requester.email,
                requester.address,
            ]
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join("  ")
        };
        if let Some(shown) = shown {
            let until = words::zone(self.model).civil(shown.until);
            let at = until.format("%H:%M:%S").to_string();
            _ = write!(
                who,
                "  ({})",
                say::HIDES_AGAIN.with(self.lang, &[("at", &at)])
            );
        }
        self.fact(say::REQUESTER, &who);
        let ticket = &detail.ticket;
        let place = [
            ticket.street.clone().unwrap_or_default(),
            ticket.community.clone().unwrap_or_default(),
            if self.model.mask {
                crate::domain::privacy::mask_address(&detail.texts.address)
            } else {
                detail.texts.address.clone()
            },
        ];
        self.fact(say::PLACE_OF, &place.join(" "));
    }

    /// The files that came with the request, and the letters that joined it.
    fn letters(&mut self, detail: &Detail) {
        let lang = self.lang;
        let file = |attachment: &Attachment| {
            let kept = if attachment.file.kept {
                ""
            } else {
                say::NOT_KEPT.of(lang)
            };
            format!(
                "{} ({}) {kept}",
                attachment.name,
                size(attachment.file.size)
            )
        };
        for attachment in &detail.attachments {
            self.fact(say::ATTACHED, &file(attachment));
        }
        for letter in &detail.supplements {
            let mut text = format!(
                "{}  {}  {}",
                words::moment(self.model, letter.at),
                terms::letter(letter.facts.sort).of(lang),
                letter.text.title
            );
            if !letter.text.content.is_empty() {
                _ = write!(text, "\n{}", letter.text.content);
            }
            for attachment in letter.attachments() {
                _ = write!(text, "\n{}: {}", say::ATTACHED.of(lang), file(&attachment));
            }
            self.fact(say::LETTER, &text);
        }
    }

    fn facts(&mut self, ticket: &Ticket) {
        let lang = self.lang;
        let nature = ticket
            .nature
            .map(|n| terms::nature(n).of(lang))
            .unwrap_or_default();
        let class = ticket
            .limit_class
            .map(|c| terms::limit_class(c).of(lang))
            .unwrap_or_default();
        let kind = [nature, class, &ticket.category.join("/")].join("  ");
        self.fact(say::CATEGORY, &kind);
        let from = [
            ticket.source.as_str(),
            ticket.channel.as_str(),
            ticket.external_no.as_deref().unwrap_or_default(),
        ];
        self.fact(say::SOURCE, &from.join("  "));
        self.fact(say::CREATED, &words::moment(self.model, ticket.created_at));
        let names = |page: &Self, codes: &[String]| -> String {
            codes
                .iter()
                .map(|c| page.name(c))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let one = |code: &Option<String>| code.iter().cloned().collect::<Vec<_>>();
        for (name, codes) in [
            (say::LEAD, one(&ticket.lead)),
            (say::ASSISTING, ticket.assisting.clone()),
            (say::FALLBACK, one(&ticket.fallback)),
        ] {
            let value = names(self, &codes);
            self.fact(name, &value);
        }
    }

    fn applications(&mut self, ticket: &Ticket) {
        let lang = self.lang;
        for asked in &ticket.applications {
            let state = match &asked.decision {
                None => say::WAITS,
                Some(d) if d.granted => say::GRANTED,
                Some(_) => say::DECLINED,
            };
            let mut text = format!(
                "{} [{}] {} {}",
                terms::application(asked.kind).of(lang),
                state.of(lang),
                words::moment(self.model, asked.asked_at),
                self.model.rules.person(&asked.asked_by),
            );
            for extra in [asked.ground.as_deref(), Some(asked.text.as_str())]
                .into_iter()
                .flatten()
            {
                _ = write!(text, " {extra}");
            }
            if let Some(to) = &asked.suggested {
                _ = write!(text, " -> {}", self.name(to));
            }
            self.fact(say::APPLICATIONS, &text);
        }
    }

    fn similar(&mut self, no: &str) {
        let list = match &self.model.similar {
            Some((of, list)) if of == no => list.clone(),
            _ => return,
        };
        for found in list {
            let text = format!(
                "{} {}%  {} {}  {}",
                found.no,
                found.percent,
                words::moment(self.model, found.created_at),
                terms::state(&found.state, self.lang),
                found.title
            );
            self.fact(say::SIMILAR, &text);
        }
    }

    fn dwell(&mut self, detail: &Detail) {
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
    fn days(&mut self, ticket: &Ticket) {
        let Some(Ok(deadline)) = self.counted(ticket) else {
            return;
        };
        let mut text = String::new();
        for run in deadline.days.chunk_by(|a, b| same_kind(&a.why, &b.why)) {
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

    fn ledger(&mut self, detail: &Detail) {
        let zone = words::zone(self.model);
        let mut first = true;
        for entry in detail.ledger.iter().rev() {
            let said = event(&entry.event, self.lang, zone, &|code| self.name(code));
            let text = format!(
                "{}  {}  {said}",
                words::moment(self.model, entry.at),
                self.model.rules.person(&entry.by)
            );
            let before = self.lines.len();
            self.fact(say::LEDGER, &text);
            if !first && let Some(head) = self.lines.get_mut(before).and_then(|l| l.first_mut()) {
                head.text = " ".repeat(NAMES);
            }
            first = false;
        }
    }
}

fn same_kind(a: &DayReason, b: &DayReason) -> bool {
    a == b
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
