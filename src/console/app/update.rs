//! The one way the model changes: [`update`]. Routes messages to who owns them.

use super::form::Form;
use super::msg::{Effect, Msg, Notice};
use super::{Dialog, Model};
use crate::domain::instant::Instant;
use crate::domain::queue::{Counts, Detail, Row};
use crate::domain::ticket::State;
use std::collections::BTreeMap;

/// Seconds between two rings of the bell.
const BELL_REST: i64 = 60;

/// Takes a message; gives the orders that follow from it.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let hunt = model.hunt.map(|hunt| hunt.token);
    let mut effects = route(model, msg);
    // However the search for the sure was left, nobody looks on.
    if let Some(token) = hunt
        && model.hunt.is_none_or(|hunt| hunt.token != token)
    {
        effects.push(Effect::LeaveSure(token));
    }
    effects
}

fn route(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(chord) => model.key(chord),
        Msg::Paste(text) => model.paste(&text),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            let height = model.list_height();
            model.queue.follow(height);
            model.look()
        }
        Msg::Tick(now) => model.tick(now),
        Msg::Checked(at) => {
            model.checked_at = at;
            Vec::new()
        }
        Msg::Garbage => model.say(Notice::NotUtf8),
        Msg::PageLoaded { token, page, place } => {
            if model.queue.marking == Some(token) {
                model.mark_listed(page);
                return Vec::new();
            }
            let (height, now, again) = (model.list_height(), model.now, model.token());
            if let Some(effect) = model.queue.overrun(token, &page, height, now, again) {
                return vec![effect];
            }
            if !model.queue.loaded(token, page, place, height) {
                return Vec::new();
            }
            model.checked_at = model.now;
            let mut effects = model.look();
            effects.extend(model.queue.count(model.now, token));
            effects.extend(model.queue.top_up(height, now, again));
            effects
        }
        Msg::RowsCounted {
            token,
            anchor,
            place,
        } => {
            model.queue.counted(token, anchor, place);
            Vec::new()
        }
        Msg::DetailLoaded(detail) => model.detail_loaded(detail),
        Msg::DetailMissing(no) => {
            if model.queue.selected().is_some_and(|r| r.no == no) {
                model.detail = None;
            }
            Vec::new()
        }
        Msg::CountsLoaded(counts) => model.counted(counts),
        Msg::BoardLoaded(board) => {
            model.board_loaded(board);
            Vec::new()
        }
        Msg::HotSpotsLoaded { from, to, spots } => {
            model.hot_spots_loaded((from, to), spots);
            Vec::new()
        }
        Msg::FiguresLoaded { asked, figures } => {
            model.statistics.loaded(asked, figures);
            Vec::new()
        }
        Msg::FiguresFailed { asked, failure } => {
            model.statistics.failed(asked);
            model.say(Notice::Failed(failure))
        }
        Msg::ShiftLoaded(sheet) => {
            model.shift_loaded(*sheet);
            Vec::new()
        }
        Msg::HandedOver { token, result } => model.handed_over(token, result),
        Msg::Suggested(suggested) => {
            model.suggested(suggested);
            Vec::new()
        }
        Msg::SureFound {
            token,
            found,
            looked,
            done,
        } => {
            model.sure_found(token, found, looked, done);
            Vec::new()
        }
        Msg::SureFailed { token, failure } => {
            model.hunt.take_if(|hunt| hunt.token == token);
            model.say(Notice::Failed(failure))
        }
        Msg::SimilarLoaded { no, list } => {
            model.similar = Some((no, list));
            Vec::new()
        }
        Msg::PrecedentsLoaded { no, list } => {
            model.precedents = Some((no, list));
            Vec::new()
        }
        Msg::HistoryLoaded { asked, history } => {
            model.took_history(&asked, history);
            Vec::new()
        }
        Msg::Verdicts { token, verdicts } => {
            for dialog in &mut model.dialogs {
                if let Dialog::Summary(summary) = dialog {
                    summary.verdicts(token, verdicts.clone());
                }
            }
            Vec::new()
        }
        Msg::Performing { done, of } => model.say(Notice::UnderWay { done, of }),
        Msg::Performed { token, outcomes } => model.performed(token, &outcomes),
        Msg::Registered { token, result } => model.registered(token, result),
        Msg::Failed(failure) => model.say(Notice::Failed(failure)),
        Msg::StoreChanged => {
            model.statistics.stale = true;
            model.ask_anew();
            if model.dialogs.is_empty() {
                model.refresh()
            } else {
                model.stale = true;
                vec![Effect::LoadCounts]
            }
        }
        Msg::DraftsLoaded(drafts) => {
            let found = drafts.len();
            for (key, text) in drafts {
                model.drafts.entry(key).or_insert(text);
            }
            if found > 0 {
                return model.say(Notice::DraftsFound(found));
            }
            Vec::new()
        }
        Msg::Measured(lines) => {
            model.detail_lines = lines;
            model.scroll = model.scroll.min(model.last_scroll());
            Vec::new()
        }
        Msg::Hurried => model.hurried(),
        Msg::Rested => model.rested(),
        Msg::NotSuspended => model.say(Notice::NoShell),
        Msg::Copied(done) => model.say(if done {
            Notice::Copied
        } else {
            Notice::TooLongToCopy
        }),
    }
}

impl Model {
    fn tick(&mut self, now: Instant) -> Vec<Effect> {
        let minute = |at: Instant| at.0.div_euclid(60);
        let turned = minute(self.now) != minute(now);
        self.now = now;
        let revealed = self.revealed.len();
        self.revealed.retain(|r| now < r.until);
        let mut effects = self.keep_drafts();
        if self.revealed.len() < revealed && self.held.is_some() {
            // What is hidden again must not stand in a pane that waits.
            effects.extend(self.rested());
        }
        if turned {
            // Lights turn with time alone.
            effects.push(Effect::LoadCounts);
            effects.extend(self.ring());
            effects.extend(self.follow_figures());
        }
        effects
    }

