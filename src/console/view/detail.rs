//! One ticket: facts, deadline with its arithmetic, who should have it, what is asked, dwell, ledger.
//!
//! Start at [`lines`]: the whole ticket as lines of a width; [`draw`] shows those that fit.

use super::list::waits_for_dispatch;
use super::paint::{self, Line, piece};
use super::{Scene, Theme, words};
use crate::console::app::haste::Held;
use crate::console::app::msg::Similar;
use crate::console::app::{Model, Pane};
use crate::domain::act::ActKind;
use crate::domain::event::{Entry, Event};
use crate::domain::policy::Policy;
use crate::domain::privacy::{Sight, mask_address};
use crate::domain::queue::{Detail, Row};
use crate::domain::supplement::{Attachment, size};
use crate::domain::ticket::{State, Ticket, Urgency};
use crate::i18n::console as say;
use crate::i18n::ledger::event;
use crate::i18n::{Lang, Text, words as terms};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::fmt::Write;

/// Columns of the names on the left.
const NAMES: usize = 12;
/// Likenesses told before the request, in the pane and in the whole ticket: more would push it off the page.
const ALIKE: [usize; 2] = [2, 3];

/// The pane below the queue, or the whole screen; how many lines the ticket has, where it is shown.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) -> Option<usize> {
    let (model, theme, area) = (scene.model, scene.theme, scene.area);
    let (top, height) = model.regions().detail;
    let standing = model.standing();
    if height == 0 || standing == Some(Held::Dispatched) {
        return None;
    }
    rule(scene, buffer, area.y + top - 1);
    if standing.is_some() && !model.full {
        return None;
    }
    if let Some(width) = model.beside_picker() {
        let lines = lines(model, theme, usize::from(width));
        put(scene, buffer, width, &lines);
        return None;
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
    put(scene, buffer, area.width, &lines[scroll..]);
    Some(lines.len())
}

/// What parts the ticket from what is above it: who has it on the screen since when, whoever photographs it; and that what
/// stands below is not the selected ticket while that is so.
fn rule(scene: Scene<'_>, buffer: &mut Buffer, y: u16) {
    let (model, theme, area) = (scene.model, scene.theme, scene.area);
    let style = if model.pane == Pane::Detail && !model.full {
        theme.heading
    } else {
        theme.border
    };
    let rule = scene.glyphs.level.repeat(usize::from(area.width));
    paint::put(buffer, area.x, y, rule.len(), &rule, style);
    if model.detail.is_some() && model.queue.selected().is_some() {
        let width = model.beside_picker().unwrap_or(area.width);
        let free = Rect { width, ..area };
        let viewer = viewer(model, scene.lang, usize::from(width));
        paint::put_right(buffer, free, y, &viewer, style);
    }
    if model.standing().is_some() && !model.full {
        let text = say::DETAIL_WAITS.of(scene.lang);
        paint::put(buffer, area.x + 1, y, rule.len(), text, theme.strong);
    }
}

/// Who has the ticket on the screen, and since when: where there is little room the name gives way, not code and moment.
fn viewer(model: &Model, lang: Lang, width: usize) -> String {
    let operator = &model.rules.operator;
    let at = words::zone(model).civil(model.detail_since);
    let at = at.format("%m-%d %H:%M").to_string();
    let say = |name: &str| say::DETAIL_VIEWER.with(lang, &[("name", name), ("at", &at)]);
    let room = width.saturating_sub(paint::width(&say("")) + 5);
    let code = paint::cut(&operator.code, room);
    if operator.name == operator.code {
        return say(&code);
    }
    let room = room.saturating_sub(paint::width(&code) + 2);
    if room < 2 {
        return say(&code);
    }
    say(&format!("{}({code})", paint::cut(&operator.name, room)))
}

/// Lines from the top of the pane on, as many as fit.
fn put(scene: Scene<'_>, buffer: &mut Buffer, width: u16, lines: &[Line]) {
    let (top, height) = scene.model.regions().detail;
    for (line, y) in lines.iter().zip(top..top + height) {
        paint::put_line(
            buffer,
            scene.area.x + 1,
            scene.area.y + y,
            usize::from(width) - 2,
            line,
        );
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
        Some((model.queue.row(&detail.ticket.no)?, detail))
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
        Some(detail) if model.beside_picker().is_some() => page.matter(detail),
        Some(detail) => page.whole(detail),
        None => page.text(say::DETAIL_LOADING.of(lang), theme.dim),
    }
    page.lines
}

/// Lines being made.
pub(super) struct Page<'a> {
    pub(super) model: &'a Model,
    pub(super) theme: &'a Theme,
    pub(super) lang: Lang,
    pub(super) width: usize,
    pub(super) lines: Vec<Line>,
}

impl<'a> Page<'a> {
    fn text(&mut self, text: &str, style: Style) {
        for line in paint::wrap(text, self.width) {
            self.lines.push(vec![piece(line, style)]);
        }
    }

