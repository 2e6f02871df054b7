//! The one way the model changes: [`update`]. Routes messages to who owns them.

use super::action::{Action, Motion, Scope};
use super::finder::{Finder, Kind};
use super::form::{Pressed, Purpose};
use super::msg::{Effect, Msg, Notice};
use super::picker::Line;
use super::queue::{Origin, Queue};
use super::regions::Regions;
use super::{Dialog, Model, Pane, Screen};
use crate::console::key::{Chord, Code};
use crate::domain::filter::{Clause, Filter, Reading};
use crate::domain::instant::Instant;
use crate::domain::queue::{Counts, Row, View};
use crate::domain::ticket::State;

/// Seconds between two rings of the bell.
const BELL_REST: i64 = 60;

/// Takes a message; gives the orders that follow from it.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let hunt = model.hunt.map(|hunt| hunt.token);
    let mut effects = take(model, msg);
    // However the search for the sure was left, nobody looks on.
    if let Some(token) = hunt
        && model.hunt.is_none_or(|hunt| hunt.token != token)
    {
        effects.push(Effect::LeaveSure(token));
    }
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(chord) => model.key(chord),
        Msg::Paste(text) => model.paste(&text),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            let height = model.list_height();
            model.queue.follow(height);
            model.look()
        }
        Msg::Tick(now) => {
            let minute = |at: Instant| at.0.div_euclid(60);
            let turned = minute(model.now) != minute(now);
            model.now = now;
            model.revealed.retain(|r| now < r.until);
            let mut effects = model.keep_drafts();
            if turned {
                // Lights turn with time alone.
                effects.push(Effect::LoadCounts);
                effects.extend(model.ring());
                effects.extend(model.follow_figures());
            }
            effects
        }
        Msg::Checked(at) => {
            model.checked_at = at;
            Vec::new()
        }
        Msg::Garbage => model.say(Notice::NotUtf8),
        Msg::PageLoaded {
            token,
            page,
            matched,
            first,
        } => {
            let height = model.list_height();
            if !model.queue.loaded(token, page, matched, first, height) {
                return Vec::new();
            }
            model.checked_at = model.now;
            model.look()
        }
        Msg::DetailLoaded(detail) => {
            // An answer about a ticket that is no longer selected must not take the place of the one that is.
            let late = |row: &Row| row.no != detail.ticket.no;
            if model.queue.selected().is_some_and(late) {
                return Vec::new();
            }
            let elsewhere = match model.detail_of(&detail.ticket.no) {
                None => {
                    model.scroll = 0;
                    false
                }
                Some(old) => {
                    let by = detail.ledger.last().map(|e| e.by.as_str());
                    old.ticket.version < detail.ticket.version
                        && by != Some(model.rules.operator.code.as_str())
                }
            };
            let no = detail.ticket.no.clone();
            model.detail = Some(detail);
            let mut effects = if model.held.is_some() {
                Vec::new()
            } else {
                model.ask_like(&no)
            };
            if elsewhere && model.full {
                effects.extend(model.say(Notice::ChangedElsewhere));
            }
            effects
        }
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
            model.keep_suggestion(suggested);
            model.tell_picker();
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
    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        let scope = self.scope();
        let folded = chord.folded();
        let looked_up = if scope.takes_text() && !self.counts_digits() {
            chord
        } else {
            folded
        };
        // A form's own keys come first: what a field can use is no command.
        if scope == Scope::Form && self.commands.find(scope, chord).is_none() {
            return self.form_key(chord);
        }
        let found = self.commands.find(scope, looked_up).map(|e| e.action);
        let action = match found {
            // In the picker digits are suggestions only while nothing is typed.
            Some(Action::Take(_)) if !self.counts_digits() => None,
            found => found,
        };
        if Regions::is_too_small(self.size.0, self.size.1) {
            // What cannot be seen is not acted on; leaving and repainting are always possible.
            return match action {
                Some(action @ (Action::Quit | Action::Suspend | Action::Repaint)) => {
                    self.run(action)
                }
                _ => Vec::new(),
            };
        }
        if let Some(action) = action {
            self.notice = None;
            self.settle_range(action);
            return self.run(action);
        }
        if scope.takes_text() {
            return self.type_key(chord);
        }
        if chord.is_han() {
            return self.say(Notice::ImeOn);
        }
        self.say(Notice::NoSuchKey(chord))
    }

    fn counts_digits(&self) -> bool {
        matches!(self.dialogs.last(), Some(Dialog::Picker(p)) if p.query.is_empty())
    }

    /// A range under way is marked before an act: what is shown as marked is what the act goes to.
    fn settle_range(&mut self, action: Action) {
        let acts = matches!(
            action,
            Action::Act(_)
                | Action::Claim
                | Action::Decide
                | Action::MergeMarked
                | Action::Acts
                | Action::Palette
        );
        if acts {
            if self.queue.range.is_some() {
                self.queue.toggle_range();
            }
            // What is marked by now is what the act goes to.
            self.leave_hunt();
        }
    }

    /// Runs a command wherever it is live.
    pub(super) fn run(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Move(motion) => self.motion(motion),
            Action::Open => self.open(),
            Action::Back => self.back(),
            Action::Quit => self.quit(),
            Action::NextPane => self.next_pane(false),
            Action::PreviousPane => self.next_pane(true),
            Action::View(view) => self.show(view),
            Action::Mark => {
                self.queue.toggle_mark();
                let effects = self.motion_in_list(Motion::Down);
                self.tell_marks();
                effects
            }
            Action::Range => {
                self.queue.toggle_range();
                self.tell_marks();
                Vec::new()
            }
            Action::MarkAll => {
                self.queue.toggle_all();
                self.tell_marks();
                Vec::new()
            }
            Action::Undo => self.undo(),
            Action::Filter => {
                self.queue.editing = true;
                self.full = false;
                Vec::new()
            }
            Action::Sort => {
                self.queue.sort = self.queue.sort.next();
                let sort = self.queue.sort;
                let effects = self.load();
                self.say(Notice::Sorted(sort));
                effects
            }
            Action::Freeze => self.freeze(),
            Action::Period(step) => self.turn_period(step),
            Action::HandOver => self.begin_handover(),
            Action::TakeOver => self.take_over(),
            Action::Refresh => self.refresh(),
            Action::CopyNo => match self.queue.selected() {
                Some(row) => vec![Effect::CopyNo(row.no.clone())],
                None => self.say(Notice::NoTicket),
            },
            Action::CopyAll => match self.selected_detail() {
                Some(_) => vec![Effect::CopyCard],
                None => self.say(Notice::NoTicket),
            },
            Action::NewTicket => {
                if self.read_only {
                    self.say(Notice::ReadOnly)
                } else {
                    self.open_form(Purpose::Intake, Vec::new())
                }
            }
            Action::Act(kind) => self.start(kind),
            Action::Claim => self.start(self.claim_act()),
            Action::Decide => self.decide(),
            Action::MergeMarked => self.merge_marked(),
            Action::Acts => self.find(Kind::Acts),
            Action::Palette => self.find(Kind::Palette),
            Action::Help => self.help(),
            Action::Language => {
                self.language = self.language.other();
                vec![Effect::KeepLanguage(self.language), Effect::Title]
            }
            Action::Theme => {
                self.theme = self.theme.next();
                vec![Effect::KeepTheme(self.theme)]
            }
            Action::Privacy => {
                self.mask = !self.mask;
                self.revealed.clear();
                let mask = self.mask;
                self.say(Notice::Masked(mask))
            }
            Action::Repaint => vec![Effect::Repaint],
            Action::Suspend => {
                let mut effects = self.keep_drafts();
                effects.push(Effect::Suspend);
                effects
            }
            Action::Take(digit) => self.take_digit(digit),
            Action::Assist => {
                if let Some(Dialog::Picker(picker)) = self.dialogs.last_mut() {
                    picker.toggle_assisting();
                }
                Vec::new()
            }
            Action::Confirm => self.confirm(),
            Action::Submit => self.submit(),
            Action::Cite => self.cite(),
            Action::MarkSure => self.mark_sure(),
        }
    }

    fn motion(&mut self, motion: Motion) -> Vec<Effect> {
        let page = self.dialog_height();
        let screen = self.screen();
        match self.dialogs.last_mut() {
            Some(Dialog::Picker(picker)) => picker.moved(motion, page),
            Some(Dialog::Form(form)) => form.moved(motion),
            Some(Dialog::Summary(summary)) => summary.moved(motion, page),
            Some(Dialog::Finder(finder)) => finder.moved(motion, page),
            None if self.queue.editing && motion == Motion::Up => {
                if self.queue.line.is_empty() {
                    let cleared = self.queue.cleared.clone();
                    self.queue.line.set(&cleared);
                    return self.filter_typed();
                }
            }
            None if screen == Screen::Board => self.motion_on_board(motion),
            None if screen == Screen::Statistics => self.motion_in_statistics(motion),
            None if screen == Screen::Shift => self.motion_on_shift(motion),
            None if self.full || self.pane == Pane::Detail => {
                let (len, page) = (self.last_scroll() + 1, self.detail_height());
                self.scroll = motion.apply(self.scroll, len, page);
            }
            None => return self.motion_in_list(motion),
        }
        Vec::new()
    }

    fn last_scroll(&self) -> usize {
        self.detail_lines.saturating_sub(self.detail_height())
    }

    fn motion_in_list(&mut self, motion: Motion) -> Vec<Effect> {
        let before = self.queue.selected().map(|r| r.no.clone());
        let (height, now, token) = (self.list_height(), self.now, self.token());
        let mut effects: Vec<Effect> = self
            .queue
            .moved(motion, height, now, token)
            .into_iter()
            .collect();
        if before != self.queue.selected().map(|r| r.no.clone()) {
            effects.extend(self.look());
        }
        effects
    }

    /// To the next row, because the selected ticket is about to leave.
    pub(super) fn move_on(&mut self) -> Vec<Effect> {
        self.motion_in_list(Motion::Down)
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
            .filter(|r| !self.suggestions.contains_key(&r.no) && !self.asked.contains(&r.no))
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

    fn open(&mut self) -> Vec<Effect> {
        match self.dialogs.last() {
            Some(Dialog::Picker(picker)) => match picker.under_cursor().cloned() {
                Some(line) => self.take(&line),
                None => self.say(Notice::ChooseFirst),
            },
            Some(Dialog::Summary(summary)) => {
                if summary.confirm {
                    self.confirm()
                } else {
                    self.back()
                }
            }
            Some(Dialog::Finder(finder)) => {
                let commands = self.commands.clone();
                let Some(entry) = finder.chosen(&commands) else {
                    return self.say(Notice::ChooseFirst);
                };
                if let Err(blocked) = self.available(entry) {
                    return self.say(blocked.into());
                }
                self.dialogs.pop();
                // A command of another place, read in the help, cannot be run from here.
                if matches!(entry.scope, Scope::Everywhere) || entry.scope == self.scope() {
                    return self.run(entry.action);
                }
                Vec::new()
            }
            Some(Dialog::Form(_)) => self.form_key(Chord::plain(Code::Enter)),
            None if self.queue.editing => {
                self.queue.editing = false;
                if let Some(problem) = self.queue.problem.clone() {
                    return self.say(Notice::Filter(problem));
                }
                Vec::new()
            }
            None if self.is_board() => self.enter_board(),
            None if self.is_statistics() => self.enter_figure(),
            None if self.is_shift() => self.enter_shift(),
            None if self.queue.selected().is_some() && self.is_list() => {
                self.full = true;
                self.pane = Pane::Detail;
                self.scroll = 0;
                let no = self.queue.selected().map(|r| r.no.clone());
                no.map(|no| self.ask_like(&no)).unwrap_or_default()
            }
            None => self.say(Notice::NoTicket),
        }
    }

    /// One step back; typed text is kept.
    fn back(&mut self) -> Vec<Effect> {
        match self.dialogs.pop() {
            Some(Dialog::Form(form)) => {
                let mut effects = Vec::new();
                if form.has_words() {
                    let (key, text) = (form.draft_key(), form.to_draft());
                    self.drafts.insert(key.clone(), text.clone());
                    effects.push(Effect::SaveDraft { key, text });
                    self.say(Notice::DraftKept);
                }
                effects.extend(self.closed());
                return effects;
            }
            Some(Dialog::Summary(summary)) => {
                // Back to the form whose words would else be lost.
                self.dialogs.extend(summary.form.map(Dialog::Form));
                return self.closed();
            }
            Some(Dialog::Picker(_) | Dialog::Finder(_)) => return self.closed(),
            None => {}
        }
        if self.queue.editing {
            self.queue.editing = false;
            return self.clear_filter();
        }
        if let Some(origin) = self.queue.origin.as_ref().filter(|o| self.full && o.only) {
            return self.show(origin.view);
        }
        if self.full {
            self.full = false;
            self.pane = Pane::List;
            let height = self.list_height();
            self.queue.follow(height);
            return Vec::new();
        }
        if self.pane == Pane::Detail {
            self.pane = Pane::List;
            return Vec::new();
        }
        if self.leave_hunt() || self.queue.range.take().is_some() {
            return Vec::new();
        }
        if !self.queue.marks.is_empty() {
            self.queue.marks.clear();
            return Vec::new();
        }
        if !self.queue.line.is_empty() {
            return self.clear_filter();
        }
        match &self.queue.origin {
            Some(origin) => self.show(origin.view),
            None => Vec::new(),
        }
    }

    pub(super) fn clear_filter(&mut self) -> Vec<Effect> {
        if !self.queue.line.is_empty() {
            self.queue.cleared = self.queue.line.as_str().to_owned();
            self.queue.line.set("");
        }
        self.filter_typed()
    }

    /// After a dialog is gone the changes of other desks are shown.
    fn closed(&mut self) -> Vec<Effect> {
        if self.stale && self.dialogs.is_empty() {
            self.refresh()
        } else {
            Vec::new()
        }
    }

    fn quit(&mut self) -> Vec<Effect> {
        // A list that was entered from a figure is such a place too: it closes step by step, as by the key for back.
        let is_entered = self.queue.origin.is_some();
        if !self.dialogs.is_empty() || self.full || self.queue.editing || is_entered {
            return self.back();
        }
        let mut effects = self.keep_drafts();
        effects.push(Effect::Quit);
        effects
    }

    fn next_pane(&mut self, back: bool) -> Vec<Effect> {
        let screen = self.screen();
        let has_pane = self.detail_height() > 0 && !self.full;
        match self.dialogs.last_mut() {
            Some(Dialog::Form(form)) => form.next(back),
            Some(Dialog::Summary(summary)) => summary.confirm = !summary.confirm,
            None if screen == Screen::Board => self.next_part(),
            None if screen == Screen::Statistics => self.statistics.next_panel(back),
            None if screen == Screen::Shift => self.next_section(back),
            None if has_pane => {
                self.pane = match self.pane {
                    Pane::List => Pane::Detail,
                    Pane::Detail => Pane::List,
                };
            }
            Some(Dialog::Picker(_) | Dialog::Finder(_)) | None => {}
        }
        Vec::new()
    }

    pub(super) fn show(&mut self, view: View) -> Vec<Effect> {
        self.full = false;
        self.pane = Pane::List;
        let here = view == self.queue.view && self.queue.origin.is_none();
        if here && self.is_board() {
            // The same key again: the supervised tickets and the proposals themselves.
            return self.open_figure(view, Filter::default());
        }
        if here {
            return self.refresh();
        }
        let next = self
            .kept
            .remove(&view)
            .unwrap_or_else(|| Queue::new(view, self.rules.only_department()));
        self.leave_for(next);
        if !self.is_list() {
            return self.refresh();
        }
        let height = self.list_height();
        self.queue.follow(height);
        if self.queue.ready {
            self.refresh()
        } else {
            self.load()
        }
    }

    /// Puts another queue in the place of this one, which is kept as it was left; a figure's list is not.
    fn leave_for(&mut self, next: Queue) {
        self.leave_hunt();
        let left = std::mem::replace(&mut self.queue, next);
        if left.origin.is_none() {
            self.kept.insert(left.view, left);
        }
    }

    /// Lists exactly the tickets behind a figure of this screen.
    pub(super) fn open_figure(&mut self, view: View, filter: Filter) -> Vec<Effect> {
        let mut next = Queue::new(view, self.rules.only_department());
        next.origin = Some(Origin {
            view: self.shown_view(),
            filter,
            only: false,
        });
        self.leave_for(next);
        self.load()
    }

    /// Shows one ticket named on this screen in full.
    pub(super) fn open_ticket(&mut self, no: &str) -> Vec<Effect> {
        let filter = Filter::default().and(Clause::Number(no.to_owned()));
        let mut effects = self.open_figure(View::All, filter);
        if let Some(origin) = &mut self.queue.origin {
            origin.only = true;
        }
        self.full = true;
        self.pane = Pane::Detail;
        self.scroll = 0;
        effects.push(Effect::LoadSimilar(no.to_owned()));
        effects
    }

    fn load(&mut self) -> Vec<Effect> {
        self.leave_hunt();
        let (height, now, token) = (self.list_height(), self.now, self.token());
        vec![self.queue.load(height, now, token)]
    }

    /// Asks for everything on the screen again.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        self.stale = false;
        let (height, now, token) = (self.list_height(), self.now, self.token());
        let mut effects = Vec::new();
        if self.is_list() {
            effects.push(match self.select_next.take() {
                Some(no) => self.queue.reload_to(&no, height, now, token),
                None => self.queue.reload(height, now, token),
            });
        }
        effects.push(Effect::LoadCounts);
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

    fn tell_marks(&mut self) {
        self.notice = Some(Notice::Marked(self.queue.marks.len()));
    }

    fn find(&mut self, kind: Kind) -> Vec<Effect> {
        let finder = Finder::new(kind, &self.commands);
        self.dialogs.push(Dialog::Finder(Box::new(finder)));
        Vec::new()
    }

    /// The keys of this place; the same key closes them.
    fn help(&mut self) -> Vec<Effect> {
        if let Some(Dialog::Finder(finder)) = self.dialogs.last()
            && matches!(finder.kind, Kind::Help(_))
        {
            return self.back();
        }
        let scope = self.scope();
        self.find(Kind::Help(scope))
    }

    fn take_digit(&mut self, digit: u8) -> Vec<Effect> {
        let Some(Dialog::Picker(picker)) = self.dialogs.last() else {
            return Vec::new();
        };
        let line = picker
            .lines
            .get(usize::from(digit).saturating_sub(1))
            .filter(|l| match l {
                Line::OwnFirst { .. } => true,
                Line::Department { suggestion, .. } => suggestion.is_some(),
            })
            .cloned();
        match line {
            Some(line) => self.take(&line),
            None => self.say(Notice::NoSuggestion),
        }
    }

    fn type_key(&mut self, chord: Chord) -> Vec<Effect> {
        match self.dialogs.last_mut() {
            Some(Dialog::Picker(picker)) => {
                if picker.query.key(chord) {
                    picker.typed();
                }
            }
            Some(Dialog::Finder(finder)) => {
                if finder.query.key(chord) {
                    finder.typed();
                }
            }
            Some(Dialog::Form(_)) => return self.form_key(chord),
            Some(Dialog::Summary(_)) => {}
            None => {
                if self.queue.line.key(chord) {
                    return self.filter_typed();
                }
            }
        }
        Vec::new()
    }

    pub(super) fn filter_typed(&mut self) -> Vec<Effect> {
        let rules = self.rules.clone();
        let reading = Reading {
            directory: &rules.book.directory,
            zone: rules.zone(self.now),
            now: self.now,
        };
        if self.queue.read_filter(reading) {
            self.queue.total = None;
            self.load()
        } else {
            Vec::new()
        }
    }

    fn form_key(&mut self, chord: Chord) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last_mut() else {
            return Vec::new();
        };
        match form.key(chord) {
            Pressed::Submit => self.submit(),
            Pressed::Leave => self.back(),
            Pressed::Taken => {
                self.notice = None;
                self.follow_intake()
            }
            Pressed::Unknown => Vec::new(),
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        let taken = match self.dialogs.last_mut() {
            Some(Dialog::Form(form)) => form.paste(text),
            Some(Dialog::Picker(picker)) => {
                picker.query.insert(text);
                picker.typed();
                true
            }
            Some(Dialog::Finder(finder)) => {
                finder.query.insert(text);
                finder.typed();
                true
            }
            None if self.queue.editing => {
                self.queue.line.insert(text);
                return self.filter_typed();
            }
            Some(Dialog::Summary(_)) | None => false,
        };
        if taken {
            self.follow_intake()
        } else {
            self.say(Notice::PasteIgnored)
        }
    }

    /// Keeps what is being typed; called with every tick and before leaving.
    fn keep_drafts(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for dialog in &mut self.dialogs {
            if let Dialog::Form(form) = dialog
                && form.dirty
                && form.has_words()
            {
                form.dirty = false;
                let (key, text) = (form.draft_key(), form.to_draft());
                self.drafts.insert(key.clone(), text.clone());
                effects.push(Effect::SaveDraft { key, text });
            }
        }
        effects
    }
}