    fn detail_loaded(&mut self, detail: Box<Detail>) -> Vec<Effect> {
        // An answer about a ticket that is no longer selected must not take the place of the one that is.
        let late = |row: &Row| row.no != detail.ticket.no;
        if self.queue.selected().is_some_and(late) {
            return Vec::new();
        }
        let elsewhere = match self.detail_of(&detail.ticket.no) {
            None => {
                self.scroll = 0;
                self.detail_since = self.now;
                false
            }
            Some(old) => {
                let by = detail.ledger.last().map(|e| e.by.as_str());
                old.ticket.version < detail.ticket.version
                    && by != Some(self.rules.operator.code.as_str())
            }
        };
        let no = detail.ticket.no.clone();
        self.detail = Some(detail);
        let mut effects = if self.held.is_some() {
            Vec::new()
        } else {
            self.ask_like(&no)
        };
        if elsewhere && self.full {
            effects.extend(self.say(Notice::ChangedElsewhere));
        }
        effects
    }

    /// Asks for the ticket under the selection, and for suggestions for the rows on the screen.
    pub(super) fn look(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(row) = self.queue.selected() {
            let current = self
                .detail_of(&row.no)
                .is_some_and(|d| d.ticket.version == row.version);
            if !current {
                effects.push(Effect::LoadDetail(row.no.clone()));
            }
        }
        if self.held.is_some() {
            return effects;
        }
        let wanting: Vec<String> = self
            .queue
            .visible(self.list_height())
            .iter()
            .map(|(_, row)| row)
            .filter(|r| matches!(r.state, State::Registered | State::Filed))
            .filter(|r| !self.asked.contains(&r.no))
            .map(|r| r.no.clone())
            .collect();
        self.asked.extend(wanting.iter().cloned());
        if !wanting.is_empty() {
            effects.push(Effect::Suggest(wanting));
        }
        effects
    }

    /// Asks for what is like a ticket, unless it is known.
    pub(super) fn ask_like(&mut self, no: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.similar.as_ref().is_none_or(|(of, _)| of != no) {
            effects.push(Effect::LoadSimilar(no.to_owned()));
        }
        if self.precedents.as_ref().is_none_or(|(of, _)| of != no) {
            effects.push(Effect::LoadPrecedents(no.to_owned()));
        }
        effects
    }

    /// Asks for the rows from the start; a search for the sure among the old ones ends.
    pub(super) fn load(&mut self) -> Vec<Effect> {
        self.leave_hunt();
        let (height, now, token) = (self.list_height(), self.now, self.token());
        vec![self.queue.load(height, now, token)]
    }

    /// Asks for everything on the screen again.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        self.stale = false;
        let (height, now, token) = (self.list_height(), self.now, self.token());
        // The figures come first: when the rows are there, so is all that is painted with them.
        let mut effects = vec![Effect::LoadCounts];
        if self.is_list() {
            effects.push(match self.select_next.take() {
                Some(no) => self.queue.reload_to(&no, height, now, token),
                None => self.queue.reload(height, now, token),
            });
        }
        if self.is_board() {
            effects.push(Effect::LoadBoard);
            effects.extend(self.load_hot_spots());
        }
        if self.is_statistics() {
            effects.extend(self.load_figures());
        }
        if self.is_shift() {
            effects.push(Effect::LoadShift);
        }
        if let Some(detail) = &self.detail {
            effects.push(Effect::LoadDetail(detail.ticket.no.clone()));
        }
        effects
    }

    fn counted(&mut self, counts: Counts) -> Vec<Effect> {
        let mut effects = Vec::new();
        // The latest to turn red is told too: another that leaves at the same time must not hide it.
        self.alarmed |= self.counts.as_ref().is_some_and(|c| {
            counts.red > c.red || counts.reddened_at > c.reddened_at || counts.urgent > c.urgent
        });
        effects.extend(self.ring());
        if self.counts.as_ref() != Some(&counts) {
            effects.push(Effect::Title);
            // Lights turn with time alone.
            if self.is_board() {
                effects.push(Effect::LoadBoard);
            }
        }
        self.counts = Some(counts);
        effects
    }

    /// Rings for what has turned red or become urgent, once it has rested; what came meanwhile rings then.
    fn ring(&mut self) -> Option<Effect> {
        let rested = self
            .rang_at
            .is_none_or(|at| self.now.since(at) >= BELL_REST);
        if !self.alarmed || !rested {
            return None;
        }
        self.alarmed = false;
        self.bell.then(|| {
            self.rang_at = Some(self.now);
            Effect::Bell
        })
    }

    /// Keeps what is being typed; called with every tick and before leaving.
    pub(super) fn keep_drafts(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for dialog in &mut self.dialogs {
            if let Dialog::Form(form) = dialog
                && form.dirty
                && (form.has_words() || form.is_bare())
            {
                effects.extend(keep_draft(&mut self.drafts, form));
                form.dirty = false;
            }
        }
        effects
    }
}

/// Keeps what a form says as its draft, here and in the store; one whose words were taken out again has none.
pub(super) fn keep_draft(drafts: &mut BTreeMap<String, String>, form: &Form) -> Option<Effect> {
    let key = form.draft_key();
    if form.has_words() {
        let text = form.to_draft();
        drafts.insert(key.clone(), text.clone());
        return Some(Effect::SaveDraft { key, text });
    }
    let is_cleared = form.dirty && form.is_bare();
    let draft = if is_cleared {
        drafts.remove(&key)
    } else {
        None
    };
    draft.map(|_| Effect::DropDraft(key))
}