    /// A name and what belongs to it, wrapped beside the name; nothing where nothing belongs to it.
    pub(super) fn fact(&mut self, name: Text, value: &str) {
        self.beside(name.of(self.lang), value);
    }

    fn beside(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let mut head = paint::fit(paint::cut(name, NAMES - 1).as_ref(), NAMES);
        let room = self.width.saturating_sub(NAMES);
        for line in paint::wrap(value, room) {
            let rest = " ".repeat(NAMES);
            let head = piece(std::mem::replace(&mut head, rest), self.theme.dim);
            self.lines.push(vec![head, piece(line, self.theme.text)]);
        }
    }

    /// The edition that a ticket lives under.
    pub(super) fn policy(&self, ticket: &Ticket) -> &'a Policy {
        let editions = &self.model.rules.book.editions;
        editions.of(&ticket.edition, ticket.created_at)
    }

    /// A department's name.
    pub(super) fn name(&self, code: &str) -> String {
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
                terms::act(ActKind::SetConfidential)
                    .of(self.lang)
                    .to_owned(),
            );
        }
        let badge = format!(" {} ", words::badge(self.model, row).trim_end());
        self.lines.push(vec![
            piece(format!("{} ", row.no), self.theme.heading),
            piece(badge, self.theme.light(light)),
            piece(format!(" {}  ", facts.join(" | ")), self.theme.strong),
            piece(row.title.clone(), self.theme.strong),
        ]);
    }

    fn whole(&mut self, detail: &Detail) {
        let ticket = &detail.ticket;
        self.alarm(ticket);
        self.deadline(ticket, detail);
        self.return_window(ticket);
        self.lateness(detail);
        self.asked(detail);
        self.callees(detail);
        self.ruling(detail);
        self.suggestions(&ticket.no, &ticket.state);
        self.similar(&ticket.no);
        self.request(detail);
        self.letters(detail);
        self.facts(ticket);
        self.decided(ticket);
        self.precedents(&ticket.no);
        self.dwell(detail);
        self.clock(ticket);
        self.days(ticket);
        self.ledger(detail);
        self.similar_too(&ticket.no);
    }

    /// What tells whose matter it is: the picker beside it has the suggestions.
    fn matter(&mut self, detail: &Detail) {
        let ticket = &detail.ticket;
        self.alarm(ticket);
        self.request(detail);
        self.letters(detail);
        self.facts(ticket);
        self.asked(detail);
        self.ruling(detail);
        self.similar(&ticket.no);
        self.deadline(ticket, detail);
        self.lateness(detail);
    }

    fn suggestions(&mut self, no: &str, state: &State) {
        let (model, lang) = (self.model, self.lang);
        let Some(suggested) = model.suggestions.get(no) else {
            return;
        };
        if !waits_for_dispatch(state) {
            return;
        }
        if let Some(n) = suggested.little {
            let text = say::LITTLE_HISTORY.with(lang, &[("n", &n.to_string())]);
            self.fact(say::SUGGESTIONS, &text);
        }
        for (at, found) in suggested.list.iter().enumerate().take(3) {
            let mut text = format!(
                "{} {} {}",
                at + 1,
                self.name(&found.code),
                words::percent(found.permille)
            );
            if let Some(support) = found.support {
                _ = write!(text, "  {}", words::support(support, lang));
            }
            let past = words::evidence_list(found, 2, lang);
            _ = write!(text, " ({past})");
            self.fact(say::SUGGESTIONS, &text);
        }
        if let Some(doubt) = suggested.doubt {
            self.fact(say::SUGGESTIONS, words::doubt(doubt, lang));
        }
    }

    /// What is asked, by whom, and where.
    fn request(&mut self, detail: &Detail) {
        self.fact(say::SEC_REQUEST, &detail.texts.content);
        for media in detail.texts.media() {
            self.fact(say::MEDIA, media);
        }
        let who = self.requester(detail);
        self.fact(say::REQUESTER, &who);
        let ticket = &detail.ticket;
        let address = if self.model.mask {
            mask_address(&detail.texts.address)
        } else {
            detail.texts.address.clone()
        };
        let place = [
            ticket.street.as_deref().unwrap_or_default(),
            ticket.community.as_deref().unwrap_or_default(),
            &address,
        ];
        self.fact(say::PLACE_OF, &place.join(" "));
        if let Some((lat, long)) = detail.texts.point() {
            // As close to a home as a house number.
            let point = if self.model.mask {
                "***".to_owned()
            } else {
                format!("{lat}, {long}")
            };
            self.fact(say::POINT, &point);
        }
    }

    /// Who asked, as this screen may show it; what is revealed for a moment, and until when.
    fn requester(&self, detail: &Detail) -> String {
        let mut revealed = self.model.revealed.iter();
        let shown = revealed.find(|r| r.no == detail.ticket.no);
        let seen = &detail.texts.requester;
        let requester = match shown {
            Some(shown) => shown.requester.clone(),
            None if self.model.mask => seen.seen(Sight::Masked),
            None => seen.clone(),
        };
        let mut who = if !requester.is_empty() {
            let parts = [
                requester.name,
                requester.phone,
                requester.email,
                requester.address,
            ];
            let told: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
            told.join("  ")
        } else if detail.masked {
            say::HIDDEN.of(self.lang).to_owned()
        } else {
            String::new()
        };
        if let Some(shown) = shown {
            let until = words::zone(self.model).civil(shown.until);
            let at = until.format("%H:%M:%S").to_string();
            let hides = say::HIDES_AGAIN.with(self.lang, &[("at", &at)]);
            _ = write!(who, "  ({hides})");
        }
        who
    }

    /// The matter had been closed shortly before.
    fn alarm(&mut self, ticket: &Ticket) {
        if let Some(of) = &ticket.false_closure_of {
            let text = say::FALSE_CLOSURE_OF.with(self.lang, &[("no", of)]);
            self.text(&text, self.theme.strong);
        }
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
        self.fact(say::ANSWERS, detail.texts.answers().unwrap_or_default());
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
                text.push('\n');
                text += &words::named(lang, say::ATTACHED.of(lang), &file(&attachment));
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
            terms::channel(&ticket.channel, lang),
            ticket.external_no.as_deref().unwrap_or_default(),
        ];
        self.fact(say::SOURCE, &from.join("  "));
        self.fact(say::CREATED, &words::moment(self.model, ticket.created_at));
        for (name, codes) in [
            (say::LEAD, ticket.lead.as_slice()),
            (say::ASSISTING, ticket.assisting.as_slice()),
            (say::FALLBACK, ticket.fallback.as_slice()),
        ] {
            let names: Vec<String> = codes.iter().map(|code| self.name(code)).collect();
            self.fact(name, &names.join(", "));
        }
    }

    /// What is most like it, before the request; in the whole ticket also how many more stand at the end.
    fn similar(&mut self, no: &str) {
        let (first, rest) = self.alike(no);
        self.likenesses(first);
        if self.model.full && !rest.is_empty() {
            let n = rest.len().to_string();
            let text = say::SIMILAR_BELOW.with(self.lang, &[("n", &n)]);
            self.fact(say::SIMILAR, &text);
        }
    }

    /// What is like it besides, in the whole ticket.
    fn similar_too(&mut self, no: &str) {
        if self.model.full {
            let (_, rest) = self.alike(no);
            self.likenesses(rest);
        }
    }

    /// What is told before the request, and what is not.
    fn alike(&self, no: &str) -> (&'a [Similar], &'a [Similar]) {
        match &self.model.similar {
            Some((of, list)) if of == no => {
                let most = ALIKE[usize::from(self.model.full)];
                list.split_at(most.min(list.len()))
            }
            _ => (&[], &[]),
        }
    }

    fn likenesses(&mut self, list: &[Similar]) {
        for found in list {
            let text = format!(
                "{} {}%  {} {}  {}  ({})",
                found.no,
                found.percent,
                words::moment(self.model, found.created_at),
                terms::state(&found.state, self.lang),
                found.title,
                words::alike(&found.why, self.lang)
            );
            self.fact(say::SIMILAR, &text);
        }
    }

    fn precedents(&mut self, no: &str) {
        let list = match &self.model.precedents {
            Some((of, list)) if of == no => list,
            _ => return,
        };
        for found in list {
            let text = words::precedent(self.model, found);
            self.fact(say::PRECEDENTS, &text);
        }
    }

    fn ledger(&mut self, detail: &Detail) {
        let zone = words::zone(self.model);
        let mut name = say::LEDGER.of(self.lang);
        // A reminder that goes out day after day is one line.
        for run in detail.ledger.chunk_by(is_same_reminder).rev() {
            let [entry, rest @ ..] = run else {
                continue;
            };
            let said = event(&entry.event, self.lang, zone, &|code| self.name(code));
            let mut text = format!(
                "{}  {}  {said}",
                words::moment(self.model, entry.at),
                words::person(self.model, &entry.by)
            );
            if let Some(last) = rest.last() {
                let (n, at) = (run.len().to_string(), words::moment(self.model, last.at));
                text += &say::REMINDED_AGAIN.with(self.lang, &[("n", &n), ("at", &at)]);
            }
            self.beside(std::mem::take(&mut name), &text);
        }
    }
}

/// Whether an entry repeats the reminder before it.
fn is_same_reminder(before: &Entry, entry: &Entry) -> bool {
    let is_same = matches!(
        (&before.event, &entry.event),
        (Event::Reminded { light, .. }, Event::Reminded { light: again, .. }) if light == again
    );
    is_same && before.by == entry.by
}
